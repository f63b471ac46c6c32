/** From the numbers of the core and the state of the connection to what a person is told. */

import type { ConnectionStatus } from "../api/client.js";
import type { OpenConflict } from "../api/conflicts.js";
import type { Durability } from "../api/document.js";
import type { SyncNumbers, SyncProgress, SyncStatus } from "../api/sync.js";
import type { StatusNote } from "../core/boundary.js";
import { CoboardError } from "../errors.js";

/** What a status is made of. @internal */
export interface SyncSources {
  note: StatusNote | null;
  /** Whether there is content. */
  loaded: boolean;
  pendingCount: number;
  durability: Durability;
  connection: ConnectionStatus;
  /** What nobody has decided. */
  conflicts: readonly OpenConflict[];
  lastSavedAtMs: number | null;
  /** Own operations that were refused and not dismissed. */
  refusedCount: number;
  /** Why the Document ended, if it did. */
  ended: CoboardError | null;
  /** Why nothing can be made before there is a connection, if so. */
  unnumbered: CoboardError | null;
  nowMs: number;
}

/** The sync status of one Document. @internal */
export function syncStatus(sources: SyncSources): SyncStatus {
  const numbers = syncNumbers(sources);
  const { note, loaded, connection, ended } = sources;
  if (ended) return { ...numbers, state: "blocked", reason: "forbidden", error: ended };
  if (note === null || !loaded) return { ...numbers, state: "syncing", reason: "loading" };
  if (numbers.pendingCount === 0) {
    if (sources.unnumbered) {
      // Read from the device, and the server has still to let us in.
      if (connection.state === "connected") return { ...numbers, state: "syncing", reason: "loading" };
      return { ...numbers, state: "blocked", reason: "read-only", error: sources.unnumbered };
    }
    const behind = connection.state === "connected" && note.joined && note.loading;
    if (behind) return { ...numbers, state: "syncing", reason: "catching-up" };
    // All is with the server but for what wants a decision: that is not "synced".
    const reason = undecided(sources);
    return reason ? { ...numbers, state: "conflict", reason } : { ...numbers, state: "synced" };
  }
  switch (connection.state) {
    case "connected":
      return { ...numbers, state: "syncing", reason: note.joined ? "submitting" : "catching-up" };
    case "needs-auth": {
      const error = new CoboardError("E_AUTH", "the server does not accept the token");
      return { ...numbers, state: "blocked", reason: "needs-auth", error };
    }
    case "error": {
      const { error } = connection;
      return {
        ...numbers,
        state: "blocked",
        reason: error.code === "E_VERSION" ? "version" : "forbidden",
        error,
      };
    }
    case "initial":
    case "connecting":
    case "reconnecting":
    case "disconnected":
      return {
        ...numbers,
        state: "offline-pending",
        reason: sources.durability === "device" ? "saved-on-device" : "memory-only",
      };
  }
}

/** What a person has to look at. What was lost in passing is on the list, and no state. */
function undecided({ conflicts, refusedCount }: SyncSources) {
  if (refusedCount > 0) return "rejected";
  if (conflicts.some(({ reason }) => reason === "review")) return "review-after-offline";
  return conflicts.some(({ reason }) => reason === "manual") ? "manual-policy" : null;
}

function syncNumbers({
  note,
  conflicts,
  refusedCount,
  pendingCount,
  durability,
  lastSavedAtMs,
  ended,
  nowMs,
}: SyncSources): SyncNumbers {
  const oldest = pendingCount === 0 ? null : (note?.oldest_unacked_at_ms ?? null);
  // What the core was at when it ended goes on no more.
  const live = ended ? null : note;
  return {
    revision: note?.revision ?? 0,
    pendingCount,
    inflight: live?.inflight ?? false,
    oldestUnackedMs: oldest === null ? null : Math.max(0, nowMs - oldest),
    lastSavedAtMs,
    durability,
    progress: live?.progress ? progressOf(live.progress) : null,
    conflictCount: conflicts.length + refusedCount,
  };
}

function progressOf({ kind, done, total }: NonNullable<StatusNote["progress"]>): SyncProgress {
  return { kind: kind === "catching_up" ? "catching-up" : "sending", done, total };
}
