/**
 * The device as a client sees it: opens the database, finds out whose token this is, takes an identity, and tells what
 * is there. Where something of it is missing, all goes on in memory and `status` says why.
 */
import type { ClientId, DocumentId, UserId } from "../api/basic.js";
import type { DashboardSummary } from "../api/dashboards.js";
import type { Device, DeviceDocument, DeviceStatus } from "../api/device.js";
import type { CoboardError } from "../errors.js";
import { Cell } from "../support/cell.js";
import { jsonEqual } from "../support/json.js";
import type { Page } from "../support/page.js";
import {
  type Database,
  databaseName,
  failureOf,
  within as inTime,
  openDatabase,
  storageError,
} from "./database.js";
import { lockName, type TabMemory, tabMemory, takeOver } from "./identity.js";
import type { Locks } from "./locks.js";
import { within } from "./schema.js";
import { Scope } from "./scope.js";
import { forgetOldClients } from "./tidy.js";
import { digestOf } from "./token.js";

/** The list of Documents follows what happens after this time, and where nobody looks after this one. */
const REFRESH_AFTER_MS = 200;
const REFRESH_UNSEEN_AFTER_MS = 2_000;

/** What the device is made of; tests replace the parts. @internal */
export interface StoreParts {
  /** Address of the server: each has a database of its own. */
  url: string;
  /** Null: this browser has none, and nothing is kept; "off": the application does not want it. */
  locks: Locks | null | "off";
  page: Page;
  /** Asks the browser not to clear the storage by itself; null where it cannot be asked. */
  persist: (() => Promise<boolean>) | null;
  memory?: TabMemory;
}

interface Person {
  id: UserId;
  name: string;
}

/** The device's storage behind a client. @internal */
export class Store implements Device {
  readonly status = new Cell<DeviceStatus>({ state: "opening" });
  readonly documents = new Cell<readonly DeviceDocument[]>([], jsonEqual);
  readonly list = new Cell<{ rows: readonly DashboardSummary[]; atMs: number } | null>(null, jsonEqual);
  readonly #parts: StoreParts;
  readonly #name: string;
  readonly #memory: TabMemory;
  readonly #fresh: ClientId;
  readonly #database: Promise<Database | null>;
  #scope: Scope | null = null;
  #tellScope: (scope: Scope | null) => void = () => {};
  #asked = false;
  #refreshing: ReturnType<typeof setTimeout> | undefined;
  #unlisten: (() => void)[] = [];
  #closed = false;

  /** What a person has here; null: nothing is kept. Settled when it is known who the person is. */
  readonly scope: Promise<Scope | null>;

  /** @param fresh - The identity of this page if it takes over none. */
  constructor(parts: StoreParts, fresh: ClientId) {
    this.#parts = parts;
    this.#fresh = fresh;
    this.#name = databaseName(parts.url);
    this.#memory = parts.memory ?? tabMemory(this.#name);
    this.scope = new Promise((resolve) => {
      this.#tellScope = resolve;
    });
    this.#database = this.#openDatabase();
  }

  /** The page's client: one taken over where the token is known here, otherwise the fresh one. */
  async identify(token: string): Promise<ClientId> {
    if (!this.#scope) {
      const database = await this.#database;
      const known = database && (await this.#personOf(database, token));
      if (known) await this.#enter(known, true);
      else if (database && this.status.current.state === "opening") this.status.set({ state: "waiting" });
    }
    return this.#scope?.identity.client ?? this.#fresh;
  }

  /** Who we are, if this device knows it before the server says so. */
  get user(): Person | null {
    return this.#scope?.user ?? null;
  }

  /** The server has said whose token this is. */
  async greeted(user: Person, token: string): Promise<void> {
    const database = await this.#database;
    if (!database) return;
    if (!this.#scope) await this.#enter(user, false);
    const digest = await digestOf(token);
    // Somebody else signed in on this page: what was begun stays with whom it was begun.
    if (digest === null || this.#scope?.user.id !== user.id) return;
    this.#scope.writer.put("people", { digest, user, atMs: Date.now() }, true);
  }

  /** Edits wait without a connection: now it is worth asking that nothing is cleared. */
  askToPersist(): void {
    const { persist } = this.#parts;
    if (this.#asked || !persist || this.status.current.state !== "ready") return;
    this.#asked = true;
    persist().then(
      (persisted) => {
        if (this.status.current.state === "ready") this.status.set({ state: "ready", persisted });
      },
      () => {},
    );
  }

  /** The list of dashboards as the server has just told it. */
  listed(rows: readonly DashboardSummary[]): void {
    this.list.set({ rows, atMs: Date.now() });
    this.#keepList();
    this.#refreshSoon();
  }

  /** Something that waits has changed. */
  changed(): void {
    this.#refreshSoon();
  }

  /** Writes what is left and lets the identity go. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#refreshing);
    for (const unlisten of this.#unlisten) unlisten();
    const scope = this.#scope;
    this.#tellScope(null);
    if (scope) {
      await scope.writer.flush();
      scope.identity.release();
      scope.shelves.close();
    }
    (await this.#database)?.close();
  }

  async #openDatabase(): Promise<Database | null> {
    try {
      const { locks } = this.#parts;
      if (!locks || locks === "off") throw storageError(locks ?? "unavailable");
      return await openDatabase(this.#name, (error) => this.#scope?.writer.fail(error));
    } catch (cause) {
      this.#unavailable(failureOf(cause));
      return null;
    }
  }

  #unavailable(error: CoboardError): void {
    if (this.#closed) return;
    this.status.set({ state: "unavailable", error });
    this.#tellScope(null);
  }

  async #personOf(database: Database, token: string): Promise<Person | null> {
    try {
      const digest = await digestOf(token);
      return digest === null ? null : ((await inTime(database.get("people", digest)))?.user ?? null);
    } catch (cause) {
      this.#unavailable(failureOf(cause));
      return null;
    }
  }

  /** Works for a person from now on. */
  async #enter(user: Person, mayTakeOver: boolean): Promise<void> {
    const database = await this.#database;
    const { locks, page } = this.#parts;
    if (!database || !locks || locks === "off" || this.status.current.state === "unavailable") return;
    try {
      const taking = mayTakeOver ? takeOver(database, locks, user.id, this.#memory) : null;
      const taken = taking && (await inTime(taking, (late) => late?.release()));
      const identity = taken ?? (await this.#own(locks));
      if (this.#closed || this.#scope) return identity.release();
      this.#memory.write(identity.client);
      this.#scope = new Scope({
        database,
        user,
        identity,
        locks,
        broken: (error) => this.#unavailable(error),
        changed: () => this.#refreshSoon(),
      });
    } catch (cause) {
      this.#unavailable(failureOf(cause));
      return;
    }
    const scope = this.#scope;
    this.#unlisten.push(
      page.onVisibility(() => (page.hidden ? void scope.writer.flush() : this.#shown(scope))),
      page.onPageHide(() => void scope.writer.flush()),
    );
    this.status.set({ state: "ready", persisted: null });
    this.#tellScope(scope);
    this.#keepList();
    // Nobody who wants to connect has to wait for the list.
    void this.#refresh().then(() => this.#housekeep(scope, locks));
  }

  #shown(scope: Scope): void {
    scope.shelves.look();
    this.changed();
  }

  async #own(locks: Locks): Promise<{ client: ClientId; release: () => void }> {
    const release = await locks.take(lockName(this.#fresh));
    if (!release) throw storageError("unavailable");
    return { client: this.#fresh, release };
  }

  /** Identities of long ago go, when there is time. */
  #housekeep(scope: Scope, locks: Locks): void {
    locks
      .held()
      .then((held) =>
        forgetOldClients(scope.database, scope.user.id, Date.now(), (client) => held.has(lockName(client))),
      )
      .catch(() => {});
  }

  #refreshSoon(): void {
    if (this.#closed) return;
    const after = this.documents.observed ? REFRESH_AFTER_MS : REFRESH_UNSEEN_AFTER_MS;
    this.#refreshing ??= setTimeout(() => void this.#refresh(), after);
  }

  /** The list may have come before it was known whose it is. */
  #keepList(): void {
    const list = this.list.current;
    const scope = this.#scope;
    if (list && scope) scope.writer.put("lists", { user: scope.user.id, ...list }, false);
  }

  async #refresh(): Promise<void> {
    clearTimeout(this.#refreshing);
    this.#refreshing = undefined;
    const scope = this.#scope;
    if (!scope) return;
    try {
      const list = await scope.database.get("lists", scope.user.id);
      if (list && this.list.current === null) this.list.set({ rows: list.rows, atMs: list.atMs });
      this.documents.set(await readDocuments(scope, this.list.current?.rows ?? []));
    } catch {
      // Then the list stays as it is: what matters says so itself.
    }
  }
}

async function readDocuments(scope: Scope, rows: readonly DashboardSummary[]): Promise<DeviceDocument[]> {
  const { database, user } = scope;
  const transaction = database.transaction(["documents", "snapshots", "queue", "refused"], "readonly");
  const [documents, snapshots, queued, refused] = await Promise.all([
    transaction.objectStore("documents").getAll(within(user.id)),
    transaction.objectStore("snapshots").getAllKeys(within(user.id)),
    transaction.objectStore("queue").getAllKeys(within(user.id)),
    transaction.objectStore("refused").getAllKeys(within(user.id)),
  ]);
  const count = (keys: readonly (readonly [UserId, DocumentId, ...unknown[]])[], id: DocumentId) =>
    keys.filter(([, document]) => document === id).length;
  return documents
    .filter(({ document }) => count(snapshots, document) > 0)
    .sort((a, b) => b.openedAtMs - a.openedAtMs)
    .map(({ document, title, openedAtMs }) => ({
      id: document,
      title,
      openedAtMs,
      pendingCount: count(queued, document),
      refusedCount: count(refused, document),
      summary: rows.find(({ id }) => id === document) ?? null,
    }));
}
