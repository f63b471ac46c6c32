/** The dashboard's time range: Grafana's `time: {from, to}` read into milliseconds. */
import { asString, at, type JsonObject } from "./json";
import { parseMoment, relativeOf } from "./moment";

export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A range as it is written: "now-6h", or a moment. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

const REFRESH_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** What people call them. */
const NAMES: Readonly<Record<string, string>> = {
  "now/d now": "Today",
  "now/d now/d": "Today",
  "now-1d/d now-1d/d": "Yesterday",
  "now/w now": "This week",
  "now/w now/w": "This week",
  "now/M now": "This month",
  "now/M now/M": "This month",
};
/** Where a dashboard says nothing usable. */
export const DEFAULT_RANGE: TimeRange = { from: "now-6h", to: "now" };
const DEFAULT_FROM = DEFAULT_RANGE.from;

/** The window of a dashboard at a moment; six hours where the document says nothing usable. */
export function windowOf(dashboard: JsonObject, nowMs: number): TimeWindow {
  const { from, to } = rangeOf(dashboard);
  const toMs = parseMoment(to, nowMs, "end") ?? nowMs;
  const fromMs = parseMoment(from, nowMs) ?? parseMoment(DEFAULT_FROM, nowMs) ?? nowMs;
  return fromMs < toMs ? { fromMs, toMs } : { fromMs: toMs - 6 * 3_600_000, toMs };
}

/** The range as a dashboard has it. */
export function rangeOf(dashboard: JsonObject): TimeRange {
  return {
    from: asString(at(dashboard, "time", "from")) ?? DEFAULT_FROM,
    to: asString(at(dashboard, "time", "to")) ?? DEFAULT_RANGE.to,
  };
}

/** "Last 6 h" and the like, for people. */
export function describeRange(dashboard: JsonObject): string {
  const { from, to } = rangeOf(dashboard);
  const name = NAMES[`${from} ${to}`];
  if (name) return name;
  const relative = relativeOf(from);
  if (relative && relative.count > 0 && relative.whole === null && to === "now")
    return `Last ${relative.count} ${unitWord(relative.unit)}`;
  return `${shortMoment(from)} – ${shortMoment(to)}`;
}

function unitWord(unit: string): string {
  return unit === "m" ? "min" : unit === "M" ? "mo" : unit;
}

function shortMoment(text: string): string {
  const millis = parseMoment(text, Number.NaN);
  if (text.startsWith("now") || millis === null) return text;
  return new Date(millis).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

/** How often the document asks for fresh data ("30s"); `null` if not at all. */
export function refreshMs(dashboard: JsonObject): number | null {
  return everyMs(asString(dashboard.refresh) ?? "");
}

/** "30s" in milliseconds; `null` for what is no interval. */
export function everyMs(text: string): number | null {
  const match = /^(\d+)([smhd])$/.exec(text);
  return match?.[1] && match[2] ? Math.max(1_000, Number(match[1]) * (REFRESH_MS[match[2]] ?? 0)) : null;
}
