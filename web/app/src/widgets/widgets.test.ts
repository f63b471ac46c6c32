/** The pure parts of the drawings: chart data, values, tables, type fitting. */
import { describe, expect, it } from "vitest";
import { type Frame, frameFromColumns } from "../data/frame";
import { ADDABLE, drawnType, newWidget, typeLabel } from "./catalogue";
import { chartData, stack } from "./chartData";
import { fieldConfig, mappedValue } from "./fieldConfig";
import { fitFont, tileGrid } from "./fitText";
import { sparkPath } from "./Sparkline";
import { rowOrder, tableFields } from "./tableRows";
import { valuesOf } from "./values";

function frame(columns: Record<string, readonly (string | number | null)[]>): Frame {
  return frameFromColumns(
    "A",
    Object.entries(columns).map(([name, values]) => ({ name, values })),
  );
}

describe("chartData", () => {
  it("puts frames on one time axis", () => {
    const data = chartData({}, [
      frame({ time: [1e12, 3e12], a: [1, 3] }),
      frame({ time: [2e12, 3e12], b: [2, 4] }),
    ]);
    expect(data?.times).toEqual([1e12, 2e12, 3e12]);
    expect(data?.curves.map((curve) => curve.values)).toEqual([
      [1, null, 3],
      [null, 2, 4],
    ]);
  });

  it("needs times", () => {
    expect(chartData({}, [frame({ name: ["x"], v: [1] })])).toBeNull();
  });

  it("stacks, and stacks to a hundred", () => {
    expect(
      stack(
        [
          [1, 2],
          [3, null],
        ],
        false,
      ),
    ).toEqual([
      [1, 2],
      [4, 2],
    ]);
    expect(
      stack(
        [
          [1, 2],
          [3, null],
        ],
        true,
      ),
    ).toEqual([
      [25, 100],
      [100, 100],
    ]);
  });
});

describe("valuesOf", () => {
  it("reduces each number column, with its own field settings", () => {
    const widget = {
      options: { reduceOptions: { calcs: ["max"] } },
      fieldConfig: {
        defaults: {
          unit: "percent",
          thresholds: {
            steps: [
              { color: "green", value: null },
              { color: "red", value: 50 },
            ],
          },
        },
        overrides: [
          { matcher: { id: "byName", options: "b" }, properties: [{ id: "displayName", value: "Bee" }] },
        ],
      },
    };
    const values = valuesOf(widget, [frame({ time: [1e12, 2e12], a: [1, 2], b: [70, 60] })]);
    expect(values.map((value) => [value.name, value.number, value.color])).toEqual([
      ["a", 2, "var(--level-good)"],
      ["Bee", 70, "var(--level-bad)"],
    ]);
  });

  it("takes rows by name where there is no time", () => {
    const values = valuesOf({}, [frame({ city: ["Rome", "Oslo"], people: [3, 1] })]);
    expect(values.map((value) => [value.name, value.number])).toEqual([
      ["Rome", 3],
      ["Oslo", 1],
    ]);
  });
});

describe("fieldConfig", () => {
  it("survives expressions that are none, and maps values to words", () => {
    const widget = {
      fieldConfig: {
        defaults: { mappings: [{ type: "value", options: { "0": { text: "Down", color: "red" } } }] },
        overrides: [
          { matcher: { id: "byRegexp", options: "/(/" }, properties: [{ id: "unit", value: "s" }] },
        ],
      },
    };
    const config = fieldConfig(widget, "x");
    expect(config.unit).toBeUndefined();
    expect(mappedValue(config, 0)).toEqual({ text: "Down", color: "red" });
    expect(mappedValue(config, 1)).toBeNull();
  });
});

describe("tables", () => {
  it("joins alike frames and sorts with what is absent at the end", () => {
    const fields = tableFields([frame({ n: ["b", "a"], v: [2, null] }), frame({ n: ["c"], v: [1] })]);
    expect(fields[0]?.values).toEqual(["b", "a", "c"]);
    expect(rowOrder(fields, { column: 1, descending: false })).toEqual([2, 0, 1]);
    expect(rowOrder(fields, { column: 1, descending: true })).toEqual([0, 2, 1]);
    expect(rowOrder(fields, null)).toEqual([0, 1, 2]);
  });
});

describe("catalogue", () => {
  it("knows old names, and makes widgets that are drawn", () => {
    expect(drawnType("graph")).toBe("timeseries");
    expect(drawnType("heatmap")).toBeNull();
    expect(typeLabel("heatmap")).toBe("Heatmap");
    for (const type of ADDABLE) expect(newWidget(type, 1, 0, 0)).toMatchObject({ type, id: 1 });
  });
});

describe("fitting", () => {
  it("fills a box and stays inside its limits", () => {
    expect(fitFont(1_000, 1_000, 3, 14, 56)).toBe(56);
    expect(fitFont(10, 10, 10, 14, 56)).toBe(14);
    expect(tileGrid(4, 400, 100)).toEqual({ columns: 4, rows: 1 });
    expect(tileGrid(4, 100, 400)).toEqual({ columns: 1, rows: 4 });
  });

  it("draws no line through fewer than two points", () => {
    expect(sparkPath([1, null], 100, 20)).toBe("");
    expect(sparkPath([1, 2], 100, 20)).toMatch(/^M0\.0,18\.0 L100\.0,2\.0$/);
  });
});
