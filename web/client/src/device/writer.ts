/**
 * Writes to the device: what was changed meanwhile goes in one transaction, so that what stands there is always what
 * was there at one moment. What a person did is written soon, what the server has anyway when there is time.
 */
import { unwrap } from "idb";
import type { CoboardError } from "../errors.js";
import { type Database, failureOf } from "./database.js";
import { WRITE_AFTER_MS, WRITE_LAZILY_AFTER_MS } from "./limits.js";
import { KEY_PATHS, type RecordOf, type StoreName } from "./schema.js";

/** Told when it is on the device, or will not be. */
type Done = (error: CoboardError | null) => void;

interface Write {
  store: StoreName;
  key: IDBValidKey;
  /** Undefined: it goes. */
  value: RecordOf<StoreName> | undefined;
  urgent: boolean;
  done: readonly Done[];
}

const STORES = Object.keys(KEY_PATHS) as StoreName[];

/** What a writer needs beside the database. @internal */
export interface WriterParts {
  database: Database;
  /** Makes room after the device said that it is full; true where that helped. */
  makeRoom: () => Promise<boolean>;
  /** Nothing more is written: it is said once. */
  broken: (error: CoboardError) => void;
}

/** The one writer of a page. @internal */
export class Writer {
  readonly #parts: WriterParts;
  /** By store and key, in the order in which they were first changed. */
  #dirty = new Map<string, Write>();
  /** Being written; a page that closes writes them once more, with what came after them. */
  #running: Map<string, Write> | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #timerUrgent = false;
  #broken: CoboardError | null = null;
  #idle: (() => void)[] = [];

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /** Why nothing is written any more, if so. */
  get error(): CoboardError | null {
    return this.#broken;
  }

  put<S extends StoreName>(store: S, value: RecordOf<S>, urgent: boolean, done?: Done): void {
    this.#change(store, keyOf(store, value), value, urgent, done);
  }

  delete(store: StoreName, key: IDBValidKey, urgent = false, done?: Done): void {
    this.#change(store, key, undefined, urgent, done);
  }

  /** Writes now; resolves when all that was changed before is on the device, or failed. */
  flush(): Promise<void> {
    this.#start();
    return new Promise((resolve) => {
      this.#idle.push(resolve);
      this.#settleIdle();
    });
  }

  /** Writes what is left and takes nothing more. */
  async close(error: CoboardError): Promise<void> {
    await this.flush();
    this.#break(error);
  }

  /** The storage is gone. */
  fail(error: CoboardError): void {
    this.#break(error);
  }

  #change(
    store: StoreName,
    key: IDBValidKey,
    value: RecordOf<StoreName> | undefined,
    urgent: boolean,
    done?: Done,
  ): void {
    if (this.#broken) {
      done?.(this.#broken);
      return;
    }
    const name = nameOf(store, key);
    const before = this.#dirty.get(name);
    const waiting = [...(before?.done ?? []), ...(done ? [done] : [])];
    this.#dirty.set(name, { store, key, value, urgent, done: waiting });
    this.#schedule(urgent);
  }

  #schedule(urgent: boolean): void {
    if (this.#timer !== undefined && (this.#timerUrgent || !urgent)) return;
    clearTimeout(this.#timer);
    this.#timerUrgent = urgent;
    this.#timer = setTimeout(() => this.#due(), urgent ? WRITE_AFTER_MS : WRITE_LAZILY_AFTER_MS);
  }

  /** What was urgent may have been taken back meanwhile, by the answer of the server. */
  #due(): void {
    const wasUrgent = this.#timerUrgent;
    this.#timer = undefined;
    const isUrgent = [...this.#dirty.values()].some(({ urgent }) => urgent);
    if (wasUrgent && !isUrgent && this.#dirty.size > 0) this.#schedule(false);
    else if (this.#running === null) this.#start();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#dirty.size === 0 || this.#broken) return;
    const batch = merged(this.#running, this.#dirty);
    this.#dirty = new Map();
    this.#running = batch;
    void this.#write(batch);
  }

  async #write(batch: Map<string, Write>): Promise<void> {
    try {
      await this.#transact(batch);
    } catch (cause) {
      await this.#failed(batch, failureOf(cause));
      return;
    }
    this.#ended(batch, null);
  }

  async #transact(batch: Map<string, Write>): Promise<void> {
    const used = STORES.filter((store) => [...batch.values()].some((write) => write.store === store));
    const transaction = this.#parts.database.transaction(used, "readwrite", { durability: "strict" });
    // The answer of the transaction counts; those of its parts come before it and say less.
    const done = transaction.done;
    try {
      for (const { store, key, value } of batch.values()) {
        const requests = transaction.objectStore(store);
        const request = value === undefined ? requests.delete(key as never) : requests.put(value as never);
        request.catch(() => {});
      }
      // Nothing more comes: a page that dies does not live to hear that its writes went well, and need not.
      commit(unwrap(transaction));
    } catch (cause) {
      done.catch(() => {});
      transaction.abort();
      throw cause;
    }
    await done;
  }

  async #failed(batch: Map<string, Write>, error: CoboardError): Promise<void> {
    // A later flush has all of it as well.
    if (this.#running !== batch) return;
    const hasRoom = error.details.reason === "full" && (await this.#parts.makeRoom());
    if (this.#running !== batch) return;
    if (hasRoom) await this.#writeAgain(batch);
    else this.#break(error);
  }

  /** The second attempt is the last. */
  async #writeAgain(batch: Map<string, Write>): Promise<void> {
    const again = merged(batch, this.#dirty);
    this.#dirty = new Map();
    this.#running = again;
    try {
      await this.#transact(again);
    } catch (cause) {
      if (this.#running === again) this.#break(failureOf(cause));
      return;
    }
    this.#ended(again, null);
  }

  #ended(batch: Map<string, Write>, error: CoboardError | null): void {
    if (this.#running === batch) this.#running = null;
    for (const { done } of batch.values()) for (const tell of done) tell(error);
    if (this.#running === null && this.#dirty.size > 0) {
      const urgent = [...this.#dirty.values()].some((write) => write.urgent);
      if (urgent || this.#idle.length > 0) this.#start();
      else this.#schedule(false);
    }
    this.#settleIdle();
  }

  #settleIdle(): void {
    if (this.#running !== null || this.#dirty.size > 0) return;
    for (const resolve of this.#idle.splice(0)) resolve();
  }

  #break(error: CoboardError): void {
    if (this.#broken) return;
    this.#broken = error;
    clearTimeout(this.#timer);
    const left = merged(this.#running, this.#dirty);
    this.#dirty = new Map();
    this.#running = null;
    for (const { done } of left.values()) for (const tell of done) tell(error);
    this.#settleIdle();
    this.#parts.broken(error);
  }
}

/** Older browsers commit by themselves, once they have told that all went well. */
function commit(transaction: Partial<Pick<IDBTransaction, "commit">>): void {
  transaction.commit?.();
}

/** All of both, the later in place of the earlier. */
function merged(earlier: Map<string, Write> | null, later: Map<string, Write>): Map<string, Write> {
  const all = new Map(earlier ?? []);
  for (const [name, write] of later) {
    const done = [...(all.get(name)?.done ?? []), ...write.done];
    all.set(name, { ...write, done });
  }
  return all;
}

function nameOf(store: StoreName, key: IDBValidKey): string {
  return `${store} ${JSON.stringify(key)}`;
}

/** The key of a record. @internal */
export function keyOf<S extends StoreName>(store: S, value: RecordOf<S>): IDBValidKey {
  const path = KEY_PATHS[store];
  const member = (name: string) => (value as unknown as Record<string, string | number>)[name] ?? "";
  return typeof path === "string" ? member(path) : path.map(member);
}
