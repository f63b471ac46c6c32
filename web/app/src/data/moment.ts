/** Moments as Grafana writes them: "now-6h", "now-1d/d", or a date. Days and longer are those of this place. */

/** Which end of a range it is: "now/d" is the start of the day there, or its end. */
export type Edge = "start" | "end";

const SECOND = 1_000;
const FIXED_MS: Readonly<Record<string, number>> = { s: SECOND, m: 60 * SECOND, h: 3_600 * SECOND };
const RELATIVE = /^now(?:-(\d{1,6})([smhdwMy]))?(?:\/([smhdwMy]))?$/;

export interface Relative {
  readonly count: number;
  readonly unit: string;
  /** The unit it is rounded to. */
  readonly whole: string | null;
}

/** What follows "now"; `null` if the text begins otherwise. */
export function relativeOf(text: string): Relative | null {
  const found = RELATIVE.exec(text.trim());
  return found && { count: Number(found[1] ?? 0), unit: found[2] ?? "s", whole: found[3] ?? null };
}

/** `null` if it is no moment. */
export function parseMoment(text: string, nowMs: number, edge: Edge = "start"): number | null {
  const relative = relativeOf(text);
  if (relative) {
    const moment = earlier(nowMs, relative.count, relative.unit);
    if (relative.whole === null) return moment;
    const start = startOf(moment, relative.whole);
    return edge === "start" ? start : earlier(start, -1, relative.whole) - 1;
  }
  if (/^\d{12,}$/.test(text)) return Number(text);
  const millis = Date.parse(text);
  return Number.isNaN(millis) ? null : millis;
}

function earlier(ms: number, count: number, unit: string): number {
  const fixed = FIXED_MS[unit];
  if (fixed !== undefined) return ms - count * fixed;
  const at = new Date(ms);
  if (unit === "d" || unit === "w") at.setDate(at.getDate() - count * (unit === "w" ? 7 : 1));
  else {
    const day = at.getDate();
    at.setDate(1);
    at.setMonth(at.getMonth() - count * (unit === "y" ? 12 : 1));
    at.setDate(Math.min(day, new Date(at.getFullYear(), at.getMonth() + 1, 0).getDate()));
  }
  return at.getTime();
}

function startOf(ms: number, unit: string): number {
  const fixed = FIXED_MS[unit];
  // Places with half an hour of their own have whole hours elsewhere, but nobody reads charts by that.
  if (fixed !== undefined) return Math.floor(ms / fixed) * fixed;
  const at = new Date(ms);
  at.setHours(0, 0, 0, 0);
  if (unit === "w") at.setDate(at.getDate() - ((at.getDay() + 6) % 7));
  if (unit === "M") at.setDate(1);
  if (unit === "y") at.setMonth(0, 1);
  return at.getTime();
}
