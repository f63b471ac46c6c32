/** The queue as a list for people, made only when somebody looks: while offline it may be long. */
import type { Readable, Unsubscribe } from "../api/basic.js";
import type { QueueEntry } from "../api/queue.js";
import type { QueuedNote } from "../core/boundary.js";
import { Cell } from "../support/cell.js";
import { jsonEqual } from "../support/json.js";

/** Own operations that are not acknowledged. @internal */
export class QueueList implements Readable<readonly QueueEntry[]> {
  readonly #cell = new Cell<readonly QueueEntry[]>([], jsonEqual);
  readonly #read: () => readonly QueuedNote[];
  #stale = true;

  constructor(read: () => readonly QueuedNote[]) {
    this.#read = read;
  }

  get current(): readonly QueueEntry[] {
    this.#refresh();
    return this.#cell.current;
  }

  subscribe(listener: (value: readonly QueueEntry[]) => void): Unsubscribe {
    return this.#cell.subscribe(listener);
  }

  /** It may have changed. */
  changed(): void {
    this.#stale = true;
  }

  /** Tells the listeners, if there are any. */
  announce(): void {
    if (!this.#cell.observed) return;
    this.#refresh();
    this.#cell.announce();
  }

  #refresh(): void {
    if (!this.#stale) return;
    this.#stale = false;
    this.#cell.assign(this.#read().map(entryOf));
  }
}

function entryOf({ id, label, item, at_ms }: QueuedNote): QueueEntry {
  return { id, label, item, ageMs: Math.max(0, Date.now() - at_ms), durability: "memory" };
}
