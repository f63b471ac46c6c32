/** Rectangles in grid cells: 24 columns, rows of 30 px. */

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

/** A rectangle and whose it is. */
export interface Placed extends Rect {
  readonly item: string;
}

export const COLUMNS = 24;
export const ROW_HEIGHT_PX = 30;
export const GAP_PX = 8;
/** A widget taller than this is a mistake in the file, and is cut. */
const HEIGHT_MAX = 500;

export function sameRect(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h;
}

export function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

/** The rectangle inside the grid that is nearest to what was stored. */
export function clampRect(rect: Rect): Rect {
  const w = clamp(Math.round(rect.w), 1, COLUMNS);
  const h = clamp(Math.round(rect.h), 1, HEIGHT_MAX);
  return { x: clamp(Math.round(rect.x), 0, COLUMNS - w), y: Math.max(0, Math.round(rect.y)), w, h };
}

/** Top to bottom, then left to right: the order in which a person reads, and in which the keyboard walks. */
export function readingOrder<T extends Placed>(placed: readonly T[]): T[] {
  return [...placed].sort((a, b) => a.y - b.y || a.x - b.x || compareItems(a.item, b.item));
}

/** The first free row below everything. */
export function bottomOf(placed: readonly Rect[]): number {
  return placed.reduce((bottom, rect) => Math.max(bottom, rect.y + rect.h), 0);
}

/** Items are decimal strings: shorter is smaller. */
export function compareItems(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
