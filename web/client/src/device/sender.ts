/**
 * Sends what waits in Documents that nobody has open: of this tab's own client, and of clients whose tabs are gone.
 * Each is sent under its own name, so that what had arrived before the tab died is not applied a second time.
 */
import type { ClientId, DocumentId } from "../api/basic.js";
import { lockName } from "./identity.js";
import { RELOAD_MS_MAX, SWEEP_EVERY_MS } from "./limits.js";
import type { Locks } from "./locks.js";
import { within } from "./schema.js";
import type { Scope } from "./scope.js";

/** What sending needs of the client. @internal */
export interface SenderParts {
  scope: Scope;
  locks: Locks;
  isConnected: () => boolean;
  /** Opens a Document for a client of a tab that is gone, or for our own; settled when all of it is sent or cannot be. */
  send: (document: DocumentId, client: ClientId) => Promise<void>;
}

/** Looks for queues now and then while there is a connection. @internal */
export class Sender {
  readonly #parts: SenderParts;
  readonly #sending = new Set<string>();
  /** Since when nobody holds an identity, as the page's own clock says, which nobody sets: it may be a page that reloads. */
  readonly #freeSince = new Map<ClientId, number>();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #sweeping = false;
  #stopped = false;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  /** Looks now, and again later. */
  sweep(): void {
    clearTimeout(this.#timer);
    if (this.#stopped || this.#sweeping || !this.#parts.isConnected()) return;
    this.#sweeping = true;
    this.#look().then(
      (soon) => this.#again(soon ? RELOAD_MS_MAX : SWEEP_EVERY_MS),
      () => this.#again(SWEEP_EVERY_MS),
    );
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #again(ms: number): void {
    this.#sweeping = false;
    if (!this.#stopped) this.#timer = setTimeout(() => this.sweep(), ms);
  }

  /** True where somebody may be gone, which only a second look can tell. */
  async #look(): Promise<boolean> {
    const { scope, locks } = this.#parts;
    const queued = await this.#queued();
    if (queued.size === 0) return false;
    const held = await locks.held();
    let unsure = false;
    for (const [client, documents] of queued) {
      // A page that works as somebody in one Document holds them for all: no other tab sends the rest.
      const isOurs = client === scope.identity.client || scope.seats.holds(client);
      const isHeld = isOurs || held.has(lockName(client));
      if (isHeld) this.#freeSince.delete(client);
      if (isOurs || (!isHeld && this.#isGone(client))) this.#start(client, documents);
      else if (!isHeld) unsure = true;
    }
    return unsure;
  }

  async #queued(): Promise<Map<ClientId, Set<DocumentId>>> {
    const { database, user } = this.#parts.scope;
    const queued = new Map<ClientId, Set<DocumentId>>();
    for (const [, document, client] of await database.getAllKeys("queue", within(user.id))) {
      queued.set(client, (queued.get(client) ?? new Set()).add(document));
    }
    return queued;
  }

  #isGone(client: ClientId): boolean {
    const now = performance.now();
    const since = this.#freeSince.get(client) ?? now;
    this.#freeSince.set(client, since);
    return now - since >= RELOAD_MS_MAX;
  }

  #start(client: ClientId, documents: ReadonlySet<DocumentId>): void {
    for (const document of documents) {
      const key = `${client} ${document}`;
      if (this.#sending.has(key) || this.#stopped) continue;
      this.#sending.add(key);
      // What cannot be sent now is found by a later look.
      this.#send(document, client)
        .catch(() => {})
        .finally(() => this.#sending.delete(key));
    }
  }

  async #send(document: DocumentId, client: ClientId): Promise<void> {
    const { scope, send } = this.#parts;
    const isOther = client !== scope.identity.client;
    const leave = isOther ? await scope.seats.take(document, client) : () => {};
    if (leave) await send(document, client).finally(leave);
  }
}
