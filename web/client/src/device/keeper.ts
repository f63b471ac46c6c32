/**
 * Keeps one Document of one client on the device: what the server said, in messages behind a snapshot, and what waits
 * for the server. Knows at every moment which of it is really there.
 */
import type { ClientId, DocumentId, OperationId, Revision } from "../api/basic.js";
import type { ClientNumbers, KeepNote, KeptOperation, QueuedNote } from "../core/boundary.js";
import type { CoboardError, ErrorBody } from "../errors.js";
import { fromJsonText, toJsonText } from "../support/json.js";
import { type RawMessage, stopsOf } from "./chain.js";
import { storageError } from "./database.js";
import {
  MESSAGES_BYTES_MAX,
  MESSAGES_MAX,
  PLACE_EVERY_REVISIONS,
  QUEUE_BYTES_MAX,
  QUEUE_OPERATIONS_MAX,
} from "./limits.js";
import type { RefusedRecord } from "./schema.js";
import type { Scope } from "./scope.js";
import type { Stored } from "./stored.js";

/** Where an operation is safe. @internal */
export type Safety = "device" | "memory";

interface Kept {
  operation: KeptOperation;
  text: string;
  /** What stands on the device is at least this version of it. */
  safe: boolean;
  /** Counts its versions, so that the end of an old write says nothing of a newer one. */
  version: number;
  /** Too much for the device: in memory alone until there is room. */
  over: boolean;
  settle: ((safety: Safety | "server") => void)[];
}

/** What a keeper tells. @internal */
export interface KeeperEvents {
  /** What is safe, or what was refused, has changed. */
  changed: () => void;
  /** The queue has grown beyond what the device takes; told once. */
  full: (error: CoboardError) => void;
}

/** The keeper of one Document; without a device it keeps in memory what can be exported. @internal */
export class Keeper {
  readonly document: DocumentId;
  readonly client: ClientId;
  readonly #scope: Scope | null;
  readonly #events: KeeperEvents;
  readonly #queue = new Map<number, Kept>();
  readonly #refused = new Map<string, RefusedRecord>();
  #bytes = 0;
  /** The history that the queue stands in. */
  #lineage: string | null = null;
  /** The history that messages come from: after a reset it is ahead of the other until the snapshot is there. */
  #heard: string | null = null;
  #at: Revision = 0;
  #numbers: ClientNumbers | null = null;
  #title: string | null | undefined;
  /** Messages behind the snapshot, roughly: what other tabs write is not counted. */
  #behind = { count: 0, bytes: 0 };
  #snapshotBytes = 0;
  /** Something is beyond the limits of the device, and it was said. */
  #told = false;
  #ended = false;

  constructor(scope: Scope | null, document: DocumentId, client: ClientId, events: KeeperEvents) {
    this.#scope = scope;
    this.document = document;
    this.client = client;
    this.#events = events;
  }

  /** Whether anything is written at all. */
  get onDevice(): boolean {
    return this.#scope !== null && this.#scope.writer.error === null;
  }

  get lineage(): string | null {
    return this.#lineage;
  }

  get refused(): readonly RefusedRecord[] {
    return [...this.#refused.values()].sort((a, b) => a.refusedAtMs - b.refusedAtMs);
  }

  /** Own operations that are not acknowledged, with all that is needed to make them again. */
  get operations(): readonly KeptOperation[] {
    return [...this.#queue.values()].map(({ operation }) => operation);
  }

  /** Where all that waits is safe, if it is so many; what the core has not told is in memory alone. */
  safety(pendingCount: number): Safety {
    if (this.#queue.size < pendingCount) return "memory";
    for (const { safe } of this.#queue.values()) if (!safe) return "memory";
    return "device";
  }

  safetyOf(sequence: number): Safety {
    return this.#queue.get(sequence)?.safe ? "device" : "memory";
  }

  /** Resolves when an operation is on the device, or it is clear that it will not be, or the server has it. */
  settled(sequence: number): Promise<Safety | "server"> {
    const kept = this.#queue.get(sequence);
    if (!kept) return Promise.resolve("memory");
    if (kept.safe || kept.over || !this.onDevice) return Promise.resolve(kept.safe ? "device" : "memory");
    return new Promise((resolve) => kept.settle.push(resolve));
  }

  /** What the device held when the Document was opened; `misfit` follows where the core does not take it. */
  restored({ numbers, lineage, messages, bytes, queue, to }: Stored): void {
    this.#numbers = numbers;
    this.#lineage = lineage;
    this.#heard = lineage;
    this.#at = to;
    this.#behind = { ...messages };
    this.#snapshotBytes = bytes;
    for (const { text, sequence } of queue) {
      const operation = fromJsonText(text) as KeptOperation;
      this.#queue.set(sequence, { operation, text, safe: true, version: 0, over: false, settle: [] });
      this.#bytes += text.length;
    }
  }

  /** What was refused before and not dismissed. */
  refusedBefore(records: readonly RefusedRecord[]): void {
    for (const record of records) this.#refused.set(refusedKey(record), record);
  }

  /** The core does not take what the device held: what waited is listed, to be looked at and exported. */
  misfit(): void {
    this.#lineage = null;
    this.#heard = null;
    const message = "what this device kept of it does not fit together any more";
    for (const { operation } of [...this.#queue.values()])
      this.refuse(operation, { code: "E_DEVICE_STORAGE", message });
    this.#dropAll();
  }

  /** The server's number for this client. */
  numbered(clientNumber: number): void {
    const before = this.#numbers ?? { sequence: 0, counter: 0 };
    if (this.#numbers?.client_number === clientNumber) return;
    this.#numbers = { ...before, client_number: clientNumber };
    this.#putSeat(true);
  }

  /** A snapshot is on its way; its tag names the history that messages are of from now on. */
  fetching(etag: string): void {
    this.#heard = /^"?([^.]+)\./.exec(etag)?.[1] ?? null;
  }

  /** A snapshot of the core: what comes now stands behind it. */
  snapshot(text: string): void {
    const body = fromJsonText(text) as { lineage?: string; revision?: Revision } | undefined;
    if (typeof body?.lineage !== "string" || typeof body.revision !== "number") return;
    const { lineage, revision } = body;
    this.#lineage = lineage;
    this.#heard = lineage;
    this.#at = revision;
    this.#behind = { count: 0, bytes: 0 };
    this.#snapshotBytes = text.length;
    const scope = this.#scope;
    if (!scope) return;
    const place = { user: scope.user.id, document: this.document, lineage, revision };
    scope.writer.put("snapshots", { ...place, takenAtMs: Date.now(), text }, false);
    this.#putSeat(false);
    scope.tidySoon(this.document);
  }

  /** A message that came: `committed`, or a page of what was missed. */
  message(message: RawMessage, text: string): void {
    const scope = this.#scope;
    if (!scope || this.#heard === null || message.to <= message.from) return;
    const stops = stopsOf(message);
    const { from, to } = message;
    const heardBy = stops === null ? "" : this.client;
    const place = { user: scope.user.id, document: this.document, lineage: this.#heard };
    scope.writer.put("messages", { ...place, from, to, stops, heardBy, text }, false);
    this.#behind.count += 1;
    this.#behind.bytes += text.length;
  }

  /** Whether a new snapshot should take the place of the messages. */
  get wantsSnapshot(): boolean {
    if (!this.onDevice || this.#lineage === null) return false;
    const { count, bytes } = this.#behind;
    return count > MESSAGES_MAX || bytes > Math.max(MESSAGES_BYTES_MAX, this.#snapshotBytes);
  }

  /** How far the committed document is, for other tabs to know what this one stands on. */
  reached(revision: Revision): void {
    if (this.#lineage === null || revision - this.#at < PLACE_EVERY_REVISIONS) return;
    this.#at = revision;
    this.#putSeat(false);
  }

  /** What the core says that has to be kept now. */
  keep({ put, drop, reserve }: KeepNote): void {
    if (this.#ended) return;
    for (const sequence of drop) this.#drop(sequence);
    for (const operation of put) this.#put(operation);
    if (drop.length > 0) this.#makeUpFor();
    if (reserve) {
      this.#numbers = { client_number: this.#numbers?.client_number ?? 0, ...reserve };
      this.#putSeat(true);
    }
  }

  /** An operation is taken back and listed until somebody dismisses it. */
  refuse({ id, base, components, meta, at_ms }: KeptOperation, error: ErrorBody): void {
    const { client, sequence } = id;
    for (const settle of this.#queue.get(sequence)?.settle.splice(0) ?? []) settle("memory");
    const record: RefusedRecord = {
      user: this.#scope?.user.id ?? "",
      document: this.document,
      client,
      sequence,
      base,
      text: toJsonText({ id, base, components, meta, at_ms }),
      error,
      refusedAtMs: Date.now(),
    };
    this.#refused.set(refusedKey(record), record);
    this.#scope?.writer.put("refused", record, true);
    this.#events.changed();
  }

  dismiss({ client, sequence }: OperationId): void {
    if (!this.#refused.delete(refusedKey({ client, sequence }))) return;
    const user = this.#scope?.user.id;
    if (user !== undefined) this.#scope?.writer.delete("refused", [user, this.document, client, sequence]);
    this.#events.changed();
  }

  /** Notes that the Document was opened, and what people call it. */
  opened(title: string | null): void {
    if (!this.#scope || this.#title === title || this.#ended) return;
    this.#title = title;
    this.#scope.opened(this.document, title);
  }

  /**
   * The Document is gone, or nothing may be changed in it any more: what waits cannot be sent.
   *
   * @param queue - What the core says that waits: some of what is kept is with the server already.
   */
  ended(error: ErrorBody, queue: readonly QueuedNote[]): void {
    const waiting = new Set(queue.map(({ id }) => id.sequence));
    for (const { operation } of [...this.#queue.values()]) {
      if (waiting.has(operation.id.sequence)) this.refuse(operation, error);
    }
    this.#dropAll();
    this.#ended = true;
    if (error.code === "E_NOT_FOUND" && this.#refused.size === 0) this.#scope?.forget(this.document);
  }

  #dropAll(): void {
    for (const sequence of [...this.#queue.keys()]) this.#drop(sequence);
  }

  #put(operation: KeptOperation): void {
    const { sequence } = operation.id;
    const text = toJsonText(operation);
    const before = this.#queue.get(sequence);
    const version = (before?.version ?? 0) + 1;
    const bytes = this.#bytes + text.length - (before?.text.length ?? 0);
    const count = this.#queue.size + (before ? 0 : 1);
    // Those after one that the device did not take are not taken either: a queue has no holes.
    const over = before?.over ?? (this.#told || count > QUEUE_OPERATIONS_MAX || bytes > QUEUE_BYTES_MAX);
    const kept: Kept = { operation, text, safe: false, version, over, settle: before?.settle ?? [] };
    this.#queue.set(sequence, kept);
    this.#bytes = bytes;
    if (over) this.#beyond(kept);
    else this.#write(kept);
  }

  #beyond(kept: Kept): void {
    for (const settle of kept.settle.splice(0)) settle("memory");
    if (this.#told) return;
    this.#told = true;
    this.#events.full(storageError("full"));
  }

  #write(kept: Kept): void {
    const { operation, text, version } = kept;
    const { base, id } = operation;
    const { client, sequence } = id;
    const scope = this.#scope;
    if (!scope) {
      for (const settle of kept.settle.splice(0)) settle("memory");
      return;
    }
    const record = { user: scope.user.id, document: this.document, client, sequence, base, text };
    scope.writer.put("queue", record, true, (error) => this.#written(sequence, version, error));
  }

  #written(sequence: number, version: number, error: CoboardError | null): void {
    const kept = this.#queue.get(sequence);
    if (!kept || kept.version !== version) return;
    kept.safe = error === null;
    for (const settle of kept.settle.splice(0)) settle(kept.safe ? "device" : "memory");
    this.#events.changed();
  }

  #drop(sequence: number): void {
    const kept = this.#queue.get(sequence);
    if (!kept) return;
    this.#queue.delete(sequence);
    this.#bytes -= kept.text.length;
    for (const settle of kept.settle.splice(0)) settle("server");
    if (!kept.over) this.#deleteQueued(sequence);
  }

  #deleteQueued(sequence: number): void {
    const user = this.#scope?.user.id;
    if (user !== undefined) {
      this.#scope?.writer.delete("queue", [user, this.document, this.client, sequence]);
    }
  }

  /** There is room again for what was beyond the limits. */
  #makeUpFor(): void {
    if (!this.#told) return;
    let count = 0;
    let bytes = 0;
    for (const kept of this.#queue.values()) {
      count += 1;
      bytes += kept.text.length;
      if (count > QUEUE_OPERATIONS_MAX || bytes > QUEUE_BYTES_MAX) return;
      if (!kept.over) continue;
      kept.over = false;
      this.#write(kept);
    }
    this.#told = false;
  }

  #putSeat(urgent: boolean): void {
    const scope = this.#scope;
    if (!scope || !this.#numbers) return;
    const place = { user: scope.user.id, document: this.document, client: this.client };
    scope.writer.put(
      "seats",
      { ...place, lineage: this.#lineage, at: this.#at, numbers: this.#numbers },
      urgent,
    );
  }
}

function refusedKey({ client, sequence }: { client: ClientId; sequence: number }): string {
  return `${client} ${sequence}`;
}
