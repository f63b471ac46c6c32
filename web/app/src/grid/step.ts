/** One step of the keyboard's Move mode. */
import { compact } from "@coboard/client";
import { bottomOf, COLUMNS, type Placed, type Rect, sameRect } from "./rect";

export type Direction = "left" | "right" | "up" | "down";

/**
 * The layout after moving (or, with `resize`, growing and shrinking) one widget by one cell. Upwards and downwards a
 * step goes as far as is needed to change anything, since widgets rest on each other. `null`: no step is possible.
 */
export function stepLayout(
  layout: readonly Placed[],
  item: string,
  direction: Direction,
  resize: boolean,
): Placed[] | null {
  const held = layout.find((entry) => entry.item === item);
  if (!held) return null;
  const limit = resize || direction === "left" || direction === "right" ? 1 : bottomOf(layout) + 1;
  for (let distance = 1; distance <= limit; distance++) {
    const rect = resize ? resized(held, direction) : moved(held, direction, distance);
    if (!rect) return null;
    const next = compact(layout.map((entry) => (entry.item === item ? { ...entry, ...rect } : entry)));
    if (changedPlace(layout, next)) return next;
  }
  return null;
}

function moved(rect: Rect, direction: Direction, distance: number): Rect | null {
  const x = rect.x + (direction === "left" ? -distance : direction === "right" ? distance : 0);
  const y = rect.y + (direction === "up" ? -distance : direction === "down" ? distance : 0);
  return x < 0 || y < 0 || x + rect.w > COLUMNS ? null : { ...rect, x, y };
}

function resized(rect: Rect, direction: Direction): Rect | null {
  const w = rect.w + (direction === "left" ? -1 : direction === "right" ? 1 : 0);
  const h = rect.h + (direction === "up" ? -1 : direction === "down" ? 1 : 0);
  return w < 1 || h < 1 || rect.x + w > COLUMNS ? null : { ...rect, w, h };
}

function changedPlace(before: readonly Placed[], after: readonly Placed[]): boolean {
  const places = new Map(before.map((entry) => [entry.item, entry]));
  return after.some((entry) => {
    const old = places.get(entry.item);
    return !old || !sameRect(old, entry);
  });
}
