/** Where an own edit met changes that its author had not seen. */
import type { ItemId, Json, OperationId, Path, Revision } from "./basic.js";

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
  | "cycle";

/** What decides where two people change the same thing; applied by the server. @public */
export type Policy = "lww" | "first" | "reject" | "manual" | "delete_wins" | "bounce" | "max" | "min";

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
