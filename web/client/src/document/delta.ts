/** The smallest single splice between two texts. */
import type { TextDelta } from "../api/text.js";

/**
 * A delta that turns `before` into `after`, as one splice; empty where they are equal.
 * It never splits a surrogate pair. Among equal splices it takes the one furthest to the right.
 * @internal
 */
export function splice(before: string, after: string): TextDelta {
  if (before === after) return [];
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  if (isHigh(before.charCodeAt(start - 1))) start -= 1;
  let tail = 0;
  while (tail < shorter - start && unitFromEnd(before, tail) === unitFromEnd(after, tail)) tail += 1;
  if (tail > 0 && isLow(unitFromEnd(before, tail - 1))) tail -= 1;
  const inserted = after.slice(start, after.length - tail);
  const deleted = before.length - tail - start;
  return [
    ...(start > 0 ? [start] : []),
    ...(inserted === "" ? [] : [inserted]),
    ...(deleted === 0 ? [] : [{ delete: deleted }]),
  ];
}

function unitFromEnd(text: string, distance: number): number {
  return text.charCodeAt(text.length - 1 - distance);
}

function isHigh(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}
