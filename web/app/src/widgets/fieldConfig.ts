/** How a field is to be shown: the widget's defaults with the overrides that match the field's name. */
import type { Json } from "@coboard/client";
import { asArray, asNumber, asObject, asString, at, isObject, type JsonObject } from "../data/json";
import { type Thresholds, thresholdsOf } from "../data/thresholds";

export interface FieldConfig {
  readonly displayName: string;
  readonly unit: string | undefined;
  readonly decimals: number | undefined;
  readonly min: number | undefined;
  readonly max: number | undefined;
  readonly thresholds: Thresholds;
  /** "thresholds", "fixed", "palette-classic", … */
  readonly colorMode: string | undefined;
  readonly fixedColor: string | undefined;
  readonly noValue: string | undefined;
  readonly mappings: readonly Json[];
  readonly custom: JsonObject;
}

export function fieldConfig(widget: JsonObject, name: string): FieldConfig {
  let merged: Json = asObject(at(widget, "fieldConfig", "defaults"));
  for (const override of asArray(at(widget, "fieldConfig", "overrides"))) {
    if (!matches(asObject(at(override, "matcher")), name)) continue;
    for (const property of asArray(at(override, "properties"))) {
      const id = asString(at(property, "id"));
      const value = at(property, "value");
      if (id && value !== undefined) merged = withValue(merged, id.split("."), value);
    }
  }
  const own = asObject(merged);
  return {
    displayName: plainName(asString(own.displayName)) ?? name,
    unit: asString(own.unit),
    decimals: asNumber(own.decimals),
    min: asNumber(own.min),
    max: asNumber(own.max),
    thresholds: thresholdsOf(own),
    colorMode: asString(at(own, "color", "mode")),
    fixedColor: asString(at(own, "color", "fixedColor")),
    noValue: asString(own.noValue),
    mappings: asArray(own.mappings),
    custom: asObject(own.custom),
  };
}

/** A display name with a variable in it says nothing yet. */
function plainName(name: string | undefined): string | undefined {
  return name && !name.includes("${") ? name : undefined;
}

function matches(matcher: JsonObject, name: string): boolean {
  const options = asString(matcher.options);
  switch (asString(matcher.id)) {
    case "byName":
      return options === name;
    case "byRegexp":
      return options !== undefined && regexpMatches(options, name);
    default:
      return false;
  }
}

function regexpMatches(source: string, name: string): boolean {
  const body = /^\/(.*)\/([a-z]*)$/.exec(source);
  try {
    return new RegExp(body?.[1] ?? source, body?.[2]?.replace(/[^ims]/g, "") ?? "").test(name);
  } catch {
    return false; // An expression that is no expression matches nothing.
  }
}

function withValue(object: Json, keys: readonly string[], value: Json): Json {
  const [key, ...rest] = keys;
  if (key === undefined) return value;
  const base = isObject(object) ? object : {};
  return { ...base, [key]: withValue(base[key] ?? {}, rest, value) };
}

/** The text a value is mapped to ("0" → "Down"), with its colour, if a mapping says so. */
export function mappedValue(
  config: FieldConfig,
  value: number | null,
): { text: string | undefined; color: string | undefined } | null {
  for (const mapping of config.mappings) {
    const options = asObject(at(mapping, "options"));
    const hit = mappingHit(asString(at(mapping, "type")), options, value);
    if (isObject(hit)) return { text: asString(hit.text), color: asString(hit.color) };
  }
  return null;
}

function mappingHit(type: string | undefined, options: JsonObject, value: number | null): Json | undefined {
  if (type === "value") return value === null ? undefined : options[String(value)];
  if (type === "special")
    return value === null && /null/.test(asString(options.match) ?? "") ? options.result : undefined;
  if (type === "range" && value !== null) {
    const from = asNumber(options.from) ?? Number.NEGATIVE_INFINITY;
    const to = asNumber(options.to) ?? Number.POSITIVE_INFINITY;
    return value >= from && value <= to ? options.result : undefined;
  }
  return undefined;
}
