/** A word about what somebody else changed a moment ago. */
import type { ForeignEdit } from "@coboard/client";

/** "Bo changed this 3 s ago". */
export function justChanged({ name, atMs }: ForeignEdit, verb: string, nowMs = Date.now()): string {
  const seconds = Math.max(0, Math.round((nowMs - atMs) / 1_000));
  return `${name ?? "Somebody"} ${verb} this ${seconds < 2 ? "just now" : `${seconds} s ago`}`;
}
