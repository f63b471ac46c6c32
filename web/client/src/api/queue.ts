/** Own operations that wait for the server. */
import type { ItemId, OperationId, Readable } from "./basic.js";

/** An operation that the server has not acknowledged. @public */
export interface QueueEntry {
  id: OperationId;
  label: string;
  /** The first item it touches. */
  item: ItemId | null;
  /** Its age when this list was made. */
  ageMs: number;
  durability: "device" | "memory";
}

/** The queue of one Document. @public */
export interface Queue {
  /** Oldest first. */
  readonly entries: Readable<readonly QueueEntry[]>;
}
