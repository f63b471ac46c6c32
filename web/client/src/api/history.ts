/** Undo and redo of own operations. */
import type { Readable } from "./basic.js";
import type { Submitted } from "./document.js";

/** What the next undo or redo would take. @public */
export interface UndoState {
  count: number;
  label: string | null;
}

/** Own operations only; undo never overwrites a newer value of somebody else. @public */
export interface History {
  readonly undoable: Readable<UndoState>;
  readonly redoable: Readable<UndoState>;
  /** Null where there is nothing to undo. */
  undo(): Submitted | null;
  redo(): Submitted | null;
  /** Edits between `pause` and `resume` become one undo step. */
  pause(): void;
  resume(): void;
}
