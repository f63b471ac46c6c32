/** What one person has on the device, as one page works with it. */
import type { ClientId, DocumentId, UserId } from "../api/basic.js";
import type { ClientNumbers } from "../core/boundary.js";
import type { CoboardError } from "../errors.js";
import { randomId } from "../support/random.js";
import { type Database, failureOf, within as inTime } from "./database.js";
import { type Identity, lockName, takeSeat } from "./identity.js";
import { Keeper } from "./keeper.js";
import type { QueueEvents } from "./keptQueue.js";
import { DOCUMENTS_MAX } from "./limits.js";
import type { Locks } from "./locks.js";
import { reserve } from "./reserve.js";
import { type ConflictRecord, type RecordOf, type RefusedRecord, within } from "./schema.js";
import { Seats } from "./seats.js";
import { ShelfNews } from "./shelfNews.js";
import { readStored, type Stored } from "./stored.js";
import { forgetDocument, forgetOldDocuments, tidyDocument } from "./tidy.js";
import { Writer } from "./writer.js";

/** What a scope is made of. @internal */
export interface ScopeParts {
  database: Database;
  user: { id: UserId; name: string };
  identity: Identity;
  locks: Locks;
  /** Nothing is written any more. */
  broken: (error: CoboardError) => void;
  /** The Documents on the device, or what waits in them, have changed. */
  changed: () => void;
}

/** A keeper of a Document, and what the device held of it. @internal */
export interface Opened {
  keeper: Keeper;
  stored: Stored | null;
  /** Where the client goes on; null where nothing is kept of it. */
  resume: ClientNumbers | null;
  refused: readonly RefusedRecord[];
  conflicts: readonly ConflictRecord[];
  /** The Document is left: from now on it may be forgotten. */
  close: () => void;
}

/** Documents that are open somewhere have this lock, and are not forgotten. */
function openName(document: DocumentId): string {
  return `coboard-open-${document}`;
}

/** What one person has on the device. @internal */
export class Scope {
  readonly user: { id: UserId; name: string };
  readonly database: Database;
  readonly writer: Writer;
  readonly identity: Identity;
  /** Who else this page is. */
  readonly seats: Seats;
  readonly shelves: ShelfNews;
  readonly #parts: ScopeParts;
  readonly #untidy = new Set<DocumentId>();
  readonly #open = new Set<Keeper>();

  constructor(parts: ScopeParts) {
    this.#parts = parts;
    this.user = parts.user;
    this.database = parts.database;
    this.identity = parts.identity;
    this.seats = new Seats(parts.locks);
    this.shelves = new ShelfNews(`${parts.database.name} shelves ${parts.user.id}`);
    this.writer = new Writer({
      database: parts.database,
      makeRoom: () => this.#makeRoom(),
      broken: (error) => {
        // Who cleared the data of this site cleared what was written as well.
        if (error.details.reason === "closed") for (const { queue } of this.#open) queue.gone();
        parts.broken(error);
      },
    });
    const { client } = parts.identity;
    this.writer.put("clients", { user: this.user.id, client, usedAtMs: Date.now() }, true);
  }

  /**
   * Reads a Document and goes on keeping it. Never fails: then it is kept in memory alone.
   *
   * @param other - Whose work it is, if it is not ours.
   */
  async open(document: DocumentId, other: ClientId | null, events: QueueEvents): Promise<Opened> {
    const { locks } = this.#parts;
    let close = () => {};
    let client = other ?? this.identity.client;
    try {
      close = await inTime(locks.share(openName(document)), (leave) => leave());
      // Whoever had it open in this page a moment ago may not have been written yet.
      await inTime(this.writer.flush());
      if (other === null) {
        const taking = takeSeat(this.database, this.seats, this.user.id, document, client);
        const seat = await inTime(taking, ({ release }) => release());
        client = seat.client;
        const leave = close;
        close = () => {
          leave();
          // The last of it must be there before somebody else goes on.
          this.writer.flush().then(seat.release, seat.release);
        };
      }
      const [stored, refused, conflicts, { resume, reserved }] = await inTime(
        Promise.all([
          readStored(this.database, this.user.id, document, client),
          this.database.getAll("refused", within(this.user.id, document)),
          this.database.getAll("conflicts", within(this.user.id, document)),
          reserve(this.database, this.user.id, document, client),
        ]),
      );
      const keeper = new Keeper(this, document, client, events);
      keeper.reserved(reserved);
      const unlisten = this.shelves.listen(document, () => void keeper.reread());
      this.#open.add(keeper);
      const leave = close;
      close = () => {
        unlisten();
        this.#open.delete(keeper);
        leave();
      };
      return { keeper, stored, resume, refused, conflicts, close };
    } catch (cause) {
      this.writer.fail(failureOf(cause));
      close();
      // Which numbers our client has given is not known: only somebody new gives none a second time.
      const keeper = new Keeper(null, document, other ?? randomId("c-"), events);
      return { keeper, stored: null, resume: null, refused: [], conflicts: [], close: () => {} };
    }
  }

  /**
   * What a store has of a Document, with all that was changed here; null where nothing is written any more.
   *
   * @param changes - Counts what was changed here: what comes while it is read makes it read again.
   */
  async reread<S extends "refused" | "conflicts">(
    store: S,
    document: DocumentId,
    changes: () => number,
  ): Promise<RecordOf<S>[] | null> {
    for (;;) {
      const before = changes();
      await this.writer.flush();
      const records = await this.database.getAll(store, within(this.user.id, document));
      if (this.writer.error !== null) return null;
      if (changes() === before) return records;
    }
  }

  /** Notes that somebody looks at a Document. */
  opened(document: DocumentId, title: string | null): void {
    const record = { user: this.user.id, document, title, openedAtMs: Date.now() };
    this.writer.put("documents", record, false, () => this.#parts.changed());
    this.#run(() => this.#forgetOld(DOCUMENTS_MAX));
  }

  /** The Document exists no more. */
  forget(document: DocumentId): void {
    this.#run(async () => {
      await this.writer.flush();
      await forgetDocument(this.database, this.user.id, document);
      await this.database.delete("conflicts", within(this.user.id, document) as never);
      this.#parts.changed();
    });
  }

  /** A snapshot has come: what stands before it may go, once it is there. */
  tidySoon(document: DocumentId): void {
    if (this.#untidy.has(document)) return;
    this.#untidy.add(document);
    this.#run(async () => {
      // The queue that stands on the snapshot is told in the same step: of another history, neither is of use alone.
      await Promise.resolve();
      await this.writer.flush();
      this.#untidy.delete(document);
      const held = await this.#parts.locks.held();
      await tidyDocument(this.database, this.user.id, document, (client) => held.has(lockName(client)));
    });
  }

  /** Other Documents go, the oldest first, but none that is open here or has a queue. */
  async #makeRoom(): Promise<boolean> {
    try {
      const gone = await this.#forgetOld(0);
      this.#parts.changed();
      return gone.length > 0;
    } catch {
      return false;
    }
  }

  async #forgetOld(kept: number): Promise<readonly DocumentId[]> {
    const held = await this.#parts.locks.held();
    return forgetOldDocuments(this.database, this.user.id, kept, (document) => held.has(openName(document)));
  }

  /** Housekeeping that fails is tried again another time. */
  #run(work: () => Promise<unknown>): void {
    if (this.writer.error === null) work().catch(() => {});
  }
}
