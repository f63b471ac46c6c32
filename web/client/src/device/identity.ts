/**
 * Who a tab is. It takes over the identity of a tab that is gone, best one with work that waits: so a reload, a crash
 * and a killed browser go on as the same client, and what it had sent is never applied a second time.
 */
import type { ClientId, UserId } from "../api/basic.js";
import type { Database } from "./database.js";
import type { Locks } from "./locks.js";
import { within } from "./schema.js";

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
    const release = await locks.take(lockName(client));
    if (release) return { client, release };
  }
  return null;
}
