/** Time ranges that people choose from, and those they type. */
import { type Edge, parseMoment } from "../data/moment";
import type { TimeRange } from "../data/timeRange";

const LAST: readonly TimeRange[] = [
  "5m",
  "15m",
  "30m",
  "1h",
  "3h",
  "6h",
  "12h",
  "24h",
  "2d",
  "7d",
  "30d",
  "90d",
].map((length) => ({ from: `now-${length}`, to: "now" }));

export const QUICK_RANGES: readonly TimeRange[] = [
  ...LAST,
  { from: "now/d", to: "now" },
  { from: "now-1d/d", to: "now-1d/d" },
  { from: "now/w", to: "now" },
];

/** What was typed as a range, or why it is none. */
export function typedRange(from: string, to: string, nowMs: number): TimeRange | string {
  const start = momentOf(from, nowMs, "start");
  if (start === null) return `"${from.trim()}" is no moment`;
  const end = momentOf(to, nowMs, "end");
  if (end === null) return `"${to.trim()}" is no moment`;
  if (start.ms >= end.ms) return "The start is not before the end";
  return { from: start.text, to: end.text };
}

/** Dates are kept as the moment they are here: elsewhere the same text would be another one. */
function momentOf(typed: string, nowMs: number, edge: Edge): { text: string; ms: number } | null {
  const text = typed.trim();
  const ms = text === "" ? null : parseMoment(text, nowMs, edge);
  if (ms === null || Math.abs(ms) > MOMENT_MS_MAX) return null;
  return { text: text.startsWith("now") ? text : new Date(ms).toISOString(), ms };
}

/** What a date can be. */
const MOMENT_MS_MAX = 8.64e15;

/** A moment as it is typed: dates in the time of this place. */
export function toType(text: string): string {
  if (text.startsWith("now")) return text;
  const ms = parseMoment(text, 0);
  if (ms === null) return text;
  const at = new Date(ms);
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
