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
  /** Since when nobody holds an identity: it may be a page that reloads. */
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
      if (client === scope.identity.client) this.#start(client, documents, () => {});
      else if (held.has(lockName(client))) this.#freeSince.delete(client);
      else if (!this.#isGone(client)) unsure = true;
      else {
        const release = await locks.take(lockName(client));
        if (release) this.#start(client, documents, release);
      }
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
    const since = this.#freeSince.get(client) ?? Date.now();
    this.#freeSince.set(client, since);
    return Date.now() - since >= RELOAD_MS_MAX;
  }

  #start(client: ClientId, documents: ReadonlySet<DocumentId>, release: () => void): void {
    const sent = [...documents].map(async (document) => {
      const key = `${client} ${document}`;
      if (this.#sending.has(key) || this.#stopped) return;
      this.#sending.add(key);
      await this.#parts.send(document, client).finally(() => this.#sending.delete(key));
    });
    void Promise.allSettled(sent).then(release);
  }
}
