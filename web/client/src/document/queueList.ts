/** The queue as lists for people, made only when somebody looks: while offline they may be long. */
import type { OperationId, Readable, Unsubscribe } from "../api/basic.js";
import type { QueueEntry, RefusedEntry } from "../api/queue.js";
import type { KeptOperation, QueuedNote } from "../core/boundary.js";
import type { Safety } from "../device/keptQueue.js";
import type { RefusedRecord } from "../device/schema.js";
import { errorFromBody } from "../errors.js";
import { Cell } from "../support/cell.js";
import { fromJsonText, jsonEqual } from "../support/json.js";

/** A list that is made anew when it may have changed and somebody looks. @internal */
export class LazyList<T> implements Readable<readonly T[]> {
  readonly #cell = new Cell<readonly T[]>([], jsonEqual);
  readonly #read: () => readonly T[];
  #stale = true;

  constructor(read: () => readonly T[]) {
    this.#read = read;
  }

  get current(): readonly T[] {
    this.#refresh();
    return this.#cell.current;
  }

  subscribe(listener: (value: readonly T[]) => void): Unsubscribe {
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
    this.#cell.assign(this.#read());
  }
}

/** Own operations that are not acknowledged. @internal */
export class QueueList extends LazyList<QueueEntry> {
  constructor(read: () => readonly QueuedNote[], safetyOf: (id: OperationId) => Safety) {
    super(() => read().map((note) => entryOf(note, safetyOf(note.id))));
  }
}

/** Own operations that were refused. @internal */
export class RefusedList extends LazyList<RefusedEntry> {
  constructor(read: () => readonly RefusedRecord[]) {
    super(() => read().map(refusedOf));
  }
}

/** Whether an operation was not refused but given up. @internal */
export function isDiscarded({ code }: { readonly code: string }): boolean {
  return code === "E_DISCARDED";
}

function entryOf({ id, label, item, at_ms, sent }: QueuedNote, durability: Safety): QueueEntry {
  return { id, label, item, ageMs: Math.max(0, Date.now() - at_ms), durability, discardable: !sent };
}

function refusedOf({ client, sequence, text, error, refusedAtMs }: RefusedRecord): RefusedEntry {
  const operation = fromJsonText(text) as KeptOperation | undefined;
  const label = typeof operation?.meta.label === "string" ? operation.meta.label : "";
  return { id: { client, sequence }, label, error: errorFromBody(error), refusedAtMs };
}
