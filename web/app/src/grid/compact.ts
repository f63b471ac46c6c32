/**
 * Where widgets are shown, from where they are stored.
 *
 * The document keeps each widget's intended rectangle; two people may well intend the same place. What everybody sees
 * is `compact(document)`: pure, so all see the same. Widgets sink towards the top in reading order and rest on those
 * already placed. Laws, tested: no overlap; `compact(compact(l)) = compact(l)`; the order of the input has no effect.
 */
import { COLUMNS, clampRect, type Placed, readingOrder } from "./rect";

export function compact<T extends Placed>(layout: readonly T[], columns = COLUMNS): T[] {
  const clamped = layout.map((entry) => ({ ...entry, ...clampRect(entry) }));
  const skyline = new Array<number>(columns).fill(0);
  const placed = readingOrder(clamped).map((entry) => {
    const end = Math.min(columns, entry.x + entry.w);
    const y = Math.max(...skyline.slice(entry.x, end));
    skyline.fill(y + entry.h, entry.x, end);
    return { ...entry, y };
  });
  return readingOrder(placed);
}
