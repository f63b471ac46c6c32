/** The queue of one client in one Document as the device is to have it, and how much of that it really has. */
import type { KeptOperation } from "../core/boundary.js";
import type { CoboardError } from "../errors.js";
import { fromJsonText, toJsonText } from "../support/json.js";
import { storageError } from "./database.js";
import { QUEUE_BYTES_MAX, QUEUE_OPERATIONS_MAX } from "./limits.js";

/** Where an operation is safe. @internal */
export type Safety = "device" | "memory";

interface Kept {
  operation: KeptOperation;
  text: string;
  /** Counts its versions, so that the end of an old write says nothing of a newer one. */
  version: number;
  /** Too much for the device: in memory alone until there is room. */
  over: boolean;
  /** What it met was told: it may be in the log while the device has not yet what led there. */
  told: boolean;
  settle: ((safety: Safety | "server") => void)[];
}

/** An operation as it is written. @internal */
export interface KeptWrite {
  operation: KeptOperation;
  text: string;
  told: boolean;
}

/** What a queue does with the device; null where there is none. @internal */
export interface QueueStorage {
  write(kept: KeptWrite, done: (error: CoboardError | null) => void): void;
  remove(sequence: number): void;
}

/** What a queue tells. @internal */
export interface QueueEvents {
  /** What is safe has changed. */
  changed: () => void;
  /** It has grown beyond what the device takes; told once. */
  full: (error: CoboardError) => void;
}

/** Own operations, oldest first; some may be with the server already. @internal */
export class KeptQueue {
  #storage: QueueStorage | null;
  readonly #events: QueueEvents;
  readonly #kept = new Map<number, Kept>();
  /** Those that the device does not have as they are now. */
  readonly #unsafe = new Set<number>();
  #bytes = 0;
  /** Something is beyond the limits of the device, and it was said. */
  #full = false;

  constructor(storage: QueueStorage | null, events: QueueEvents) {
    this.#storage = storage;
    this.#events = events;
  }

  get operations(): readonly KeptOperation[] {
    return [...this.#kept.values()].map(({ operation }) => operation);
  }

  /** Where all that waits is safe, if it is so many; what the core has not told is in memory alone. */
  safety(pendingCount: number): Safety {
    return this.#kept.size >= pendingCount && this.#unsafe.size === 0 ? "device" : "memory";
  }

  safetyOf(sequence: number): Safety {
    return this.#kept.has(sequence) && !this.#unsafe.has(sequence) ? "device" : "memory";
  }

  /** Resolves when an operation is on the device, or it is clear that it will not be, or the server has it. */
  settled(sequence: number): Promise<Safety | "server"> {
    const kept = this.#kept.get(sequence);
    if (!kept || kept.over || !this.#storage) return Promise.resolve("memory");
    if (!this.#unsafe.has(sequence)) return Promise.resolve("device");
    return new Promise((resolve) => kept.settle.push(resolve));
  }

  /** What the device has from before. */
  restored(records: readonly { text: string; told?: boolean }[]): void {
    for (const { text, told = false } of records) {
      const operation = fromJsonText(text) as KeptOperation;
      const { sequence } = operation.id;
      this.#kept.set(sequence, { operation, text, version: 0, over: false, told, settle: [] });
      this.#bytes += text.length;
    }
  }

  put(operation: KeptOperation): void {
    const { sequence } = operation.id;
    const text = toJsonText(operation);
    const before = this.#kept.get(sequence);
    this.#bytes += text.length - (before?.text.length ?? 0);
    const count = this.#kept.size + (before ? 0 : 1);
    // Those after one that the device did not take are not taken either: a queue has no holes.
    const over =
      before?.over ?? (this.#full || count > QUEUE_OPERATIONS_MAX || this.#bytes > QUEUE_BYTES_MAX);
    const version = (before?.version ?? 0) + 1;
    const told = before?.told ?? false;
    const kept: Kept = { operation, text, version, over, told, settle: before?.settle ?? [] };
    this.#kept.set(sequence, kept);
    this.#unsafe.add(sequence);
    if (over) this.#beyond(kept);
    else this.#write(kept);
  }

  /**
   * What an operation met is told now: true where it was not told before, in this life of its client or a former one.
   * A machine that goes on from the device hears of it again, if the device had not heard that it is in the log.
   */
  tell(sequence: number): boolean {
    const kept = this.#kept.get(sequence);
    if (!kept) return true;
    if (kept.told) return false;
    kept.told = true;
    if (!kept.over) this.#write(kept);
    return true;
  }

  /** Operations that nobody needs any more. */
  drop(sequences: readonly number[]): void {
    for (const sequence of sequences) this.#drop(sequence);
    if (sequences.length > 0) this.#makeUp();
  }

  dropAll(): void {
    this.drop([...this.#kept.keys()]);
  }

  /** One was taken back: nobody need wait for it any more. */
  lost(sequence: number): void {
    settle(this.#kept.get(sequence), "memory");
  }

  /** The device was taken away, with all that it had: what waits is in memory alone. */
  gone(): void {
    this.#storage = null;
    for (const [sequence, kept] of this.#kept) {
      this.#unsafe.add(sequence);
      settle(kept, "memory");
    }
    this.#events.changed();
  }

  #beyond(kept: Kept): void {
    settle(kept, "memory");
    if (this.#full) return;
    this.#full = true;
    this.#events.full(storageError("full"));
  }

  #write(kept: Kept): void {
    const { operation, text, told, version } = kept;
    if (!this.#storage) settle(kept, "memory");
    else
      this.#storage.write({ operation, text, told }, (error) =>
        this.#written(operation.id.sequence, version, error),
      );
  }

  #written(sequence: number, version: number, error: CoboardError | null): void {
    const kept = this.#kept.get(sequence);
    if (!kept || kept.version !== version) return;
    if (error === null) this.#unsafe.delete(sequence);
    settle(kept, error === null ? "device" : "memory");
    this.#events.changed();
  }

  #drop(sequence: number): void {
    const kept = this.#kept.get(sequence);
    if (!kept) return;
    this.#kept.delete(sequence);
    this.#unsafe.delete(sequence);
    this.#bytes -= kept.text.length;
    settle(kept, "server");
    if (!kept.over) this.#storage?.remove(sequence);
  }

  /** There is room again for what was beyond the limits. */
  #makeUp(): void {
    if (!this.#full) return;
    let count = 0;
    let bytes = 0;
    for (const kept of this.#kept.values()) {
      count += 1;
      bytes += kept.text.length;
      if (count > QUEUE_OPERATIONS_MAX || bytes > QUEUE_BYTES_MAX) return;
      if (!kept.over) continue;
      kept.over = false;
      this.#write(kept);
    }
    this.#full = false;
  }
}

function settle(kept: Kept | undefined, safety: Safety | "server"): void {
  for (const tell of kept?.settle.splice(0) ?? []) tell(safety);
}
