/**
 * The clients of tabs that are gone that this page works as, beside its own. A lock is held once by a page, however
 * many Documents need it: a page that asked for it again would be kept out by itself.
 */
import type { ClientId, DocumentId } from "../api/basic.js";
import { lockName } from "./identity.js";
import type { Locks } from "./locks.js";

interface Held {
  lock: Promise<(() => void) | null>;
  /** Where this page works as that client. */
  documents: Set<DocumentId>;
}

/** The seats of others that one page has taken. @internal */
export class Seats {
  readonly #locks: Locks;
  readonly #held = new Map<ClientId, Held>();

  constructor(locks: Locks) {
    this.#locks = locks;
  }

  /** Whether this page works as that client somewhere. */
  holds(client: ClientId): boolean {
    return this.#held.has(client);
  }

  /**
   * Takes the place of a client in one Document until it is let go. Null where another tab holds the client, or this
   * page has that place already: two of one client in one Document would give the same numbers.
   */
  async take(document: DocumentId, client: ClientId): Promise<(() => void) | null> {
    const held = this.#held.get(client) ?? { lock: this.#locks.take(lockName(client)), documents: new Set() };
    if (held.documents.has(document)) return null;
    held.documents.add(document);
    this.#held.set(client, held);
    const letGo = await held.lock.catch(() => null);
    const leave = () => {
      if (!held.documents.delete(document) || held.documents.size > 0) return;
      this.#held.delete(client);
      letGo?.();
    };
    if (letGo) return leave;
    leave();
    return null;
  }
}
