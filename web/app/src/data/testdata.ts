/**
 * Seeded test data: a pure function of seed and moment, so that everybody who looks at a dashboard sees the same
 * numbers without asking anyone. Widgets that show it carry the word "sample".
 */
import type { Json } from "@coboard/client";
import type { Cell, Field, Frame } from "./frame";
import { asArray, asNumber, asObject, asString, type JsonObject } from "./json";
import type { TimeWindow } from "./timeRange";

export const SCENARIOS = ["random_walk", "sine", "square", "sawtooth", "spikes"] as const;
export type Scenario = (typeof SCENARIOS)[number];

/** One named curve. */
interface Series {
  readonly name: string;
  readonly seed: number;
  readonly min: number;
  readonly max: number;
  readonly periodMs: number;
}

const POINTS = 240;
const SERIES_MAX = 50;
/** Steps people read without thinking; the window is cut into at most {@link POINTS} of one of them. */
const STEPS_MS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 86400].map(
  (s) => s * 1000,
);

export function isScenario(text: string | undefined): text is Scenario {
  return SCENARIOS.some((scenario) => scenario === text);
}

/** The step between two points of a window. */
export function stepMs(window: TimeWindow): number {
  const wanted = (window.toMs - window.fromMs) / POINTS;
  return STEPS_MS.find((step) => step >= wanted) ?? Math.ceil(wanted / 86_400_000) * 86_400_000;
}

/** The frame of a `coboard-testdata` target over a window. */
export function testdataFrame(
  refId: string,
  target: JsonObject,
  scenario: Scenario,
  window: TimeWindow,
): Frame {
  const step = stepMs(window);
  const first = Math.ceil(window.fromMs / step) * step;
  const times: number[] = [];
  for (let time = first; time <= window.toMs; time += step) times.push(time);
  const curves = seriesOf(target, refId).map(
    (series): Field => ({
      name: series.name,
      kind: "number",
      values: times.map((time): Cell => sample(scenario, series, time)),
    }),
  );
  const time: Field = { name: "time", kind: "time", values: times };
  return { refId, name: null, fields: [time, ...curves], rowCount: times.length };
}

function seriesOf(target: JsonObject, refId: string): Series[] {
  const listed = asArray(target.series).slice(0, SERIES_MAX);
  const entries: readonly Json[] = listed.length > 0 ? listed : [asString(target.legendFormat) || refId];
  return entries.map((entry, index) => {
    const own = typeof entry === "string" ? { name: entry } : asObject(entry);
    const merged: JsonObject = { ...target, ...own };
    const min = asNumber(merged.min) ?? 0;
    return {
      name: asString(own.name) ?? `${refId} ${index + 1}`,
      seed: asNumber(asObject(entry).seed) ?? (asNumber(target.seed) ?? 1) * 1_000 + index * 7_919,
      min,
      max: asNumber(merged.max) ?? min + 100,
      periodMs: (asNumber(merged.periodSeconds) ?? 3_600) * 1_000,
    };
  });
}

/** The value of one curve at one moment. */
function sample(scenario: Scenario, series: Series, timeMs: number): number {
  const share = Math.min(1, Math.max(0, shape(scenario, series, timeMs)));
  const value = series.min + share * (series.max - series.min);
  return Number(value.toPrecision(6));
}

function shape(scenario: Scenario, series: Series, timeMs: number): number {
  const phase = (timeMs / series.periodMs + hash(series.seed, 0)) % 1;
  switch (scenario) {
    case "random_walk":
      return walk(series.seed, timeMs, series.periodMs);
    case "sine":
      return 0.5 + 0.44 * Math.sin(phase * 2 * Math.PI) + 0.03 * (noise(series.seed, timeMs / 60_000) - 0.5);
    case "square":
      return (phase < 0.5 ? 0.2 : 0.8) + 0.05 * (noise(series.seed, timeMs / 60_000) - 0.5);
    case "sawtooth":
      return 0.05 + 0.9 * phase;
    case "spikes": {
      const calm = 0.12 + 0.1 * walk(series.seed, timeMs, series.periodMs);
      const slot = Math.floor(timeMs / 300_000);
      return hash(series.seed + 11, slot) > 0.9 ? calm + 0.7 * hash(series.seed + 12, slot) : calm;
    }
  }
}

/** Five octaves of value noise: wanders like a random walk, yet can be asked at any moment. */
function walk(seed: number, timeMs: number, periodMs: number): number {
  let sum = 0;
  let weight = 0;
  for (let octave = 0; octave < 5; octave++) {
    const amplitude = 0.55 ** octave;
    sum += amplitude * noise(seed + octave * 101, (timeMs / periodMs) * 2 ** (octave * 1.3));
    weight += amplitude;
  }
  return 0.5 + (sum / weight - 0.5) * 1.5;
}

function noise(seed: number, position: number): number {
  const cell = Math.floor(position);
  const part = position - cell;
  const ease = part * part * (3 - 2 * part);
  return hash(seed, cell) * (1 - ease) + hash(seed, cell + 1) * ease;
}

/** A number in [0, 1) from two integers; the mixing steps are those of murmur3's finaliser. */
function hash(seed: number, position: number): number {
  let h = Math.imul(seed | 0, 0x9e3779b1) ^ Math.imul(position | 0, 0x85ebca6b);
  h ^= h >>> 16;
  h = Math.imul(h, 0x7feb352d);
  h ^= h >>> 15;
  h = Math.imul(h, 0x846ca68b);
  h ^= h >>> 16;
  return (h >>> 0) / 4_294_967_296;
}
