/** How a grid is shown, computed by the core. */
import { compact as pack } from "../../core/coboard_core.js";
import type { Placed } from "../api/layout.js";
import { isCoreLoaded } from "./load.js";

/** Columns of a dashboard. */
const COLUMNS = 24;
/** Numbers of one rectangle. */
const CELLS = 4;

/**
 * Where each widget is shown, from where it is stored: packed towards the top, in reading order.
 *
 * The document keeps the places that people gave their widgets, gaps included; what is shown is a pure function of them,
 * so everybody sees the same. No two overlap and all are inside; packing what is packed changes nothing; the order of
 * the input has no effect. Fast enough for every frame of a drag. Only when the core is loaded: when a Document is
 * ready, or after `loadCore`.
 *
 * @example
 * compact([{ item: "2", x: 0, y: 7, w: 12, h: 4 }]); // y is 0
 * @public
 */
export function compact<T extends Placed>(layout: readonly T[], columns = COLUMNS): T[] {
  if (!isCoreLoaded()) throw new Error("the core is not loaded");
  const stored = [...layout].sort((a, b) => compareItems(a.item, b.item));
  const cells = new Float64Array(stored.length * CELLS);
  for (const [index, { x, y, w, h }] of stored.entries()) cells.set([x, y, w, h], index * CELLS);
  const packed = pack(cells, columns);
  const placed = stored.map((entry, index) => {
    const [x = 0, y = 0, w = 1, h = 1] = packed.subarray(index * CELLS, (index + 1) * CELLS);
    return { ...entry, x, y, w, h };
  });
  return placed.sort((a, b) => a.y - b.y || a.x - b.x);
}

/** Items are decimal strings: shorter is smaller. */
function compareItems(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}
