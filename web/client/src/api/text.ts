/** Text inside a Document, edited by many at once. */
import type { Readable, Unsubscribe } from "./basic.js";
import type { Change, Submitted } from "./document.js";

/** Skip (a number), insert (a string), delete; counted in UTF-16 units. @public */
export type TextDelta = readonly (number | string | { delete: number })[];

/**
 * One text of a Document.
 *
 * @example
 * const text = handle.text("@17/options/content");
 * text.apply([5, " world"]);
 * @public
 */
export interface TextHandle {
  /** The present text; "" where the path holds no text. */
  readonly value: Readable<string>;
  apply(delta: TextDelta): Submitted;
  /**
   * Changes that were not made through `apply` of this handle: remote ones, undo, other parts of the page.
   * Without a `change` it is the end of a refused edit, or a Snapshot.
   */
  on(event: "delta", listener: (delta: TextDelta, change: Change | null) => void): Unsubscribe;
}
