/**
 * Keeps one Document of one client on the device: what the server said, in messages behind a snapshot, what waits for
 * the server, and the numbers that nobody may give a second time.
 */
import type { ClientId, DocumentId, OperationId, Revision } from "../api/basic.js";
import type { ClientNumbers, KeepNote, KeptOperation, QueuedNote } from "../core/boundary.js";
import type { ErrorBody } from "../errors.js";
import { fromJsonText } from "../support/json.js";
import { type RawMessage, stopsOf } from "./chain.js";
import { ConflictShelf } from "./conflictShelf.js";
import { KeptQueue, type QueueEvents, type QueueStorage } from "./keptQueue.js";
import { MESSAGES_BYTES_MAX, MESSAGES_MAX, PLACE_EVERY_REVISIONS } from "./limits.js";
import { RefusedShelf } from "./refusedShelf.js";
import type { RefusedRecord } from "./schema.js";
import type { Scope } from "./scope.js";
import type { Stored } from "./stored.js";

/** What was kept and does not fit together. */
const MISFIT: ErrorBody = {
  code: "E_DEVICE_STORAGE",
  message: "what this device kept of it does not fit together any more",
};

/** The keeper of one Document; without a device it keeps in memory what can be exported. @internal */
export class Keeper {
  readonly document: DocumentId;
  readonly client: ClientId;
  readonly queue: KeptQueue;
  readonly conflicts: ConflictShelf;
  readonly #scope: Scope | null;
  readonly #shelf: RefusedShelf;
  readonly #changed: () => void;
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
  #ended = false;
  #gone = false;

  constructor(scope: Scope | null, document: DocumentId, client: ClientId, events: QueueEvents) {
    this.#scope = scope;
    this.document = document;
    this.client = client;
    this.#changed = events.changed;
    // A flush tells of each operation in it.
    const changed = coalesced(events.changed);
    this.queue = new KeptQueue(scope && this.#storage(scope), { ...events, changed });
    this.#shelf = new RefusedShelf(scope, document);
    this.conflicts = new ConflictShelf(scope, document);
  }

  /** Whether anything is written at all. */
  get onDevice(): boolean {
    return this.#scope !== null && this.#scope.writer.error === null;
  }

  get refused(): readonly RefusedRecord[] {
    return this.#shelf.records;
  }

  /** Whether a new snapshot should take the place of the messages. */
  get wantsSnapshot(): boolean {
    if (!this.onDevice || this.#lineage === null) return false;
    const { count, bytes } = this.#behind;
    return count > MESSAGES_MAX || bytes > Math.max(MESSAGES_BYTES_MAX, this.#snapshotBytes);
  }

  /** Numbers that the device has noted as used. */
  reserved(numbers: ClientNumbers): void {
    this.#numbers = numbers;
  }

  /** What the device held when the Document was opened; `misfit` follows where the core does not take it. */
  restored({ lineage, messages, bytes, queue, to }: Stored): void {
    this.#lineage = lineage;
    this.#heard = lineage;
    this.#at = to;
    this.#behind = { ...messages };
    this.#snapshotBytes = bytes;
    this.queue.restored(queue);
  }

  /** What was refused before and not dismissed. */
  refusedBefore(records: readonly RefusedRecord[]): void {
    this.#shelf.restored(records);
  }

  /** The core does not take what the device held: what waited is listed, to be looked at and exported. */
  misfit(): void {
    this.#lineage = null;
    this.#heard = null;
    for (const operation of this.queue.operations) this.refuse(operation, MISFIT);
    this.queue.dropAll();
  }

  /** The server's number for this client. */
  numbered(clientNumber: number): void {
    if (this.#numbers?.client_number === clientNumber) return;
    this.#numbers = { ...(this.#numbers ?? { sequence: 0, counter: 0 }), client_number: clientNumber };
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

  /** How far the committed document is, for other tabs to know what this one stands on. */
  reached(revision: Revision): void {
    if (this.#lineage === null || revision - this.#at < PLACE_EVERY_REVISIONS) return;
    this.#at = revision;
    this.#putSeat(false);
  }

  /** What the core says that has to be kept now. */
  keep({ put, drop, reserve }: KeepNote): void {
    if (this.#ended) return;
    this.queue.drop(drop);
    for (const operation of put) this.queue.put(operation);
    if (reserve === null) return;
    this.#numbers = { client_number: this.#numbers?.client_number ?? 0, ...reserve };
    this.#putSeat(true);
  }

  /** An operation is taken back and listed until somebody dismisses it. */
  refuse(operation: KeptOperation, error: ErrorBody): void {
    this.queue.lost(operation.id.sequence);
    this.#shelf.put(operation, error);
    this.#changed();
  }

  /** Reads what others put on the shelves, or took from there; what cannot be read stays as it was. */
  async reread(): Promise<void> {
    try {
      if (await this.#shelf.reread()) this.#changed();
      await this.conflicts.reread();
    } catch {
      // The writer says so where it matters.
    }
  }

  dismiss(id: OperationId): void {
    if (!this.#shelf.dismiss(id)) return;
    this.#changed();
    this.#forgetIfGone();
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
    for (const operation of this.queue.operations) {
      if (waiting.has(operation.id.sequence)) this.refuse(operation, error);
    }
    this.queue.dropAll();
    this.#ended = true;
    this.#gone = error.code === "E_NOT_FOUND";
    this.#forgetIfGone();
  }

  /** A Document that is deleted leaves the device with the last of what could not be sent. */
  #forgetIfGone(): void {
    if (this.#gone && this.refused.length === 0) this.#scope?.forget(this.document);
  }

  #storage({ user, writer }: Scope): QueueStorage {
    const place = { user: user.id, document: this.document, client: this.client };
    return {
      write: ({ operation: { id, base }, text, told }, done) => {
        const record = { ...place, sequence: id.sequence, base, text, ...(told ? { told } : {}) };
        writer.put("queue", record, true, done);
      },
      remove: (sequence) => writer.delete("queue", [user.id, this.document, this.client, sequence]),
    };
  }

  #putSeat(urgent: boolean): void {
    const scope = this.#scope;
    if (!scope || !this.#numbers) return;
    const place = { user: scope.user.id, document: this.document, client: this.client };
    const seat = { ...place, lineage: this.#lineage, at: this.#at, numbers: this.#numbers };
    scope.writer.put("seats", seat, urgent);
  }
}

/** Tells once, however often it is told before the present work has ended. */
function coalesced(tell: () => void): () => void {
  let told = false;
  return () => {
    if (told) return;
    told = true;
    queueMicrotask(() => {
      told = false;
      tell();
    });
  };
}
