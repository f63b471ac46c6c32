/** What stands in the database of the device, and how older versions become this one. */
import type { DBSchema, IDBPDatabase } from "idb";
import type { ClientId, DocumentId, Revision, UserId } from "../api/basic.js";
import type { DashboardSummary } from "../api/dashboards.js";
import type { ClientNumbers } from "../core/boundary.js";
import type { ErrorBody } from "../errors.js";

/** Version of the schema. A change adds a step to {@link upgrade}. @internal */
export const DATABASE_VERSION = 2;

/** Who a token belongs to, as the server once said. @internal */
export interface PersonRecord {
  /** SHA-256 of the token, in hex. */
  digest: string;
  user: { id: UserId; name: string };
  atMs: number;
}

/** A Document that was opened here. @internal */
export interface DocumentRecord {
  user: UserId;
  document: DocumentId;
  title: string | null;
  openedAtMs: number;
}

/** A Document as it was at a revision. @internal */
export interface SnapshotRecord {
  user: UserId;
  document: DocumentId;
  /** The history that the revision is counted in. */
  lineage: string;
  revision: Revision;
  takenAtMs: number;
  /** As HTTP gives it. */
  text: string;
}

/** Entries of the log as they came. @internal */
export interface MessageRecord {
  user: UserId;
  document: DocumentId;
  lineage: string;
  /** The revision before its first entry. */
  from: Revision;
  to: Revision;
  /** Revisions at which it can be entered; null: all from `from` to `to`. */
  stops: readonly Revision[] | null;
  /** The client that several entries were composed for, which never are its own; "" where each came by itself. */
  heardBy: ClientId;
  text: string;
}

/** One client, in one tab at a time. @internal */
export interface ClientRecord {
  user: UserId;
  client: ClientId;
  usedAtMs: number;
}

/** A client in a Document: numbers that nobody may give a second time. @internal */
export interface SeatRecord {
  user: UserId;
  document: DocumentId;
  client: ClientId;
  /** The history that its queue stands in; null before it had a Document. */
  lineage: string | null;
  /** Where it stood when this was written: what leads there is kept while its tab lives. */
  at: Revision;
  numbers: ClientNumbers;
}

/** An own operation that waits for the server. @internal */
export interface QueueRecord {
  user: UserId;
  document: DocumentId;
  client: ClientId;
  sequence: number;
  /** The revision it stands on. */
  base: Revision;
  /** `{id, base, components, meta, at_ms}` as JSON text. */
  text: string;
  /** What it met stands among the conflicts already, or was decided. */
  told?: boolean;
}

/** An own operation that did not make it, until the person dismisses it. @internal */
export interface RefusedRecord extends QueueRecord {
  error: ErrorBody;
  refusedAtMs: number;
}

/** A conflict that nobody has decided yet; under the id "" how many more there were. @internal */
export interface ConflictRecord {
  user: UserId;
  document: DocumentId;
  id: string;
  /** The conflict as JSON text. */
  text: string;
}

/** The list of dashboards as it was last seen. @internal */
export interface ListRecord {
  user: UserId;
  rows: readonly DashboardSummary[];
  atMs: number;
}

/** The stores by name. Keys are arrays, so that what belongs together stands together. @internal */
export interface DeviceSchema extends DBSchema {
  people: { key: string; value: PersonRecord };
  documents: { key: [UserId, DocumentId]; value: DocumentRecord };
  snapshots: { key: [UserId, DocumentId, string, Revision]; value: SnapshotRecord };
  messages: { key: [UserId, DocumentId, string, Revision, Revision, ClientId]; value: MessageRecord };
  clients: { key: [UserId, ClientId]; value: ClientRecord };
  seats: { key: [UserId, DocumentId, ClientId]; value: SeatRecord };
  queue: { key: [UserId, DocumentId, ClientId, number]; value: QueueRecord };
  refused: { key: [UserId, DocumentId, ClientId, number]; value: RefusedRecord };
  conflicts: { key: [UserId, DocumentId, string]; value: ConflictRecord };
  lists: { key: UserId; value: ListRecord };
}

/** The name of a store. @internal */
export type StoreName =
  | "people"
  | "documents"
  | "snapshots"
  | "messages"
  | "clients"
  | "seats"
  | "queue"
  | "refused"
  | "conflicts"
  | "lists";

/** All stores, and the members that make their keys. @internal */
export const KEY_PATHS: { readonly [name in StoreName]: string | string[] } = {
  people: "digest",
  documents: ["user", "document"],
  snapshots: ["user", "document", "lineage", "revision"],
  messages: ["user", "document", "lineage", "from", "to", "heardBy"],
  clients: ["user", "client"],
  seats: ["user", "document", "client"],
  queue: ["user", "document", "client", "sequence"],
  refused: ["user", "document", "client", "sequence"],
  conflicts: ["user", "document", "id"],
  lists: "user",
};

/** Stores that came after version 1, with the version they came in. */
const LATER: { readonly [name in StoreName]?: number } = { conflicts: 2 };

/** Brings a database of an older version to this one; 0 is a new one. @internal */
export function upgrade(database: IDBPDatabase<DeviceSchema>, from: number): void {
  for (const [name, keyPath] of Object.entries(KEY_PATHS) as [StoreName, string | string[]][]) {
    if (from < (LATER[name] ?? 1)) database.createObjectStore(name, { keyPath });
  }
}

/** All keys that begin with these members: an array sorts behind every text and number. @internal */
export function within(...prefix: (string | number)[]): IDBKeyRange {
  return IDBKeyRange.bound(prefix, [...prefix, []]);
}

/** What a store holds. @internal */
export type RecordOf<S extends StoreName> = DeviceSchema[S]["value"];
