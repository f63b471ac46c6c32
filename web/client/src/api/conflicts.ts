/** Where an own edit met changes that its author had not seen. */
import type { ItemId, Json, OperationId, Path, Readable, Revision, UserId } from "./basic.js";
import type { Submitted } from "./document.js";

/** What met. @public */
export type ConflictKind =
  | "lost_write"
  | "edit_in_replaced"
  | "text_vs_set"
  | "add_lost"
  | "concurrent_move"
  | "move_vs_delete"
  | "edit_in_deleted"
  | "move_into_deleted"
  | "cycle"
  | "schema"
  | "text_overlap";

/** What decides where two people change the same thing; applied by the server. @public */
export type Policy = "lww" | "first" | "reject" | "manual" | "delete_wins" | "bounce" | "max" | "min";

/** A rule of a Document: the first whose path matches decides. @public */
export interface PathPolicy {
  /** A JSON Pointer in which one asterisk stands for one key, and two for any number of them. */
  path: string;
  policy: Policy;
}

/**
 * What is to happen where one's own edit meets another one: `merge` merges what can be merged and lets the later one
 * win, `server` keeps what is there, `client` takes one's own again, `manual` keeps what is there and asks.
 * @public
 */
export type Strategy = "merge" | "server" | "client" | "manual";

/** What a person, or a program, decides about a conflict. @public */
export type Choice = { take: "theirs" } | { take: "mine" } | { take: "value"; value: Json };

/**
 * One side of a conflict: a value, a number that was added, steps of a text edit (counted in Unicode scalar values),
 * a place (null: deleted), or nothing there. Arrays in a value are `{"$l": id}`, as on the wire.
 * @public
 */
export type ConflictSide =
  | { value: Json }
  | { add: number }
  | { text: readonly Json[] }
  | { location: readonly [list: string, key: string] | null }
  | { [key in "value" | "add" | "text" | "location"]?: never };

/** One place where an own edit met another one. @public */
export interface Conflict {
  /** The same in every session. */
  id: string;
  kind: ConflictKind;
  item: ItemId;
  /** Null where it is about the item as a whole: its place, or whether it is there. */
  path: Path | null;
  /** What decided. */
  policy: Policy;
  before: ConflictSide;
  theirs: ConflictSide;
  mine: ConflictSide;
  /** Which of the two stands. */
  winner: "theirs" | "mine";
  /** The own edit. */
  operation: OperationId;
  revision: Revision;
  /** The one it met; null where it is not known. */
  theirOperation: OperationId | null;
}

/** A conflict in which an intent was lost, until somebody decides. @public */
export interface OpenConflict extends Conflict {
  /** Why it is here: an own edit was lost; a policy leaves it to a person; both happened while one was away. */
  reason: "lost" | "manual" | "review";
  /** The absence it came with: all of one are looked at together. Null: it came while both were there. */
  review: string | null;
  /** Whose edit it met, as far as that is known. */
  theirAuthor: { id: UserId; name: string | null } | null;
  /** When it was noticed here. */
  atMs: number;
  /** The outermost item it is in, below the Document itself: what people see as one thing. */
  subject: ItemId;
  /** What people call that, if it has a title. */
  title: string | null;
  /** Both sides as plain values; absent: nothing there, or nothing that can be shown as a value. */
  values: { before?: Json; theirs?: Json; mine?: Json };
  /** Which choices can be carried out. What stands can always be kept. */
  choices: { theirs: boolean; mine: boolean; value: boolean };
}

/**
 * The conflict inbox of one Document: what was lost, until somebody decides. A choice is an ordinary edit.
 *
 * @example
 * for (const { id } of handle.conflicts.open.current) handle.conflicts.resolve(id, { take: "mine" });
 * @public
 */
export interface Conflicts {
  /** Oldest first, kept on the device. Several in one place are one. */
  readonly open: Readable<readonly OpenConflict[]>;
  /** How many more there were than are kept; the history has them. */
  readonly older: Readable<number>;
  /** Carries out a choice and takes the conflict off the list; for several it is one step of undo. An unknown one, or one that cannot be carried out, changes nothing. */
  resolve(id: string | readonly string[], choice: Choice): Submitted;
  /** The same for all that came with the same absence and offer the choice; one edit, one step of undo. */
  resolveSimilar(id: string, choice: Choice): Submitted;
  /** Takes it off the list and leaves everything as it stands. */
  dismiss(id: string): void;
  /** Forgets how many older ones there were. */
  dismissOlder(): void;
}
