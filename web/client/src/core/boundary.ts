/** What crosses into the wasm core and out of it, as JSON text. Neither side of it is public. */
import type {
  ClientId,
  DocumentId,
  ItemId,
  Json,
  OperationId,
  Path,
  Revision,
  Role,
  UserId,
} from "../api/basic.js";
import type { Conflict, Policy } from "../api/conflicts.js";
import type { Change, Place } from "../api/document.js";
import type { TextDelta } from "../api/text.js";
import type { ErrorBody } from "../errors.js";

/** The client machine of one Document. @internal */
export interface DocumentCore {
  handle(nowMs: number, input: string): string;
  nextTimeout(): number | undefined;
  edit(nowMs: number, request: string): string;
  undo(nowMs: number): string;
  redo(nowMs: number): string;
  /** A fresh item id, for an insert whose id is wanted before the edit is made. */
  reserve(): ItemId;
  /** Own operations that are not acknowledged, oldest first. */
  queue(): string;
  /** The committed document as the body of a snapshot; nothing if there is none. */
  snapshot(): string | undefined;
  free(): void;
}

/** Makes the machine of one Document; the core is loaded by then. @internal */
export type MakeCore = (config: CoreConfig) => DocumentCore;

/** Who the machine works for. @internal */
export interface CoreConfig {
  document: DocumentId;
  client: ClientId;
  user: { id: UserId; name: string };
  /** Where a client goes on that was here before. */
  resume?: ClientNumbers;
  /** Tell what has to be kept to go on after a crash. */
  keep?: boolean;
}

/** Where a client goes on in a document: what is new is numbered behind these. @internal */
export interface ClientNumbers {
  /** 0: it never had a session there. */
  client_number: number;
  sequence: number;
  counter: number;
}

/** An own operation as it is kept. @internal */
export interface KeptOperation {
  id: OperationId;
  /** The revision it stands on, with those before it in the queue. */
  base: Revision;
  components: Json;
  meta: { readonly [key: string]: Json };
  at_ms: number;
}

/** What changed in what the device is to keep: to be written together with the message it followed from. @internal */
export interface KeepNote {
  type: "keep";
  /** Take a snapshot of the core: nothing kept before leads to what it has. */
  snapshot: boolean;
  put: readonly KeptOperation[];
  /** Sequences of own operations. */
  drop: readonly number[];
  reserve: { sequence: number; counter: number } | null;
}

/** Every Socket.IO answer. @internal */
export type Answer = { ok: true; value: unknown } | { ok: false; error: ErrorBody };

/** One step of an edit. @internal */
export type Step =
  | { set: { path: Path; value: Json } }
  | { remove: { path: Path } }
  | { add: { path: Path; by: number } }
  | { text: { path: Path; delta: readonly (number | string | { d: number })[] } }
  | { insert: { list: Path; value: Json; item: ItemId; at?: Place } }
  | { move: { item: ItemId; list: Path; at?: Place } }
  | { trash: { item: ItemId } };

/** A whole edit. @internal */
export interface EditRequest {
  label: string;
  gesture?: string;
  atomic?: boolean;
  policy?: Policy;
  steps: readonly Step[];
}

/** What edit, undo and redo answer. @internal */
export interface EditAnswer {
  id: OperationId | null;
  created: readonly ItemId[];
  error?: ErrorBody;
  outputs: readonly Output[];
}

/** A value on the wire: `{"$l": id}` stands for an array, a key that begins with "$" has one more. @internal */
export type WireValue = null | boolean | number | string | { readonly [key: string]: WireValue };

/** One session's presence on the wire. @internal */
export interface PresenceEntry {
  session: string;
  client: string;
  user: { id: UserId; name: string; color: string };
  state: { readonly [key: string]: Json };
}

/** New values of changed items, new orders of changed lists. @internal */
export interface ContentChange {
  items: { readonly [item: ItemId]: WireValue };
  lists: { readonly [list: string]: readonly ItemId[] };
  /** Forget everything: this is the whole document. */
  reset?: boolean;
}

/** A change as the core tells it. @internal */
export interface ChangeNote {
  revision: Revision | null;
  origin: "local" | "remote";
  author: UserId;
  client: string;
  at_ms: number;
  label: string;
  kind: Change["kind"];
  count: number;
  paths: readonly Path[];
  items: readonly ItemId[];
}

/** Numbers of the sending machine. @internal */
export interface StatusNote {
  type: "status";
  revision: Revision;
  pending_count: number;
  inflight: boolean;
  oldest_unacked_at_ms: number | null;
  joined: boolean;
  loading: boolean;
  undo: { count: number; label: string | null };
  redo: { count: number; label: string | null };
  progress?: { kind: "catching_up" | "sending"; done: number; total: number };
}

/** An operation that the server has not acknowledged. @internal */
export interface QueuedNote {
  id: OperationId;
  label: string;
  item: ItemId | null;
  at_ms: number;
  inflight: boolean;
  /** The server may have it. */
  sent: boolean;
}

/** A conflict on the wire: at a cell, or at an item as a whole. @internal */
export interface ConflictNote extends Pick<Conflict, "kind" | "before" | "theirs" | "mine" | "winner"> {
  cell?: Path;
  item?: ItemId;
  policy?: Policy;
  /** Mine first. */
  operations?: readonly [OperationId, OperationId];
}

/** What an own operation met. @internal */
export interface ConflictsNote {
  type: "conflicts";
  id: OperationId;
  revision: Revision;
  conflicts: readonly ConflictNote[];
}

/** What the core wants or tells. @internal */
export type Output =
  | { type: "request"; request: number; event: string; payload: object }
  | { type: "fetch_snapshot"; url: string; etag: string }
  | {
      type: "session";
      session: string;
      role: Role;
      client_number: number;
      presence: readonly PresenceEntry[];
    }
  | ({ type: "changed"; change: ChangeNote | null } & ContentChange)
  | { type: "ack"; id: OperationId; revision: Revision }
  | ConflictsNote
  | ({ type: "reject"; error: ErrorBody } & KeptOperation)
  | { type: "restore_failed"; error: ErrorBody }
  | { type: "diverged"; revision: Revision }
  | KeepNote
  | StatusNote
  | { type: "ended"; error: ErrorBody };

/** Deltas use `delete` in the API and `d` on the wire; CRLF becomes LF on its way in. @internal */
export function wireDelta(delta: TextDelta): (number | string | { d: number })[] {
  return delta.map((part) => {
    if (typeof part === "object") return { d: part.delete };
    return typeof part === "string" ? part.replaceAll("\r\n", "\n") : part;
  });
}
