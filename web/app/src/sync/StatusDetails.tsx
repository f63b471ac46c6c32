/** The details behind the status pill: transport, latency, what waits, what went wrong last. */
import type { ConnectionStatus, DeviceStatus, SyncStatus } from "@coboard/client";
import { useDevice, useDocumentHandle, useOfflineQueue, useSyncStatus } from "@coboard/react";
import { X } from "lucide-react";
import { useMemo } from "react";
import { testIds } from "../testIds";
import { Button } from "../ui/Button";
import { downloadBlob } from "../ui/download";
import { IconButton } from "../ui/IconButton";
import { clock, span } from "../ui/time";
import { useNow } from "../ui/useNow";
import type { Pill } from "./pill";
import styles from "./sync.module.css";

/** A longer list tells nobody more. */
const WAITING_SHOWN_MAX = 50;

export interface StatusDetailsProps {
  readonly pill: Pill;
  readonly connection: ConnectionStatus;
  readonly sync: SyncStatus;
}

export function StatusDetails({ pill, connection, sync }: StatusDetailsProps) {
  const { id } = useDocumentHandle();
  const { retry } = useSyncStatus();
  const { entries, refused, exportJson } = useOfflineQueue();
  const { status } = useDevice();
  const save = async () => downloadBlob("unsaved-changes", await exportJson());
  const copy = () => {
    const { state } = connection;
    const facts = {
      document: id,
      page: location.href,
      at: new Date().toISOString(),
      browser: navigator.userAgent,
    };
    void navigator.clipboard
      .writeText(JSON.stringify({ ...facts, connection, sync, state }, null, 2))
      .catch(() => undefined);
  };
  return (
    <div className={styles.popover} data-testid={testIds.statusPopover}>
      <p className={styles.sentence}>{pill.sentence}</p>
      <dl className={`${styles.facts} num`}>
        <dt>Connection</dt>
        <dd>{transportText(connection)}</dd>
        {connection.state === "connected" && connection.latencyMs !== null && (
          <>
            <dt>Latency</dt>
            <dd>{Math.round(connection.latencyMs)} ms</dd>
          </>
        )}
        <dt>Revision</dt>
        <dd>{sync.revision}</dd>
        <dt>Waiting to be saved</dt>
        <dd>{sync.pendingCount === 0 ? "nothing" : sync.pendingCount}</dd>
        {sync.lastSavedAtMs !== null && (
          <>
            <dt>Last saved</dt>
            <dd>{clock(sync.lastSavedAtMs)}</dd>
          </>
        )}
        <dt>This device</dt>
        <dd>{deviceText(status)}</dd>
      </dl>
      <Waiting />
      <Refused />
      <div className={styles.actions}>
        {pill.canRetry && (
          <Button look="primary" onClick={retry}>
            Retry now
          </Button>
        )}
        <Button onClick={copy}>Copy diagnostics</Button>
        {entries.length + refused.length > 0 && <Button onClick={() => void save()}>Export unsaved</Button>}
      </div>
    </div>
  );
}

/** What waits, in the words that undo uses. */
function Waiting() {
  const { entries } = useOfflineQueue();
  const now = useNow(1_000);
  // Ages are as of the moment at which the list was made.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list, another moment
  const madeAt = useMemo(() => Date.now(), [entries]);
  if (entries.length === 0) return null;
  return (
    <ul className={styles.waiting} aria-label="Waiting to be saved">
      {entries.slice(0, WAITING_SHOWN_MAX).map((entry) => (
        <li key={`${entry.id.client} ${entry.id.sequence}`}>
          <span>{entry.label || "edit"}</span>
          <span className={`${styles.age} num`}>
            {entry.durability === "device" ? "on this device" : "in this tab only"},{" "}
            {span(entry.ageMs + Math.max(0, now - madeAt))}
          </span>
        </li>
      ))}
      {entries.length > WAITING_SHOWN_MAX && <li>and {entries.length - WAITING_SHOWN_MAX} more</li>}
    </ul>
  );
}

/** What was taken back, with the reason, until the person has seen it. */
function Refused() {
  const { refused, dismiss } = useOfflineQueue();
  if (refused.length === 0) return null;
  return (
    <ul className={styles.refused} aria-label="Refused">
      {refused.slice(-WAITING_SHOWN_MAX).map((entry) => (
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
    case "connected":
      return connection.transport === "websocket" ? "WebSocket" : "HTTP polling";
    case "connecting":
    case "initial":
      return "connecting";
    case "reconnecting":
      return `lost (${connection.reason.replaceAll("-", " ")}), try ${connection.attempt}`;
    case "disconnected":
      return connection.reason.replaceAll("-", " ");
    case "needs-auth":
      return "refused";
    case "error":
      return connection.error.code;
  }
}
