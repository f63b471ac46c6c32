/** Takes away what nobody needs any more: messages behind a newer snapshot, Documents of long ago. */
import type { ClientId, DocumentId, UserId } from "../api/basic.js";
import { needed, type Place } from "./chain.js";
import type { Database } from "./database.js";
import { CLIENT_UNUSED_MS_MAX, PLACE_EVERY_REVISIONS } from "./limits.js";
import { within } from "./schema.js";
import { byAge, placeOf } from "./stored.js";

/**
 * Drops snapshots and messages of a Document that nobody needs: neither a queue, nor a tab that lives.
 *
 * @internal
 */
export async function tidyDocument(
  database: Database,
  user: UserId,
  document: DocumentId,
  isHeld: (client: ClientId) => boolean,
): Promise<void> {
  const transaction = database.transaction(["snapshots", "messages", "seats", "queue"], "readwrite");
  const [snapshots, messages, seats, queue] = await Promise.all([
    transaction.objectStore("snapshots").getAll(within(user, document)),
    transaction.objectStore("messages").getAll(within(user, document)),
    transaction.objectStore("seats").getAll(within(user, document)),
    transaction.objectStore("queue").getAll(within(user, document)),
  ]);
  const places: Place[] = [];
  for (const { client, lineage, at } of seats) {
    if (lineage === null) continue;
    const own = queue.filter((record) => record.client === client);
    const queued = placeOf(lineage, client, own);
    if (own.length > 0) places.push(queued);
    if (!isHeld(client)) continue;
    // What it does next stands on where it is: somewhere behind where it last said it was.
    const last = queued.bases.at(-1) ?? -1;
    const bases = at > last ? [...queued.bases, at] : queued.bases;
    places.push({ lineage, client, bases, until: Math.max(at, last) + PLACE_EVERY_REVISIONS });
  }
  const ordered = byAge(snapshots);
  const { starts, pieces } = needed(ordered, messages, places);
  for (const snapshot of ordered) {
    const { lineage, revision } = snapshot;
    if (!starts.has(snapshot))
      void transaction.objectStore("snapshots").delete([user, document, lineage, revision]);
  }
  for (const message of messages) {
    const { lineage, from, to, heardBy } = message;
    if (!pieces.has(message))
      void transaction.objectStore("messages").delete([user, document, lineage, from, to, heardBy]);
  }
  await transaction.done;
}

/** Keeps the Documents opened last, and those with a queue or with something refused. @internal */
export async function forgetOldDocuments(
  database: Database,
  user: UserId,
  kept: number,
  isOpen: (document: DocumentId) => boolean,
): Promise<readonly DocumentId[]> {
  const documents = await database.getAll("documents", within(user));
  const busy = await busyDocuments(database, user);
  const old = documents
    .sort((a, b) => b.openedAtMs - a.openedAtMs)
    .slice(kept)
    .map(({ document }) => document)
    .filter((document) => !busy.has(document) && !isOpen(document));
  for (const document of old) await forgetDocument(database, user, document);
  return old;
}

/** Forgets the content of a Document; the numbers of its clients stay, since they must not be given twice. @internal */
export async function forgetDocument(database: Database, user: UserId, document: DocumentId): Promise<void> {
  const transaction = database.transaction(["documents", "snapshots", "messages"], "readwrite");
  void transaction.objectStore("documents").delete([user, document]);
  void transaction.objectStore("snapshots").delete(within(user, document) as never);
  void transaction.objectStore("messages").delete(within(user, document) as never);
  await transaction.done;
}

/** Documents with work that the server has not. @internal */
export async function busyDocuments(database: Database, user: UserId): Promise<Set<DocumentId>> {
  const transaction = database.transaction(["queue", "refused"], "readonly");
  const [queue, refused] = await Promise.all([
    transaction.objectStore("queue").getAllKeys(within(user)),
    transaction.objectStore("refused").getAllKeys(within(user)),
  ]);
  return new Set([...queue, ...refused].map(([, document]) => document));
}

/** Forgets identities that nobody has used for long; those that live or have a queue are given. @internal */
export async function forgetOldClients(
  database: Database,
  user: UserId,
  nowMs: number,
  isHeld: (client: ClientId) => boolean,
): Promise<void> {
  const transaction = database.transaction(["clients", "seats", "queue"], "readwrite");
  const [clients, seats, queued] = await Promise.all([
    transaction.objectStore("clients").getAll(within(user)),
    transaction.objectStore("seats").getAll(within(user)),
    transaction.objectStore("queue").getAllKeys(within(user)),
  ]);
  const waiting = new Set(queued.map(([, , client]) => client));
  for (const { client, usedAtMs } of clients) {
    if (nowMs - usedAtMs < CLIENT_UNUSED_MS_MAX || waiting.has(client) || isHeld(client)) continue;
    void transaction.objectStore("clients").delete([user, client]);
    for (const seat of seats) {
      if (seat.client === client) void transaction.objectStore("seats").delete([user, seat.document, client]);
    }
  }
  await transaction.done;
}
