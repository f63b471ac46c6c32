/** Thresholds of a widget: from which value on which colour holds. */
import { asArray, asNumber, asObject, asString, at, type JsonObject } from "./json";

export interface Step {
  /** `-Infinity` for the ground colour. */
  readonly from: number;
  readonly color: string;
}

export interface Thresholds {
  readonly mode: "absolute" | "percentage";
  /** Sorted by `from`. */
  readonly steps: readonly Step[];
}

export function thresholdsOf(defaults: JsonObject): Thresholds {
  const mode = asString(at(defaults, "thresholds", "mode")) === "percentage" ? "percentage" : "absolute";
  const steps = asArray(at(defaults, "thresholds", "steps")).map((step, index): Step => {
    const value = asNumber(asObject(step).value);
    return {
      from: value ?? (index === 0 ? Number.NEGATIVE_INFINITY : 0),
      color: asString(asObject(step).color) ?? "green",
    };
  });
  return { mode, steps: steps.sort((a, b) => a.from - b.from) };
}

/** The colour name that holds at a value; `null` without thresholds. */
export function colorAt(thresholds: Thresholds, value: number | null, min = 0, max = 100): string | null {
  const first = thresholds.steps[0];
  if (!first) return null;
  if (value === null) return first.color;
  const measured =
    thresholds.mode === "percentage" ? (max === min ? 0 : ((value - min) / (max - min)) * 100) : value;
  let color = first.color;
  for (const step of thresholds.steps) if (measured >= step.from) color = step.color;
  return color;
}

/** Where each step begins on the value axis. */
export function stepValue(thresholds: Thresholds, step: Step, min: number, max: number): number {
  return thresholds.mode === "percentage" ? min + ((max - min) * step.from) / 100 : step.from;
}
