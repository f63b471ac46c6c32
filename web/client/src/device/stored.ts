/** Reads what the device holds of one Document: the text that the core restores itself from. */
import type { ClientId, DocumentId, Revision, UserId } from "../api/basic.js";
import { ofLineage, type Place, Reach, wayOn, wayTo } from "./chain.js";
import type { Database } from "./database.js";
import {
  type MessageRecord,
  type QueueRecord,
  type SeatRecord,
  type SnapshotRecord,
  within,
} from "./schema.js";

/** A Document as the device holds it. @internal */
export interface Stored {
  /** The input `restore`; null where what is there does not fit together. */
  restore: string | null;
  lineage: string | null;
  /** The revision that it leads to. */
  to: Revision;
  /** Bytes of the snapshot, as text. */
  bytes: number;
  queue: readonly QueueRecord[];
  /** How much there is behind the snapshot. */
  messages: { count: number; bytes: number };
}

/** Reads a Document; null where nothing is there. @internal */
export async function readStored(
  database: Database,
  user: UserId,
  document: DocumentId,
  client: ClientId,
): Promise<Stored | null> {
  const transaction = database.transaction(["snapshots", "messages", "seats", "queue"], "readonly");
  const [snapshots, messages, seat, queue] = await Promise.all([
    transaction.objectStore("snapshots").getAll(within(user, document)),
    transaction.objectStore("messages").getAll(within(user, document)),
    transaction.objectStore("seats").get([user, document, client]),
    transaction.objectStore("queue").getAll(within(user, document, client)),
  ]);
  if (snapshots.length === 0 && queue.length === 0) return null;
  const found = queue.length > 0 ? underQueue(snapshots, messages, seat, queue) : newest(snapshots, messages);
  const behind = found === null ? [] : found.pieces;
  return {
    restore: found === null ? null : restoreText(found, queue),
    lineage: found?.snapshot.lineage ?? null,
    to: behind.at(-1)?.to ?? found?.snapshot.revision ?? 0,
    bytes: found?.snapshot.text.length ?? 0,
    queue,
    messages: { count: behind.length, bytes: behind.reduce((sum, { text }) => sum + text.length, 0) },
  };
}

interface Found {
  snapshot: SnapshotRecord;
  pieces: readonly MessageRecord[];
}

/** Without own work: the newest there is a way to, in the history met last. */
function newest(snapshots: readonly SnapshotRecord[], messages: readonly MessageRecord[]): Found | null {
  const last = byAge(snapshots).at(-1);
  if (!last) return null;
  let best: { found: Found; to: Revision } | null = null;
  for (const snapshot of ofLineage(byAge(snapshots), last.lineage)) {
    const reach = new Reach(snapshot.revision, ofLineage(messages, snapshot.lineage));
    const to = reach.furthest;
    if (best === null || to >= best.to)
      best = { to, found: { snapshot, pieces: reach.chain(to)?.pieces ?? [] } };
  }
  return best?.found ?? null;
}

/** With own work: over all that it stands on, and on from there. */
function underQueue(
  snapshots: readonly SnapshotRecord[],
  messages: readonly MessageRecord[],
  seat: SeatRecord | undefined,
  queue: readonly QueueRecord[],
): Found | null {
  if (!seat || seat.lineage === null) return null;
  const place = placeOf(seat.lineage, seat.client, queue);
  for (const snapshot of byAge(snapshots).reverse()) {
    const way = wayTo(snapshot, messages, place);
    if (way === null) continue;
    const on = wayOn(place.bases.at(-1) ?? snapshot.revision, messages, place);
    return { snapshot, pieces: [...way, ...on] };
  }
  return null;
}

/** Where a queue stands. @internal */
export function placeOf(lineage: string, client: ClientId, queue: readonly QueueRecord[]): Place {
  const bases = new Set(queue.map(({ base }) => base));
  return { lineage, client, bases: [...bases].sort((a, b) => a - b) };
}

/** The one taken last, last: the newest history is not the one whose name sorts last. @internal */
export function byAge(snapshots: readonly SnapshotRecord[]): SnapshotRecord[] {
  return [...snapshots].sort((a, b) => a.takenAtMs - b.takenAtMs || a.revision - b.revision);
}

/** The parts are JSON text already. */
function restoreText({ snapshot, pieces }: Found, queue: readonly QueueRecord[]): string {
  const messages = pieces.map(({ text }) => text).join(",");
  const operations = queue.map(({ text }) => text).join(",");
  return `{"type":"restore","snapshot":${snapshot.text},"messages":[${messages}],"operations":[${operations}]}`;
}
