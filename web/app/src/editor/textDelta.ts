/** Between plain text fields and deltas. Offsets are UTF-16 units, and never inside a surrogate pair. */
import type { TextDelta } from "@coboard/client";

/** The smallest single splice from one text to another. */
export function textDelta(before: string, after: string): TextDelta {
  const shorter = Math.min(before.length, after.length);
  let start = 0;
  while (start < shorter && before[start] === after[start]) start++;
  if (splitsPair(before, start) || splitsPair(after, start)) start--;
  let end = 0;
  while (end < shorter - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  if (splitsPair(before, before.length - end) || splitsPair(after, after.length - end)) end--;
  const inserted = after.slice(start, after.length - end);
  const deleted = before.length - end - start;
  return [
    ...(start > 0 && (inserted !== "" || deleted > 0) ? [start] : []),
    ...(inserted !== "" ? [inserted] : []),
    ...(deleted > 0 ? [{ delete: deleted }] : []),
  ];
}

/** Whether an offset is in the middle of a surrogate pair. */
export function splitsPair(text: string, offset: number): boolean {
  const before = text.charCodeAt(offset - 1);
  const after = text.charCodeAt(offset);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}

/** Where an offset stands after somebody else's delta. What is inserted at the offset comes after it. */
export function mapOffset(delta: TextDelta, offset: number): number {
  let old = 0;
  let moved = offset;
  for (const part of delta) {
    if (old > offset) break;
    if (typeof part === "number") old += part;
    else if (typeof part === "string") {
      if (old < offset) moved += part.length;
    } else {
      moved -= Math.max(0, Math.min(part.delete, offset - old));
      old += part.delete;
    }
  }
  return moved;
}
