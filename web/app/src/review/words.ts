/** A word about what somebody else changed a moment ago. */
import type { ForeignEdit } from "@coboard/client";

/** "Bo changed this 3 s ago". */
export function justChanged({ name, atMs }: ForeignEdit, verb: string, nowMs = Date.now()): string {
  return `${name ?? "Somebody"} ${verb} this ${when(atMs, nowMs)}`;
}

/** The same in a narrow place: "Bo, 3 s ago". */
export function justNow({ name, atMs }: ForeignEdit, nowMs = Date.now()): string {
  return `${name ?? "Somebody"}, ${when(atMs, nowMs)}`;
}

function when(atMs: number, nowMs: number): string {
  const seconds = Math.max(0, Math.round((nowMs - atMs) / 1_000));
  return seconds < 2 ? "just now" : `${seconds} s ago`;
}
