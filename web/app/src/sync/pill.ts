/** What the status pill says: one sentence out of the state of the connection and of the work. Pure. */
import type { ConnectionStatus, SyncStatus } from "@coboard/client";
import { clock } from "../ui/time";

export type PillState =
  | "saved"
  | "saving"
  | "syncing"
  | "offline"
  | "reconnecting"
  | "connecting"
  | "blocked";
export type Tone = "saved" | "pending" | "offline" | "problem";

export interface Pill {
  readonly state: PillState;
  readonly tone: Tone;
  /** Short, in the pill. */
  readonly text: string;
  /** A whole sentence, in the popover and for people who listen. */
  readonly sentence: string;
  /** Something the person can do about it. */
  readonly canRetry: boolean;
}

export function pillOf(connection: ConnectionStatus, sync: SyncStatus, nowMs: number): Pill {
  return (
    blocked(connection, sync) ??
    (connection.state === "connected" ? connected(sync) : apart(connection, sync, nowMs))
  );
}

function blocked(connection: ConnectionStatus, sync: SyncStatus): Pill | null {
  if (connection.state === "needs-auth")
    return problem("Sign in again", "The server asks you to sign in again. Nothing is lost.");
  if (connection.state === "error") return problem("Sync problem", connection.error.message);
  if (sync.state !== "blocked") return null;
  switch (sync.reason) {
    case "needs-auth":
      return problem("Sign in again", "The server asks you to sign in again. Nothing is lost.");
    case "read-only":
    case "forbidden":
      return {
        state: "blocked",
        tone: "offline",
        text: "Read-only",
        sentence:
          sync.error.code === "E_UNAVAILABLE"
            ? "There is no connection, and another tab works in this dashboard: change things there. Here you can look."
            : "You can look, but not change anything here.",
        canRetry: sync.error.code === "E_UNAVAILABLE",
      };
    case "limit":
    case "server-storage-full":
    case "device-storage-full":
    case "version":
      return problem("Sync problem", sync.error.message);
  }
}

function problem(text: string, sentence: string): Pill {
  return { state: "blocked", tone: "problem", text, sentence, canRetry: true };
}

function connected(sync: SyncStatus): Pill {
  if (sync.progress) {
    const { done, total } = sync.progress;
    const rest = isCatchingUp(sync.progress)
      ? "Taking in what others changed in the meantime; yours go out afterwards."
      : "What is not with the server yet is kept until it is.";
    return pending("syncing", `Syncing ${done} of ${total}`, rest);
  }
  if (sync.state === "syncing" && sync.reason === "submitting") {
    return pending("saving", "Saving…", `${changes(sync.pendingCount)} on the way to the server.`);
  }
  if (sync.state === "syncing") return pending("syncing", "Syncing…", "Taking in what others have changed.");
  if (sync.state === "conflict" && sync.reason === "rejected") {
    return {
      state: "blocked",
      tone: "problem",
      text: "Changes refused",
      sentence: "All else is saved, but some of your changes were refused and taken back:",
      canRetry: false,
    };
  }
  if (sync.state === "offline-pending")
    return pending("saving", "Saving…", `${changes(sync.pendingCount)} waiting to be sent.`);
  const review =
    sync.conflictCount === 0
      ? ""
      : ` ${sync.conflictCount === 1 ? "One needs" : `${sync.conflictCount} need`} review.`;
  const at = sync.lastSavedAtMs === null ? "" : ` Last saved ${clock(sync.lastSavedAtMs)}.`;
  return {
    state: "saved",
    tone: "saved",
    text: "Saved",
    sentence: `All changes are saved.${at}${review}`,
    canRetry: false,
  };
}

/** What the numbers count, in words. */
export function progressText(progress: NonNullable<SyncStatus["progress"]>): string {
  const { done, total } = progress;
  return isCatchingUp(progress)
    ? `${done} of ${total} changes of others taken in`
    : `${done} of ${total} changes are with the server`;
}

function isCatchingUp(progress: NonNullable<SyncStatus["progress"]>): boolean {
  return "kind" in progress && progress.kind === "catching-up";
}

function pending(state: PillState, text: string, sentence: string): Pill {
  return { state, tone: "pending", text, sentence, canRetry: false };
}

/** Not connected: what counts is whether work is waiting. */
function apart(connection: ConnectionStatus, sync: SyncStatus, nowMs: number): Pill {
  const waiting = sync.pendingCount;
  const when = retryIn(connection, nowMs);
  if (waiting > 0) {
    const they = waiting === 1 ? "It is" : "They are";
    const kept =
      sync.durability === "device"
        ? `${they} kept on this device and sent when the connection is back.`
        : `${they} in this tab alone until the connection is back: do not close it.`;
    return {
      state: "offline",
      tone: sync.durability === "device" ? "pending" : "problem",
      text: sync.durability === "device" ? `Offline, ${waiting} pending` : `${waiting} not saved`,
      sentence: `${changes(waiting)} not saved yet. ${kept}${when}`,
      canRetry: true,
    };
  }
  if (connection.state === "initial" || connection.state === "connecting") {
    return {
      state: "connecting",
      tone: "offline",
      text: "Connecting…",
      sentence: "Connecting to the server.",
      canRetry: false,
    };
  }
  if (connection.state === "disconnected") {
    const removed = connection.reason === "kicked";
    return {
      state: "offline",
      tone: "offline",
      text: removed ? "Removed" : "Paused",
      sentence: removed
        ? "You were removed from this dashboard."
        : "The connection is paused. Nothing of yours is waiting.",
      canRetry: !removed,
    };
  }
  return {
    state: "reconnecting",
    tone: "offline",
    text: "Reconnecting…",
    sentence: `The connection was lost. ${sync.state === "conflict" ? "Nothing of yours is waiting" : "Everything you did is saved"}.${when}`,
    canRetry: true,
  };
}

function retryIn(connection: ConnectionStatus, nowMs: number): string {
  if (connection.state !== "reconnecting") return "";
  const seconds = Math.max(0, Math.ceil((connection.retryAtMs - nowMs) / 1_000));
  return seconds > 0 ? ` Next try in ${seconds} s.` : " Trying now.";
}

function changes(count: number): string {
  return count === 1 ? "1 change is" : `${count} changes are`;
}
