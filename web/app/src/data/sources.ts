/**
 * From a widget's `targets[]` to frames.
 *
 * Two sources live in the document itself:
 * - `{ refId, datasource: { type: "coboard-inline" }, format: "csv" | "json", text }`: the data is the text;
 * - `{ refId, datasource: { type: "coboard-testdata" }, scenario, seed, series?, min?, max?, periodSeconds? }`:
 *   seeded sample numbers, `series` being names or `{ name, seed?, min?, max?, periodSeconds? }`.
 *
 * Every other source is not connected, and the widget says so instead of inventing numbers.
 */

import type { Json } from "@coboard/client";
import { DataError, frameFromCsv, type Parsed } from "./csv";
import type { Frame } from "./frame";
import { asArray, asObject, asString, at, isObject, type JsonObject } from "./json";
import { frameFromJson } from "./jsonFrame";
import { isScenario, testdataFrame } from "./testdata";
import type { TimeWindow } from "./timeRange";

export const INLINE = "coboard-inline";
export const TESTDATA = "coboard-testdata";

export type TargetResult =
  | { readonly state: "ready"; readonly refId: string; readonly frame: Frame; readonly note: string | null }
  | {
      readonly state: "not-connected";
      readonly refId: string;
      readonly source: string;
      readonly query: string;
    }
  | { readonly state: "failed"; readonly refId: string; readonly message: string };

export interface WidgetData {
  readonly results: readonly TargetResult[];
  /** Some of the numbers come from seeded test data. */
  readonly sample: boolean;
}

/** The type of the source a target asks: its own, else the widget's. */
export function sourceType(widget: JsonObject, target: JsonObject): string {
  return sourceName(target.datasource) ?? sourceName(widget.datasource) ?? "";
}

function sourceName(datasource: Json | undefined): string | null {
  if (isObject(datasource)) return asString(datasource.type) || asString(datasource.uid) || null;
  return asString(datasource) || null;
}

const QUERY_KEYS = [
  "expr",
  "rawSql",
  "query",
  "rawQuery",
  "queryText",
  "expression",
  "target",
  "text",
] as const;

/** The query as its author wrote it; `null` where nothing readable is there. */
export function queryText(target: JsonObject): { key: string; text: string } | null {
  for (const key of QUERY_KEYS) {
    const text = asString(target[key]);
    if (text !== undefined) return { key, text };
  }
  return null;
}

export function targetsOf(widget: JsonObject): readonly JsonObject[] {
  return asArray(widget.targets).filter(isObject);
}

/** Does the widget's data move with time? Then it is asked again now and then. */
export function isLive(widget: JsonObject): boolean {
  return targetsOf(widget).some((target) => sourceType(widget, target) === TESTDATA);
}

/** Answers all visible targets of a widget. Never rejects. */
export async function loadWidgetData(widget: JsonObject, window: TimeWindow): Promise<WidgetData> {
  const shown = targetsOf(widget).filter((target) => target.hide !== true);
  const results = await Promise.all(shown.map((target, index) => answer(widget, target, index, window)));
  return { results, sample: isLive(widget) };
}

async function answer(
  widget: JsonObject,
  target: JsonObject,
  index: number,
  window: TimeWindow,
): Promise<TargetResult> {
  const refId = asString(target.refId) ?? String.fromCharCode(65 + index);
  const source = sourceType(widget, target);
  try {
    if (source === INLINE) return ready(refId, await inline(refId, target));
    if (source === TESTDATA) {
      const scenario = asString(target.scenario);
      if (!isScenario(scenario)) throw new DataError(`unknown scenario "${scenario ?? ""}"`);
      return { state: "ready", refId, frame: testdataFrame(refId, target, scenario, window), note: null };
    }
  } catch (error) {
    if (error instanceof DataError) return { state: "failed", refId, message: error.message };
    throw error;
  }
  return { state: "not-connected", refId, source, query: queryText(target)?.text ?? "" };
}

async function inline(refId: string, target: JsonObject): Promise<Parsed> {
  const text = asString(target.text) ?? "";
  if (text.trim() === "") throw new DataError("no data yet");
  return asString(target.format) === "json" ? frameFromJson(refId, text) : frameFromCsv(refId, text);
}

function ready(refId: string, parsed: Parsed): TargetResult {
  const note = parsed.omittedRows > 0 ? `${parsed.omittedRows} rows left out` : null;
  return { state: "ready", refId, frame: parsed.frame, note };
}

/** All frames of an answer, in the order of the targets. */
export function framesOf(data: WidgetData): Frame[] {
  return data.results.flatMap((result) => (result.state === "ready" ? [result.frame] : []));
}

/** A readable name for a source type. */
export function sourceLabel(type: string): string {
  const known: Readonly<Record<string, string>> = {
    [INLINE]: "inline data",
    [TESTDATA]: "sample data",
    prometheus: "Prometheus",
    loki: "Loki",
    mysql: "MySQL",
    postgres: "PostgreSQL",
    "grafana-postgresql-datasource": "PostgreSQL",
    elasticsearch: "Elasticsearch",
    influxdb: "InfluxDB",
    graphite: "Graphite",
    mssql: "SQL Server",
  };
  return known[type] ?? (type === "" || type.startsWith("$") ? "a source chosen by variable" : type);
}

/** The widget's data source for people: "Prometheus", "inline data". */
export function describeSource(widget: JsonObject): string {
  const first = targetsOf(widget)[0];
  return sourceLabel(
    first ? sourceType(widget, first) : (asString(at(asObject(widget), "datasource", "type")) ?? ""),
  );
}
