/** Whether work is safe, and why not yet. */
import type { CoboardError } from "../errors.js";
import type { Revision } from "./basic.js";
import type { Durability } from "./document.js";

/** "Synced" means acknowledged: the server has committed every local Operation. @public */
export type SyncStatus = SyncNumbers &
  (
    | { state: "synced" }
    | { state: "syncing"; reason: "loading" | "submitting" | "catching-up" | "resetting" }
    | { state: "offline-pending"; reason: "saved-on-device" | "memory-only" }
    /** Everything is committed, and something wants a decision. */
    | { state: "conflict"; reason: "review-after-offline" | "manual-policy" | "rejected" }
    | {
        state: "blocked";
        reason:
          | "needs-auth"
          | "read-only"
          | "forbidden"
          | "limit"
          | "server-storage-full"
          | "device-storage-full"
          | "version";
        error: CoboardError;
      }
  );

/** The numbers that come with every sync state. @public */
export interface SyncNumbers {
  revision: Revision;
  pendingCount: number;
  inflight: boolean;
  /** Age of the oldest unacknowledged operation when this status was made. */
  oldestUnackedMs: number | null;
  /** Time of the last acknowledgement, by this device's clock. */
  lastSavedAtMs: number | null;
  /** Where the newest local operation is safe by now. */
  durability: Durability;
  /** While something long is going on that a person waits for; not without a connection. */
  progress: SyncProgress | null;
  /** Conflicts and refused operations that nobody has decided. */
  conflictCount: number;
}

/** How far something long is, in operations. @public */
export interface SyncProgress {
  /** What others did meanwhile comes first, then what was queued here is sent. */
  kind: "catching-up" | "sending";
  /** Never goes back while the kind stays. */
  done: number;
  /** Grows while others commit or the person goes on. */
  total: number;
}
