/** Joins a dashboard and shows it, or says why it cannot be shown. */
import type { CoboardError } from "@coboard/client";
import {
  DocumentProvider,
  useClient,
  useDocumentHandle,
  useDocumentListener,
  useReadable,
} from "@coboard/react";
import { useState } from "react";
import { useLocation } from "wouter";
import { Button } from "../ui/Button";
import { State } from "../ui/State";
import { DashboardPage } from "./DashboardPage";
import { LoadingPage } from "./LoadingPage";
import { BoardContext, useLoadedBoard } from "./useBoard";

export default function DashboardRoute({ id }: { readonly id: string }) {
  return (
    <DocumentProvider id={id}>
      <Joined />
    </DocumentProvider>
  );
}

function Joined() {
  const handle = useDocumentHandle();
  const load = useReadable(handle.load);
  const board = useLoadedBoard();
  const [deleted, setDeleted] = useState(false);
  useDocumentListener("deleted", () => setDeleted(true));
  if (deleted) return <Gone title={board ? "This dashboard was deleted" : "There is no such dashboard"} />;
  if (board) {
    return (
      <BoardContext value={board}>
        <DashboardPage />
      </BoardContext>
    );
  }
  if (load.state === "failed") return <Failed error={load.error ?? null} />;
  return <LoadingPage load={load} />;
}

function Failed({ error }: { readonly error: CoboardError | null }) {
  const client = useClient();
  if (error?.code === "E_NOT_FOUND") return <Gone title="There is no such dashboard" />;
  return (
    <main id="main">
      <State
        title="The dashboard could not be loaded"
        actions={<Button onClick={() => client.reconnect()}>Try again</Button>}
      >
        {error?.message ?? "The server did not say why."}
      </State>
    </main>
  );
}

function Gone({ title }: { readonly title: string }) {
  const [, navigate] = useLocation();
  return (
    <main id="main">
      <State title={title} actions={<Button onClick={() => navigate("/")}>All dashboards</Button>} />
    </main>
  );
}
