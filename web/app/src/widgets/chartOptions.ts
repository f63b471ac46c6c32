/** The settings of a uPlot chart for a widget: axes in our type and colours, no legend of its own. */
import uPlot from "uplot";
import { resolveColor } from "../data/colors";
import { asNumber, asString, at, type JsonObject } from "../data/json";
import { formatText } from "../data/units";
import type { ChartData, Curve } from "./chartData";

const FONT = '11px "Inter Variable", system-ui, sans-serif';
const DAY_S = 86_400;

export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

export interface ChartHooks {
  /** Charts with the same key show one crosshair. */
  readonly syncKey: string;
  readonly onCursor: (index: number | null, left: number, top: number) => void;
}

export function chartOptions(
  widget: JsonObject,
  data: ChartData,
  element: HTMLElement,
  size: ChartSize,
  hooks: ChartHooks,
): uPlot.Options {
  const color = (name: string) => resolveColor(element, name);
  const first = data.curves[0]?.config;
  const unit = asString(at(widget, "fieldConfig", "defaults", "unit")) ?? first?.unit;
  const decimals = asNumber(at(widget, "fieldConfig", "defaults", "decimals"));
  const axis: uPlot.Axis = {
    stroke: color("var(--faint)"),
    font: FONT,
    grid: { stroke: color("var(--chart-grid)"), width: 1 },
    ticks: { show: false },
  };
  const label = (value: number) => formatText(value, unit, decimals);
  return {
    ...size,
    pxAlign: 1,
    padding: [8, 20, 0, 0],
    legend: { show: false },
    cursor: {
      points: { size: 6 },
      drag: { x: false, y: false },
      sync: { key: hooks.syncKey, scales: ["x", null], setSeries: false },
    },
    scales: { x: { time: true }, y: { range: yRange(widget, data) } },
    axes: [
      {
        ...axis,
        size: 24,
        gap: 4,
        space: 72,
        values: (_, splits, __, ___, step) => splits.map((at) => timeLabel(at, step)),
      },
      {
        ...axis,
        gap: 4,
        space: 28,
        size: (_, values) => axisWidth(values),
        values: (_, splits) => splits.map(label),
      },
    ],
    series: [{}, ...data.curves.map((curve) => seriesOptions(curve, color))],
    ...(data.stacked ? { bands: stackBands(data, color) } : {}),
    hooks: {
      setCursor: [
        // Other charts follow the crosshair; the values are told only where the pointer is.
        (chart) =>
          hooks.onCursor(
            chart.over.matches(":hover") ? (chart.cursor.idx ?? null) : null,
            chart.cursor.left ?? -1,
            chart.cursor.top ?? -1,
          ),
      ],
    },
  };
}

function seriesOptions(curve: Curve, color: (name: string) => string): uPlot.Series {
  const stroke = color(curve.color);
  const { style } = curve;
  return {
    label: curve.name,
    stroke,
    width: style.draw === "points" ? 0 : style.lineWidth,
    ...(style.fill > 0 ? { fill: withAlpha(stroke, style.fill / 100) } : {}),
    spanGaps: style.spanNulls,
    points: { show: style.showPoints || style.draw === "points" ? true : undefined, size: 5, fill: stroke },
    ...(style.draw === "line" ? linePaths(style.interpolation) : {}),
    ...(style.draw === "bars" && uPlot.paths.bars ? { paths: uPlot.paths.bars({ size: [0.7, 40] }) } : {}),
    ...(style.draw === "points" ? { paths: () => null } : {}),
  };
}

function linePaths(interpolation: Curve["style"]["interpolation"]): Pick<uPlot.Series, "paths"> {
  const { spline, stepped, linear } = uPlot.paths;
  if (interpolation === "smooth" && spline) return { paths: spline() };
  if (interpolation === "stepBefore" && stepped) return { paths: stepped({ align: -1 }) };
  if (interpolation === "stepAfter" && stepped) return { paths: stepped({ align: 1 }) };
  return linear ? { paths: linear() } : {};
}

/** Between two stacked curves lies the upper one's colour. */
function stackBands(data: ChartData, color: (name: string) => string): uPlot.Band[] {
  return data.curves.slice(1).map((curve, index) => ({
    series: [index + 2, index + 1],
    fill: withAlpha(color(curve.color), Math.max(0.1, curve.style.fill / 100)),
  }));
}

function yRange(widget: JsonObject, data: ChartData): uPlot.Scale.Range {
  const min = asNumber(at(widget, "fieldConfig", "defaults", "min"));
  const max = asNumber(at(widget, "fieldConfig", "defaults", "max"));
  const stackedFloor = data.stacked ? 0 : undefined;
  return (_, low, high) => {
    const from = min ?? stackedFloor;
    const bottom = Number.isFinite(low) ? low : 0;
    const top = Number.isFinite(high) ? high : 1;
    const [autoMin, autoMax] = uPlot.rangeNum(bottom, top === bottom ? bottom + 1 : top, {
      min: { pad: 0.08, soft: 0, mode: bottom >= 0 ? 2 : 3 },
      max: { pad: 0.08, soft: 0, mode: 3 },
    });
    return [from ?? autoMin ?? bottom, max ?? autoMax ?? top];
  };
}

function axisWidth(values: readonly string[] | null): number {
  const longest = (values ?? []).reduce((length, value) => Math.max(length, value.length), 2);
  return Math.ceil(longest * 6.1) + 14;
}

/** "14:05"; midnight as a date, and seconds only where the steps are shorter than a minute. */
function timeLabel(seconds: number, step: number): string {
  const at = new Date(seconds * 1000);
  const midnight = at.getHours() === 0 && at.getMinutes() === 0 && at.getSeconds() === 0;
  if (step >= DAY_S || midnight) return at.toLocaleDateString("en-GB", { day: "numeric", month: "short" });
  return at.toLocaleTimeString("en-GB", {
    hour: "2-digit",
    minute: "2-digit",
    ...(step < 60 ? { second: "2-digit" } : {}),
  });
}

function withAlpha(color: string, alpha: number): string {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(color);
  if (!hex) return color;
  const [red, green, blue] = hex.slice(1).map((part) => Number.parseInt(part, 16));
  return `rgba(${red}, ${green}, ${blue}, ${alpha})`;
}
