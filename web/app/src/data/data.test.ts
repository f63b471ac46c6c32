/** From text to frames, seeded numbers, units, reductions, thresholds. */
import { describe, expect, it } from "vitest";
import { DataError, frameFromCsv } from "./csv";
import { frameFromJson } from "./jsonFrame";
import { parseMoment } from "./moment";
import { reduceCells } from "./reduce";
import { loadWidgetData, queryText, sourceLabel } from "./sources";
import { stepMs, testdataFrame } from "./testdata";
import { colorAt, thresholdsOf } from "./thresholds";
import { describeRange, refreshMs, windowOf } from "./timeRange";
import { formatText } from "./units";

const HOUR = 3_600_000;
const WINDOW = { fromMs: 1_700_000_000_000, toMs: 1_700_000_000_000 + 6 * HOUR };

describe("frameFromCsv", () => {
  it("recognises times, numbers and text", async () => {
    const { frame } = await frameFromCsv(
      "A",
      "time,cpu,host\n2026-01-01T00:00:00Z,0.5,a\n2026-01-01T01:00,,b\n",
    );
    expect(frame.fields.map((field) => [field.name, field.kind])).toEqual([
      ["time", "time"],
      ["cpu", "number"],
      ["host", "text"],
    ]);
    expect(frame.fields[0]?.values).toEqual([Date.UTC(2026, 0, 1), Date.UTC(2026, 0, 1, 1)]);
    expect(frame.fields[1]?.values).toEqual([0.5, null]);
  });

  it("keeps quoted commas, and reads seconds as times only where the column says so", async () => {
    const { frame } = await frameFromCsv("A", 'time,name,count\n1700000000,"x, y",1700000000\n');
    expect(frame.fields.map((field) => field.values[0])).toEqual([1_700_000_000_000, "x, y", 1_700_000_000]);
  });

  it("says what is wrong", async () => {
    await expect(frameFromCsv("A", "   ")).rejects.toBeInstanceOf(DataError);
    await expect(frameFromCsv("A", 'a\n"open')).rejects.toBeInstanceOf(DataError);
  });
});

describe("frameFromJson", () => {
  it("takes rows with differing keys, columns, and plain lists", () => {
    expect(frameFromJson("A", '[{"a":1},{"b":"x"}]').frame.fields).toMatchObject([
      { name: "a", kind: "number", values: [1, null] },
      { name: "b", kind: "text", values: [null, "x"] },
    ]);
    expect(frameFromJson("A", '{"t":["a","b"],"v":[1,2]}').frame.rowCount).toBe(2);
    expect(frameFromJson("A", "[3,4]").frame.fields[0]).toMatchObject({ name: "value", values: [3, 4] });
  });

  it("refuses what is no table", () => {
    expect(() => frameFromJson("A", "nonsense")).toThrow(DataError);
    expect(() => frameFromJson("A", "7")).toThrow(DataError);
  });
});

describe("testdataFrame", () => {
  const target = { seed: 7, series: ["a", { name: "b", min: 10, max: 20 }] };

  it("gives everybody the same numbers, whatever window they look through", () => {
    const one = testdataFrame("A", target, "random_walk", WINDOW);
    expect(testdataFrame("A", target, "random_walk", WINDOW)).toEqual(one);
    const later = { fromMs: WINDOW.fromMs + HOUR, toMs: WINDOW.toMs + HOUR };
    const two = testdataFrame("A", target, "random_walk", later);
    const at = one.fields[0]?.values.indexOf(two.fields[0]?.values[0] ?? null) ?? -1;
    expect(at).toBeGreaterThan(0);
    expect(two.fields[1]?.values[0]).toBe(one.fields[1]?.values[at]);
  });

  it("stays in its range, and another seed is another curve", () => {
    for (const scenario of ["random_walk", "sine", "square", "sawtooth", "spikes"] as const) {
      const frame = testdataFrame("A", target, scenario, WINDOW);
      expect(
        frame.fields[2]?.values.every((value) => typeof value === "number" && value >= 10 && value <= 20),
      ).toBe(true);
    }
    const other = testdataFrame("A", { ...target, seed: 8 }, "random_walk", WINDOW);
    expect(other.fields[1]?.values).not.toEqual(
      testdataFrame("A", target, "random_walk", WINDOW).fields[1]?.values,
    );
  });

  it("cuts a window into whole steps", () => {
    expect(stepMs(WINDOW)).toBe(120_000);
    expect(stepMs({ fromMs: 0, toMs: 60_000 })).toBe(1_000);
  });
});

describe("loadWidgetData", () => {
  it("never invents numbers for a source that is not connected", async () => {
    const widget = { targets: [{ refId: "A", expr: "up", datasource: { type: "prometheus" } }] };
    const data = await loadWidgetData(widget, WINDOW);
    expect(data).toEqual({
      results: [{ state: "not-connected", refId: "A", source: "prometheus", query: "up" }],
      sample: false,
    });
  });

  it("reads inline data, reports what is wrong with it, skips what is hidden", async () => {
    const inline = { datasource: { type: "coboard-inline" } };
    const widget = {
      targets: [
        { ...inline, refId: "A", format: "csv", text: "a\n1" },
        { ...inline, refId: "B", format: "json", text: "{" },
        { ...inline, refId: "C", hide: true, text: "a\n1" },
      ],
    };
    const { results } = await loadWidgetData(widget, WINDOW);
    expect(results.map((result) => [result.refId, result.state])).toEqual([
      ["A", "ready"],
      ["B", "failed"],
    ]);
  });

  it("names sources and finds query texts", () => {
    expect(sourceLabel("prometheus")).toBe("Prometheus");
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how dashboards name a variable
    expect(sourceLabel("${datasource}")).toBe("a source chosen by variable");
    expect(queryText({ rawSql: "select 1" })).toEqual({ key: "rawSql", text: "select 1" });
    expect(queryText({ refId: "A" })).toBeNull();
  });
});

describe("formatText", () => {
  it("writes the units dashboards use", () => {
    const cases: readonly [number, string | undefined, string][] = [
      [0, "none", "0"],
      [1234.5678, "none", "1235"],
      [12345, "none", "12\u202f345"],
      [1200, "short", "1.2 K"],
      [0.00234, undefined, "0.00234"],
      [1536, "bytes", "1.5 KiB"],
      [1500, "decbytes", "1.5 kB"],
      [42.4, "percent", "42.4%"],
      [0.424, "percentunit", "42.4%"],
      [0.25, "s", "250 ms"],
      [90, "s", "1.5 min"],
      [1500, "ms", "1.5 s"],
      [12, "reqps", "12 req/s"],
      [3.5, "currencyEUR", "€3.5"],
      [7, "suffix: apples", "7  apples"],
    ];
    for (const [value, unit, text] of cases) expect(formatText(value, unit), `${value} ${unit}`).toBe(text);
    expect(formatText(null, "bytes")).toBe("–");
    expect(formatText(1, "percent", 2)).toBe("1.00%");
  });
});

describe("reduceCells", () => {
  it("calculates over what is there", () => {
    const cells = [null, 2, 4, null];
    expect(reduceCells(cells, "lastNotNull")).toBe(4);
    expect(reduceCells(cells, "last")).toBeNull();
    expect(reduceCells(cells, "mean")).toBe(3);
    expect(reduceCells(cells, "count")).toBe(2);
    expect(reduceCells([], "sum")).toBeNull();
  });
});

describe("thresholds", () => {
  it("finds the colour of a value, absolute and in percent", () => {
    const steps = [
      { color: "green", value: null },
      { color: "red", value: 80 },
    ];
    const absolute = thresholdsOf({ thresholds: { mode: "absolute", steps } });
    expect([79, 80, null].map((value) => colorAt(absolute, value))).toEqual(["green", "red", "green"]);
    const percentage = thresholdsOf({ thresholds: { mode: "percentage", steps } });
    expect([0.5, 0.9].map((value) => colorAt(percentage, value, 0, 1))).toEqual(["green", "red"]);
    expect(colorAt(thresholdsOf({}), 5)).toBeNull();
  });
});

describe("time ranges", () => {
  it("reads relative and absolute moments", () => {
    expect(parseMoment("now-6h", 10 * HOUR)).toBe(4 * HOUR);
    expect(parseMoment("now", 5)).toBe(5);
    expect(parseMoment("2026-01-01T00:00:00Z", 0)).toBe(Date.UTC(2026, 0, 1));
    expect(parseMoment("whenever", 0)).toBeNull();
  });

  it("is of whole days, weeks and months of this place where it is rounded", () => {
    const local = (...parts: [number, number, number?, number?, number?]) => new Date(...parts).getTime();
    const now = local(2026, 2, 31, 15, 30);
    expect(parseMoment("now/d", now)).toBe(local(2026, 2, 31));
    expect(parseMoment("now/d", now, "end")).toBe(local(2026, 3, 1) - 1);
    expect(parseMoment("now-1d/d", now, "end")).toBe(local(2026, 2, 31) - 1);
    // The 31st was a Tuesday.
    expect(parseMoment("now/w", now)).toBe(local(2026, 2, 30));
    expect(parseMoment("now-1M/M", now, "end")).toBe(local(2026, 2, 1) - 1);
    expect(parseMoment("now-1M", now)).toBe(local(2026, 1, 28, 15, 30));
    expect(parseMoment("now-1y/y", now)).toBe(local(2025, 0, 1));
    const { fromMs, toMs } = windowOf({ time: { from: "now/d", to: "now/d" } }, now);
    expect([fromMs, toMs]).toEqual([local(2026, 2, 31), local(2026, 3, 1) - 1]);
    expect(describeRange({ time: { from: "now-1d/d", to: "now-1d/d" } })).toBe("Yesterday");
    expect(describeRange({ time: { from: "now-2d/d", to: "now" } })).toBe("now-2d/d – now");
  });

  it("falls back to six hours and describes itself", () => {
    expect(windowOf({}, 10 * HOUR)).toEqual({ fromMs: 4 * HOUR, toMs: 10 * HOUR });
    expect(describeRange({ time: { from: "now-15m", to: "now" } })).toBe("Last 15 min");
    expect(refreshMs({ refresh: "30s" })).toBe(30_000);
    expect(refreshMs({ refresh: "" })).toBeNull();
  });
});
