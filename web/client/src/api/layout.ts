/** Widgets on a grid. */
import type { ItemId } from "./basic.js";

/**
 * A rectangle in grid cells: first column, first row, columns, rows.
 *
 * @public
 */
export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/**
 * A rectangle and the widget that it is of.
 *
 * @public
 */
export interface Placed extends Rect {
  readonly item: ItemId;
}
