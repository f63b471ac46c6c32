/**
 * Who a tab is. It takes over the identity of a tab that is gone, best one with work that waits: so a reload, a crash
 * and a killed browser go on as the same client, and what it had sent is never applied a second time.
 */
import type { ClientId, DocumentId, UserId } from "../api/basic.js";
import type { Database } from "./database.js";
import { UNLOAD_MS_MAX } from "./limits.js";
import type { Locks } from "./locks.js";
import { type SeatRecord, within } from "./schema.js";
import type { Seats } from "./seats.js";

/** An identity that this page holds. @internal */
export interface Identity {
  client: ClientId;
  release: () => void;
}

/** The name of the lock that a tab holds for its identity. @internal */
export function lockName(client: ClientId): string {
  return `coboard-client-${client}`;
}

/** Where a tab remembers over a reload who it was. @internal */
export interface TabMemory {
  read(): string | null;
  write(client: ClientId): void;
}

/** The session storage of the browser. @internal */
export function tabMemory(database: string): TabMemory {
  const key = `coboard.client ${database}`;
  return {
    read: () => {
      try {
        return globalThis.sessionStorage?.getItem(key) ?? null;
      } catch {
        return null;
      }
    },
    write: (client) => {
      try {
        globalThis.sessionStorage?.setItem(key, client);
      } catch {
        // Then a reload takes any identity that is free.
      }
    },
  };
}

/** Takes over an identity of this person: the tab's own of before, one with a queue, the one used last; or none. @internal */
export async function takeOver(
  database: Database,
  locks: Locks,
  user: UserId,
  memory: TabMemory,
): Promise<Identity | null> {
  const transaction = database.transaction(["clients", "queue"], "readonly");
  const [clients, queued] = await Promise.all([
    transaction.objectStore("clients").getAll(within(user)),
    transaction.objectStore("queue").getAllKeys(within(user)),
  ]);
  const waiting = new Set(queued.map(([, , client]) => client));
  const before = memory.read();
  const rank = (client: ClientId) => (client === before ? 2 : waiting.has(client) ? 1 : 0);
  const wanted = [...clients].sort(
    (a, b) => rank(b.client) - rank(a.client) || b.usedAtMs - a.usedAtMs || (a.client < b.client ? -1 : 1),
  );
  for (const { client } of wanted) {
    // A page that reloads may be quicker than the end of the one before it.
    const release = await locks.take(lockName(client), client === before ? UNLOAD_MS_MAX : 0);
    if (release) return { client, release };
  }
  return null;
}

/**
 * Who works in one Document: the page's own client; but where that has nothing in it, one of a tab that is gone which
 * has work waiting there, or at least a number. So what was done before is there again, and one can go on without a
 * network.
 *
 * @internal
 */
export async function takeSeat(
  database: Database,
  taken: Seats,
  user: UserId,
  document: DocumentId,
  own: ClientId,
): Promise<Identity> {
  const transaction = database.transaction(["seats", "queue"], "readonly");
  const [seats, queued] = await Promise.all([
    transaction.objectStore("seats").getAll(within(user, document)),
    transaction.objectStore("queue").getAllKeys(within(user, document)),
  ]);
  const waiting = new Set(queued.map(([, , client]) => client));
  const worth = ({ client, numbers }: SeatRecord) =>
    (waiting.has(client) ? 2 : 0) + (numbers.client_number > 0 ? 1 : 0);
  const ownSeat = seats.find(({ client }) => client === own);
  const ownWorth = ownSeat ? worth(ownSeat) : 0;
  const better = seats
    .filter((seat) => seat.client !== own && worth(seat) > ownWorth)
    .sort((a, b) => worth(b) - worth(a));
  for (const { client } of better) {
    const release = await taken.take(document, client);
    if (release) return { client, release };
  }
  return { client: own, release: () => {} };
}
