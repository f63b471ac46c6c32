/** The kinds of widget we draw, and what a new one of each kind starts with. */
import type { Json } from "@coboard/client";
import type { JsonObject } from "../data/json";
import { INLINE, TESTDATA } from "../data/sources";

export const DRAWN_TYPES = ["timeseries", "stat", "table", "gauge", "bargauge", "text"] as const;
export type DrawnType = (typeof DRAWN_TYPES)[number];

const LABELS: Readonly<Record<DrawnType | "row", string>> = {
  timeseries: "Time series",
  stat: "Stat",
  table: "Table",
  gauge: "Gauge",
  bargauge: "Bar gauge",
  text: "Text",
  row: "Row",
};

/** Older names of types that look the same. */
const ALIASES: Readonly<Record<string, DrawnType>> = {
  graph: "timeseries",
  singlestat: "stat",
  "table-old": "table",
};

/** Names of types that we know and do not draw yet. */
const KNOWN: Readonly<Record<string, string>> = {
  heatmap: "Heatmap",
  barchart: "Bar chart",
  piechart: "Pie chart",
  "grafana-piechart-panel": "Pie chart",
  "state-timeline": "State timeline",
  "status-history": "Status history",
  histogram: "Histogram",
  logs: "Logs",
  nodeGraph: "Node graph",
  geomap: "Geomap",
  alertlist: "Alert list",
  dashlist: "Dashboard list",
  news: "News",
  canvas: "Canvas",
  "grafana-polystat-panel": "Polystat",
  xychart: "XY chart",
};

/** The type we draw a widget as; `null` for a placeholder. */
export function drawnType(type: string): DrawnType | null {
  return DRAWN_TYPES.find((known) => known === type) ?? ALIASES[type] ?? null;
}

/** Whether what it draws is data that can be read as a table; a table is one already. */
export function hasTable(type: string): boolean {
  const drawn = drawnType(type);
  return drawn !== null && drawn !== "text" && drawn !== "table";
}

export function typeLabel(type: string): string {
  if (type === "row") return LABELS.row;
  const drawn = drawnType(type);
  return drawn ? LABELS[drawn] : (KNOWN[type] ?? (type || "No type"));
}

/** What is offered when a widget is added. */
export const ADDABLE = ["timeseries", "stat", "gauge", "bargauge", "table", "text", "row"] as const;
export type AddableType = (typeof ADDABLE)[number];

const SIZES: Readonly<Record<AddableType, readonly [number, number]>> = {
  timeseries: [12, 8],
  stat: [6, 4],
  gauge: [6, 6],
  bargauge: [8, 6],
  table: [12, 8],
  text: [8, 6],
  row: [24, 1],
};

const THRESHOLDS: Json = {
  mode: "absolute",
  steps: [
    { color: "green", value: null },
    { color: "orange", value: 70 },
    { color: "red", value: 90 },
  ],
};

/** A new widget: honest from the first moment, its data marked as sample. */
export function newWidget(type: AddableType, id: number, x: number, y: number): JsonObject {
  const [w, h] = SIZES[type];
  const base: JsonObject = { id, type, title: LABELS[type], gridPos: { x, y, w, h } };
  switch (type) {
    case "row":
      return { ...base, collapsed: false, panels: [] };
    case "text":
      return {
        ...base,
        title: "Notes",
        options: { mode: "markdown", content: "Write here. **Markdown** works.\n" },
      };
    case "table":
      return { ...base, targets: [inlineTarget()] };
    case "timeseries":
      return {
        ...base,
        fieldConfig: { defaults: { unit: "short", custom: { lineWidth: 1, fillOpacity: 8 } }, overrides: [] },
        targets: [sampleTarget(id, ["a", "b"])],
      };
    case "stat":
    case "gauge":
      return { ...base, ...measured(), targets: [sampleTarget(id, ["value"])] };
    case "bargauge":
      return { ...base, ...measured(), targets: [sampleTarget(id, ["a", "b", "c"])] };
  }
}

function measured(): JsonObject {
  return {
    fieldConfig: {
      defaults: { unit: "percent", min: 0, max: 100, thresholds: THRESHOLDS, color: { mode: "thresholds" } },
      overrides: [],
    },
    options: { reduceOptions: { calcs: ["lastNotNull"] }, graphMode: "area", colorMode: "value" },
  };
}

function sampleTarget(seed: number, series: readonly string[]): Json {
  return { refId: "A", datasource: { type: TESTDATA }, scenario: "random_walk", seed, series };
}

function inlineTarget(): Json {
  return { refId: "A", datasource: { type: INLINE }, format: "csv", text: "name,value\nfirst,1\nsecond,2\n" };
}
