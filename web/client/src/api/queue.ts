/** Own operations that wait for the server. */
import type { CoboardError } from "../errors.js";
import type { ItemId, OperationId, Readable } from "./basic.js";
import type { Submitted } from "./document.js";

/** An operation that the server has not acknowledged. @public */
export interface QueueEntry {
  id: OperationId;
  label: string;
  /** The first item it touches. */
  item: ItemId | null;
  /** Its age when this list was made. */
  ageMs: number;
  durability: "device" | "memory";
  /** Whether it can be given up; one that may be with the server already is taken back by undo. */
  discardable: boolean;
}

/** An operation that was taken back, because it was refused or given up. @public */
export interface RefusedEntry {
  id: OperationId;
  label: string;
  error: CoboardError;
  refusedAtMs: number;
}

/** The queue of one Document. @public */
export interface Queue {
  /** Oldest first. */
  readonly entries: Readable<readonly QueueEntry[]>;
  /** Refused operations of this device, oldest first, until they are dismissed. */
  readonly refused: Readable<readonly RefusedEntry[]>;
  /** What was given up on this device, oldest first, until it is dismissed. */
  readonly discarded: Readable<readonly RefusedEntry[]>;
  /** Gives up an entry of `entries` that is discardable: it is taken back, never sent, and listed in `discarded`. */
  discard(id: OperationId): void;
  /** Takes an entry of `refused` or `discarded` off the list, for good. */
  dismiss(id: OperationId): void;
  /** Makes an operation of `refused` or `discarded` again as a new one and takes it off the list; null where that cannot be done. */
  retry(id: OperationId): Submitted | null;
  /** What waits and what was refused, with all that is needed to make it again, as a JSON file. */
  exportJson(): Promise<Blob>;
}
