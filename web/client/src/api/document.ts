/** A joined Document: content, edits, events. */
import type { CoboardError } from "../errors.js";
import type { Activity } from "./activity.js";
import type {
  ClientId,
  DocumentId,
  ItemId,
  Json,
  OperationId,
  Path,
  Readable,
  Result,
  Revision,
  Role,
  Unsubscribe,
  User,
  UserId,
} from "./basic.js";
import type { Choice, Conflict, Conflicts, OpenConflict, PathPolicy, Policy, Strategy } from "./conflicts.js";
import type { DocumentView } from "./devices.js";
import type { History } from "./history.js";
import type { BuiltInPresence, PresenceHandle } from "./presence.js";
import type { Queue } from "./queue.js";
import type { SyncStatus } from "./sync.js";
import type { TextDelta, TextHandle } from "./text.js";
import type { WidgetSession } from "./widget.js";

/** Settings of a join. @public */
export interface DocumentOptions<P extends object = object> {
  /** Presence that others see from the first moment on. */
  initialPresence?: Partial<P> & BuiltInPresence;
  /** What happens by itself with a conflict that would be listed, or a strategy for all of them. Default: "ask". */
  resolve?: ((conflict: OpenConflict) => Choice | "ask") | Strategy;
  /**
   * "manual": what was changed during an absence does not overwrite what others did meanwhile, but is put before the
   * person (texts still merge). Default "merge".
   */
  away?: "merge" | "manual";
}

/** How far a Document has been loaded. @public */
export interface LoadState {
  state: "loading" | "ready" | "failed";
  from: "device" | "server";
  /** Bytes of the Snapshot received so far. */
  bytes: number;
  /** Null where the server does not say. */
  bytesTotal: number | null;
  error?: CoboardError;
}

/** Where an item stands: `list` is the path of the array that holds it. @public */
export interface ItemPlace {
  list: Path;
  index: number;
}

/**
 * A joined Document.
 *
 * @example
 * const handle = client.join<Dashboard>("d1");
 * const loaded = await handle.whenLoaded();
 * if (!loaded.ok) throw loaded.error;
 * handle.edit("rename", (edit) => edit.set("@0/title", "CPU"));
 * @public
 */
export interface DocumentHandle<T = Json, P extends object = object> {
  readonly id: DocumentId;
  readonly role: Readable<Role>;
  readonly load: Readable<LoadState>;
  /** Immutable and structurally shared; includes own work that is not committed yet. Null until loaded. */
  readonly content: Readable<T | null>;
  /**
   * Resolves when the Document can be read and edited, at once where it can; with the error when it could not be loaded
   * or was left. Never rejects.
   */
  whenLoaded(): Promise<Result<void>>;
  readonly sync: Readable<SyncStatus>;
  readonly presence: PresenceHandle<P>;
  readonly history: History;
  readonly queue: Queue;
  readonly conflicts: Conflicts;
  /** What people did, in words. */
  readonly activity: Activity;
  /** What others changed last, if it was a moment ago: at the path, in it or around it. */
  lastEdit(path: Path): ForeignEdit | null;
  /** The stable path of a place in `content`, given by keys and indices. Null where there is nothing. */
  pathOf(json: readonly (string | number)[]): Path | null;
  /** The value at a path, shared with `content`; undefined where there is nothing. */
  read(path: Path): Json | undefined;
  /** The identity of an object found in `content`; null for what is no array item. */
  itemOf(value: unknown): ItemId | null;
  /** The value of an item, shared with `content`; undefined where it is unknown, trashed or unreachable. */
  item(id: ItemId): Json | undefined;
  /** The array that holds an item and its index there; null where it is in none. */
  placeOf(id: ItemId): ItemPlace | null;
  /**
   * One edit is one Operation, one `change` event and one undo step. Edits with the same `gesture` become one undo
   * step. Where `change` throws, nothing is changed. Throws before the Document is loaded:
   * see `whenLoaded`.
   */
  edit<R>(label: string, change: (edit: Edit) => R, options?: EditOptions): Submitted<R>;
  /** The text at a path. Two calls with one path give the same handle. */
  text(path: Path): TextHandle;
  /** The people at a widget. Two calls with one item give the same session. */
  widget(item: ItemId): WidgetSession;
  /** What this tab shows, for `client.devices` of the same person alone. Told at most every two seconds. */
  tellView(view: DocumentView): void;
  on<K extends keyof DocumentEvents>(event: K, listener: (event: DocumentEvents[K]) => void): Unsubscribe;
  leave(): void;
}

/** A change of somebody else. @public */
export interface ForeignEdit {
  author: UserId;
  /** Null where it is not known. */
  name: string | null;
  atMs: number;
}

/** Settings of one edit. @public */
export interface EditOptions {
  /** All of it or nothing, where the server would refuse a part. */
  atomic?: boolean;
  /** What decides where the policies of the Document say nothing. Default "lww". */
  policy?: Policy;
  /** The same in simpler words; also what happens by itself if the edit loses. `policy` counts more. */
  strategy?: Strategy;
  /** Edits with one gesture id become one undo step, up to 24 KiB of JSON; more goes into a next one. */
  gesture?: string;
}

/** What an edit can do. It is valid only inside the function it was given to. @public */
export interface Edit {
  set(path: Path, value: Json): void;
  remove(path: Path): void;
  /** Concurrent adds sum up. */
  add(path: Path, integer: number): void;
  text(path: Path, delta: TextDelta): void;
  /** `list` is the path of an array. The new item's id is valid at once, also for further steps. */
  insert(list: Path, value: Json, at?: Place): ItemId;
  move(item: ItemId, list: Path, at?: Place): void;
  trash(item: ItemId): void;
  /**
   * Brings a trashed item back to where it stood, with the edits made to it meanwhile.
   * Throws where its former place is not known here, because it was trashed before the Document was loaded.
   */
  restore(item: ItemId, at?: Place): void;
}

/** Where in an array. Default "end". @public */
export type Place = { before: ItemId } | { after: ItemId } | "start" | "end";

/** Where work is safe. @public */
export type Durability = "server" | "device" | "memory";

/** An edit on its way. Both promises always resolve. @public */
export interface Submitted<R = void> {
  readonly value: R;
  readonly id: OperationId;
  /** Resolves when it is clear where the edit is safe: on the device, or in memory alone, or the server was faster. */
  readonly client: Promise<Result<{ durability: Durability }>>;
  /** Resolves when the server has committed or refused it. */
  readonly server: Promise<Result<{ revision: Revision }>>;
}

/** One edit, seen from here. @public */
export interface Change {
  /** Null: local, not committed yet. */
  revision: Revision | null;
  origin: "local" | "other-tab" | "remote";
  author: UserId;
  client: ClientId;
  atMs: number;
  label: string;
  kind: "edit" | "undo" | "redo" | "restore" | "import" | "fixup";
  /** Operations it stands for: more than one after something was missed. */
  count: number;
  /** Empty where several people did what was missed. */
  paths: readonly Path[];
  items: readonly ItemId[];
}

/** Events of a Document. @public */
export interface DocumentEvents {
  change: Change;
  ack: { id: OperationId; revision: Revision };
  /**
   * An own operation was refused and is taken back. With the sequence 0: an edit was refused before it became one, as
   * for its size, and nothing was changed.
   */
  reject: { id: OperationId; error: CoboardError };
  /** An own edit met a change that its author had not seen; once for each place where it did. */
  conflict: Conflict;
  join: User;
  leave: User;
  /** Somebody asks this person to go on at a widget. */
  handOff: { from: User; item: ItemId; field: Path | null };
  role: Role;
  /** Somebody changed what decides where two people change the same thing; this client or another one. */
  policies: { policies: readonly PathPolicy[]; author: { id: UserId; name: string }; atMs: number };
  /** The content was replaced by a Snapshot of the server; own work was put on top of it. */
  reset: { to: Revision };
  /** The content was not the server's and is taken anew: a fault of ours, worth reporting. Own work stays. */
  diverged: { at: Revision };
  /** The Document is gone, or can no longer be read. `by` is null where the server does not say. */
  deleted: { by: UserId | null };
}
