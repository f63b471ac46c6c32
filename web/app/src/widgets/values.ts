/** The reduced values of a widget: what stat, gauge and bar gauge show. */
import { namedColor, seriesColor } from "../data/colors";
import { type Cell, type Frame, numberFields, timeField } from "../data/frame";
import { asArray, asString, at, type JsonObject } from "../data/json";
import { type Calculation, calculationOf, reduceCells } from "../data/reduce";
import { colorAt } from "../data/thresholds";
import { type Formatted, formatValue } from "../data/units";
import { type FieldConfig, fieldConfig, mappedValue } from "./fieldConfig";

export interface Value {
  /** Unique within the widget, whatever the names are. */
  readonly key: string;
  readonly name: string;
  readonly number: number | null;
  readonly shown: Formatted;
  readonly color: string;
  readonly config: FieldConfig;
  readonly min: number;
  readonly max: number;
  /** The values over time, where there is a time. */
  readonly trend: readonly Cell[] | null;
}

/** More values than this cannot be told apart in one widget. */
export const VALUES_MAX = 60;

export function valuesOf(widget: JsonObject, frames: readonly Frame[]): Value[] {
  const options = at(widget, "options", "reduceOptions");
  const calculation = calculationOf(asString(asArray(at(options, "calcs"))[0]));
  const eachRow = at(options, "values") === true;
  const values = frames.flatMap((frame) => {
    const numbers = numberFields(frame);
    const label = frame.fields.find((field) => field.kind === "text");
    const perRow = eachRow || (label !== undefined && timeField(frame) === null);
    if (perRow && label) {
      return numbers.flatMap((field) =>
        field.values.map((cell, row) => {
          const name = String(label.values[row] ?? "");
          return makeValue(
            widget,
            numbers.length > 1 ? `${name} ${field.name}` : name,
            numberOf(cell),
            null,
            0,
          );
        }),
      );
    }
    const trend = timeField(frame) !== null;
    return numbers.map((field, index) =>
      makeValue(widget, field.name, reduce(field.values, calculation), trend ? field.values : null, index),
    );
  });
  return values.slice(0, VALUES_MAX).map((value, index) => ({ ...value, key: `${index} ${value.name}` }));
}

function reduce(cells: readonly Cell[], calculation: Calculation): number | null {
  return reduceCells(cells, calculation);
}

function numberOf(cell: Cell): number | null {
  return typeof cell === "number" ? cell : null;
}

function makeValue(
  widget: JsonObject,
  name: string,
  number: number | null,
  trend: readonly Cell[] | null,
  index: number,
): Omit<Value, "key"> {
  const config = fieldConfig(widget, name);
  const min = config.min ?? 0;
  const max = config.max ?? automaticMax(config, number, trend);
  const mapped = mappedValue(config, number);
  const shown =
    mapped?.text !== undefined
      ? { prefix: "", value: mapped.text, suffix: "" }
      : number === null && config.noValue
        ? { prefix: "", value: config.noValue, suffix: "" }
        : formatValue(number, config.unit, config.decimals);
  const color = valueColor(config, number, min, max, mapped?.color, index);
  return { name: config.displayName, number, shown, color, config, min, max, trend };
}

function automaticMax(config: FieldConfig, number: number | null, trend: readonly Cell[] | null): number {
  if (config.unit === "percentunit") return 1;
  if (config.unit === "percent") return 100;
  return Math.max(number ?? 0, (trend && reduceCells(trend, "max")) ?? 0) || 1;
}

function valueColor(
  config: FieldConfig,
  number: number | null,
  min: number,
  max: number,
  mapped: string | undefined,
  index: number,
): string {
  const named = mapped ? namedColor(mapped) : null;
  if (named) return named;
  if (config.colorMode === "fixed" && config.fixedColor)
    return namedColor(config.fixedColor) ?? seriesColor(index);
  if (config.colorMode?.startsWith("palette")) return seriesColor(index);
  const level = colorAt(config.thresholds, number, min, max);
  return (level && namedColor(level)) ?? "var(--text)";
}
