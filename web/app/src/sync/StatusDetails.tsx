/** The details behind the status pill: transport, latency, what waits, what went wrong last, what can be done. */
import type { ConnectionStatus, DeviceStatus, SyncStatus } from "@coboard/client";
import { useClient, useDevice, useDocumentHandle, useOfflineQueue, useSyncStatus } from "@coboard/react";
import { X } from "lucide-react";
import { useEffect, useState } from "react";
import { testIds } from "../testIds";
import { Button } from "../ui/Button";
import { downloadBlob } from "../ui/download";
import { IconButton } from "../ui/IconButton";
import { clock } from "../ui/time";
import { diagnosticsOf, takeDiagnostics } from "./diagnostics";
import type { Pill } from "./pill";
import { SyncProgress } from "./SyncProgress";
import styles from "./sync.module.css";
import { lostText, type Problem } from "./useLastProblem";
import { DiscardedList, WaitingList } from "./WaitingList";

/** A longer list tells nobody more. */
const REFUSED_SHOWN_MAX = 50;
/** How long the button says that it was done. */
const DONE_MS = 2_000;

export interface StatusDetailsProps {
  readonly pill: Pill;
  readonly connection: ConnectionStatus;
  readonly sync: SyncStatus;
  readonly lastProblem: Problem | null;
}

export function StatusDetails(props: StatusDetailsProps) {
  const { pill, sync } = props;
  return (
    // Takes the focus when it opens: the sentence is what is read first.
    <div className={styles.popover} data-testid={testIds.statusPopover} tabIndex={-1} data-autofocus>
      <p className={styles.sentence}>{pill.sentence}</p>
      <SyncProgress progress={sync.progress} />
      <Facts {...props} />
      <WaitingList />
      <DiscardedList />
      <Refused />
      <Actions {...props} />
    </div>
  );
}

function Facts({ connection, sync, lastProblem }: StatusDetailsProps) {
  const { status } = useDevice();
  return (
    <dl className={`${styles.facts} num`}>
      <dt>Connection</dt>
      <dd>{transportText(connection)}</dd>
      {connection.state === "connected" && (
        <>
          <dt>Latency</dt>
          <dd>
            {connection.latencyMs === null ? "not measured yet" : `${Math.round(connection.latencyMs)} ms`}
          </dd>
        </>
      )}
      <dt>Revision</dt>
      <dd>{sync.revision}</dd>
      {sync.lastSavedAtMs !== null && (
        <>
          <dt>Last saved</dt>
          <dd>{clock(sync.lastSavedAtMs)}</dd>
        </>
      )}
      <dt>This device</dt>
      <dd>{deviceText(status)}</dd>
      {lastProblem && (
        <>
          <dt>Last error</dt>
          <dd>
            {lastProblem.text}, {clock(lastProblem.atMs)}
          </dd>
        </>
      )}
    </dl>
  );
}

function Actions({ pill, connection, sync, lastProblem }: StatusDetailsProps) {
  const handle = useDocumentHandle();
  const client = useClient();
  const { retry } = useSyncStatus();
  const { entries, refused, discarded, exportJson } = useOfflineQueue();
  const device = useDevice().status;
  const [taken, setTaken] = useState<"copied" | "saved" | null>(null);
  useEffect(() => {
    if (taken === null) return;
    const timer = setTimeout(() => setTaken(null), DONE_MS);
    return () => clearTimeout(timer);
  }, [taken]);
  const take = async () => {
    const facts = { document: handle.id, client: client.clientId, limits: client.limits.current };
    const lists = { waiting: entries, refused, discarded };
    const states = { connection, sync, device, lastProblem };
    setTaken(await takeDiagnostics(diagnosticsOf({ ...facts, ...states, ...lists })));
  };
  const save = async () => downloadBlob("unsaved-changes", await exportJson());
  const unsaved = entries.length + refused.length + discarded.length;
  return (
    <div className={styles.actions}>
      {pill.canRetry && (
        <Button look="primary" onClick={retry}>
          Retry now
        </Button>
      )}
      <Button onClick={() => void take()}>{TAKEN[taken ?? "no"]}</Button>
      {unsaved > 0 && <Button onClick={() => void save()}>Export unsaved</Button>}
    </div>
  );
}

const TAKEN = { no: "Copy diagnostics", copied: "Copied", saved: "Saved as a file" } as const;

/** What was taken back, with the reason, until the person has seen it. */
function Refused() {
  const { refused, dismiss } = useOfflineQueue();
  if (refused.length === 0) return null;
  return (
    <ul className={styles.refused} aria-label="Refused">
      {refused.slice(-REFUSED_SHOWN_MAX).map((entry) => (
        <li key={`${entry.id.client} ${entry.id.sequence}`}>
          <span>
            <strong>{entry.label || "edit"}</strong> was refused at {clock(entry.refusedAtMs)}:{" "}
            {entry.error.message}
          </span>
          <IconButton
            small
            label={`Dismiss ${entry.label || "edit"}`}
            icon={<X size={14} />}
            onClick={() => dismiss(entry.id)}
          />
        </li>
      ))}
    </ul>
  );
}

function deviceText(status: DeviceStatus): string {
  switch (status.state) {
    case "opening":
    case "waiting":
      return "not ready yet";
    case "ready":
      return "keeps your changes";
    case "unavailable":
      return "keeps nothing";
  }
}

function transportText(connection: ConnectionStatus): string {
  switch (connection.state) {
    case "connected": {
      const name = connection.transport === "websocket" ? "WebSocket" : "HTTP polling";
      return connection.via === "other-tab" ? `${name}, through another tab` : name;
    }
    case "connecting":
    case "initial":
      return "connecting";
    case "reconnecting":
      return `lost: ${lostText(connection)}, try ${connection.attempt}`;
    case "disconnected":
      return connection.reason.replaceAll("-", " ");
    case "needs-auth":
      return "refused";
    case "error":
      return connection.error.code;
  }
}
