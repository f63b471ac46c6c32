/** Joins a dashboard and shows it, or says why it cannot be shown. */
import type { CoboardError, LoadState, RefusedEntry } from "@coboard/client";
import {
  DocumentProvider,
  useClient,
  useConnectionStatus,
  useDevice,
  useDocumentHandle,
  useDocumentListener,
  useOfflineQueue,
  useReadable,
} from "@coboard/react";
import { useState } from "react";
import { useLocation } from "wouter";
import { testIds } from "../testIds";
import { Button } from "../ui/Button";
import { downloadBlob } from "../ui/download";
import { State } from "../ui/State";
import { DashboardPage } from "./DashboardPage";
import { LoadingPage } from "./LoadingPage";
import { BoardContext, useLoadedBoard } from "./useBoard";

const LABELS_MAX = 5;

export default function DashboardRoute({ id }: { readonly id: string }) {
  return (
    <DocumentProvider id={id} away="manual">
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
  return <Waiting load={load} />;
}

/** Not there yet; or not on this device, and there is no server to ask. */
function Waiting({ load }: { readonly load: LoadState }) {
  const client = useClient();
  const connection = useConnectionStatus();
  const { status } = useDevice();
  const away = connection.state === "reconnecting" || connection.state === "disconnected";
  if (!away || status.state === "opening") return <LoadingPage load={load} />;
  return (
    <main id="main" tabIndex={-1} data-testid={testIds.notHere}>
      <State
        title="This dashboard is not on this device"
        actions={
          <>
            <Button look="primary" onClick={() => client.reconnect()}>
              Try again
            </Button>
            <ToList />
          </>
        }
      >
        The server does not answer. A dashboard can be opened without it once it was opened here; this one
        comes as soon as the connection is back.
      </State>
    </main>
  );
}

/** What they were, as far as there is room for it. */
function labels(refused: readonly RefusedEntry[]): string {
  const names = refused.slice(0, LABELS_MAX).map(({ label }) => `"${label || "edit"}"`);
  return refused.length > LABELS_MAX ? `${names.join(", ")} and more` : names.join(", ");
}

function ToList() {
  const [, navigate] = useLocation();
  return <Button onClick={() => navigate("/")}>All dashboards</Button>;
}

function Failed({ error }: { readonly error: CoboardError | null }) {
  const client = useClient();
  if (error?.code === "E_NOT_FOUND") return <Gone title="There is no such dashboard" />;
  return (
    <main id="main" tabIndex={-1}>
      <State
        title="The dashboard could not be loaded"
        actions={<Button onClick={() => client.reconnect()}>Try again</Button>}
      >
        {error?.message ?? "The server did not say why."}
      </State>
    </main>
  );
}

/** What could not be sent any more is not lost with the dashboard. */
function Gone({ title }: { readonly title: string }) {
  const { refused, dismiss, exportJson } = useOfflineQueue();
  if (refused.length > 0) {
    const changes = refused.length === 1 ? "One change of yours" : `${refused.length} changes of yours`;
    return (
      <main id="main" tabIndex={-1}>
        <State
          title={title}
          actions={
            <>
              <Button
                look="primary"
                onClick={async () => downloadBlob("unsaved-changes", await exportJson())}
              >
                Export
              </Button>
              <Button onClick={() => refused.map(({ id }) => dismiss(id))}>Discard</Button>
              <ToList />
            </>
          }
        >
          {changes} could not be saved any more: {labels(refused)}. A file keeps them.
        </State>
      </main>
    );
  }
  return (
    <main id="main" tabIndex={-1}>
      <State title={title} actions={<ToList />} />
    </main>
  );
}
