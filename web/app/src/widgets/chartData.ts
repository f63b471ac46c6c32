/** From frames to what a chart draws: one time axis, any number of curves, stacked where the widget says so. */
import { namedColor, seriesColor } from "../data/colors";
import { type Cell, type Frame, numberFields, timeField } from "../data/frame";
import { asBoolean, asNumber, asString, at, type JsonObject } from "../data/json";
import { type FieldConfig, fieldConfig } from "./fieldConfig";

export interface Curve {
  readonly name: string;
  readonly color: string;
  readonly config: FieldConfig;
  /** The values as they are, for legend and tooltip. */
  readonly values: readonly (number | null)[];
  /** The values as they are drawn: with those below added where the widget stacks. */
  readonly drawn: readonly (number | null)[];
  readonly style: CurveStyle;
}

export interface CurveStyle {
  readonly draw: "line" | "bars" | "points";
  readonly interpolation: "linear" | "smooth" | "stepBefore" | "stepAfter";
  readonly lineWidth: number;
  /** 0–100. */
  readonly fill: number;
  readonly spanNulls: boolean;
  readonly showPoints: boolean;
}

export interface ChartData {
  /** Milliseconds, ascending, no value twice. */
  readonly times: readonly number[];
  readonly curves: readonly Curve[];
  readonly stacked: boolean;
}

/** More curves than this are left out; the legend says how many. */
export const CURVES_MAX = 100;

/** `null` when no frame has both a time and a number. */
export function chartData(widget: JsonObject, frames: readonly Frame[]): ChartData | null {
  const usable = frames.filter((frame) => timeField(frame) !== null && numberFields(frame).length > 0);
  if (usable.length === 0) return null;
  const times = allTimes(usable);
  const index = new Map(times.map((time, position) => [time, position]));
  const raw = usable
    .flatMap((frame) =>
      numberFields(frame).map((field) => ({ name: field.name, values: spread(frame, field.values, index) })),
    )
    .slice(0, CURVES_MAX);
  const stacking = asString(at(widget, "fieldConfig", "defaults", "custom", "stacking", "mode")) ?? "none";
  const stacked = stacking === "normal" || stacking === "percent";
  const drawn = stacked
    ? stack(
        raw.map((curve) => curve.values),
        stacking === "percent",
      )
    : raw.map((curve) => curve.values);
  const curves = raw.map((curve, position): Curve => {
    const config = fieldConfig(widget, curve.name);
    const named = config.colorMode === "fixed" && config.fixedColor ? namedColor(config.fixedColor) : null;
    return {
      name: config.displayName,
      color: named ?? seriesColor(position),
      config,
      values: curve.values,
      drawn: drawn[position] ?? curve.values,
      style: curveStyle(config, stacked),
    };
  });
  return { times, curves, stacked };
}

function allTimes(frames: readonly Frame[]): number[] {
  const times = new Set<number>();
  for (const frame of frames) {
    for (const time of timeField(frame)?.values ?? []) if (typeof time === "number") times.add(time);
  }
  return [...times].sort((a, b) => a - b);
}

function spread(frame: Frame, cells: readonly Cell[], index: ReadonlyMap<number, number>): (number | null)[] {
  const values = new Array<number | null>(index.size).fill(null);
  const times = timeField(frame)?.values ?? [];
  for (const [row, time] of times.entries()) {
    const position = typeof time === "number" ? index.get(time) : undefined;
    const cell = cells[row];
    if (position !== undefined && typeof cell === "number") values[position] = cell;
  }
  return values;
}

/** Each curve on top of those before it; with `percent`, as share of the sum at each moment. */
export function stack(curves: readonly (readonly (number | null)[])[], percent: boolean): number[][] {
  const length = curves[0]?.length ?? 0;
  const totals = Array.from({ length }, (_, at) => curves.reduce((sum, curve) => sum + (curve[at] ?? 0), 0));
  const below = new Array<number>(length).fill(0);
  return curves.map((curve) =>
    curve.map((value, at) => {
      below[at] = (below[at] ?? 0) + (value ?? 0);
      return percent ? ((below[at] ?? 0) / (totals[at] || 1)) * 100 : (below[at] ?? 0);
    }),
  );
}

function curveStyle(config: FieldConfig, stacked: boolean): CurveStyle {
  const { custom } = config;
  const draw = asString(custom.drawStyle);
  const interpolation = asString(custom.lineInterpolation);
  return {
    draw: draw === "bars" || draw === "points" ? draw : "line",
    interpolation:
      interpolation === "smooth" || interpolation === "stepBefore" || interpolation === "stepAfter"
        ? interpolation
        : "linear",
    lineWidth: Math.min(10, Math.max(0, asNumber(custom.lineWidth) ?? 1)),
    fill: Math.min(100, Math.max(0, asNumber(custom.fillOpacity) ?? (stacked ? 20 : 0))),
    spanNulls: asBoolean(custom.spanNulls) ?? asNumber(custom.spanNulls) !== undefined,
    showPoints: asString(custom.showPoints) === "always",
  };
}
