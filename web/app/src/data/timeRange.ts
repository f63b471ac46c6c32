/** The dashboard's time range: Grafana's `time: {from, to}` read into milliseconds. */
import { asString, at, type JsonObject } from "./json";

export interface TimeWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** A range as it is written: "now-6h", or a moment. */
export interface TimeRange {
  readonly from: string;
  readonly to: string;
}

const UNIT_MS: Readonly<Record<string, number>> = {
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  M: 2_592_000_000,
  y: 31_536_000_000,
};
const RELATIVE = /^now(?:-(\d+)([smhdwMy]))?(?:\/[smhdwMy])?$/;
/** Where a dashboard says nothing usable. */
export const DEFAULT_RANGE: TimeRange = { from: "now-6h", to: "now" };
const DEFAULT_FROM = DEFAULT_RANGE.from;

/** A moment such as "now-6h" or an ISO date; `null` if it is neither. */
export function parseMoment(text: string, nowMs: number): number | null {
  const relative = RELATIVE.exec(text.trim());
  if (relative) {
    const [, count, unit] = relative;
    return count && unit ? nowMs - Number(count) * (UNIT_MS[unit] ?? 0) : nowMs;
  }
  if (/^\d{12,}$/.test(text)) return Number(text);
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? null : millis;
}

/** The window of a dashboard at a moment; six hours where the document says nothing usable. */
export function windowOf(dashboard: JsonObject, nowMs: number): TimeWindow {
  const from = asString(at(dashboard, "time", "from")) ?? DEFAULT_FROM;
  const to = asString(at(dashboard, "time", "to")) ?? "now";
  const toMs = parseMoment(to, nowMs) ?? nowMs;
  const fromMs = parseMoment(from, nowMs) ?? parseMoment(DEFAULT_FROM, nowMs) ?? nowMs;
  return fromMs < toMs ? { fromMs, toMs } : { fromMs: toMs - 6 * 3_600_000, toMs };
}

/** "Last 6 h" and the like, for people. */
export function describeRange(dashboard: JsonObject): string {
  const from = asString(at(dashboard, "time", "from")) ?? DEFAULT_FROM;
  const to = asString(at(dashboard, "time", "to")) ?? "now";
  const relative = RELATIVE.exec(from);
  if (relative?.[1] && relative[2] && to === "now") return `Last ${relative[1]} ${unitWord(relative[2])}`;
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
  const match = /^(\d+)([smhd])$/.exec(asString(dashboard.refresh) ?? "");
  return match?.[1] && match[2] ? Math.max(1_000, Number(match[1]) * (UNIT_MS[match[2]] ?? 0)) : null;
}
