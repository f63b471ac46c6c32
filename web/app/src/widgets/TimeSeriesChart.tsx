/** One uPlot chart: made once per shape of its series, fed with new data, resized with its box. */
import { useComputedColorScheme } from "@mantine/core";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import uPlot from "uplot";
import { useStore } from "zustand";
import "uplot/dist/uPlot.min.css";
import type { JsonObject } from "../data/json";
import { hover as hovered, tellHover } from "../view/hover";
import { ChartTooltip, type Hover } from "./ChartTooltip";
import type { ChartData } from "./chartData";
import { chartOptions } from "./chartOptions";
import styles from "./TimeSeriesWidget.module.css";
import "./uplot.css";
import { useSize } from "./useSize";

export interface TimeSeriesChartProps {
  readonly json: JsonObject;
  readonly data: ChartData;
  /** Names of the curves that the reader has switched off. */
  readonly hidden: ReadonlySet<string>;
  readonly summary: string;
}

const SYNC_KEY = "dashboard";

export function TimeSeriesChart({ json, data, hidden, summary }: TimeSeriesChartProps) {
  const [sizeRef, size] = useSize<HTMLDivElement>();
  const mount = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | null>(null);
  const [hover, setHover] = useState<Hover | null>(null);
  const key = useId();
  const latest = useRef(data);
  latest.current = data;
  const followedMs = useStore(hovered, (state) => state.followedMs);
  const scheme = useComputedColorScheme();
  const measured = size.width > 40 && size.height > 30;
  const shape = JSON.stringify([scheme, json.fieldConfig ?? null, data.curves.map((curve) => curve.name)]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart is made anew for another shape; size and data follow below
  useLayoutEffect(() => {
    const element = mount.current;
    if (!element || !measured) return;
    const made = new uPlot(
      chartOptions(json, data, element, size, {
        syncKey: SYNC_KEY,
        onCursor: (index, left, top) => {
          const inside = index !== null && left >= 0;
          setHover(inside ? { index, left, top } : null);
          tellHover(key, inside ? (latest.current.times[index] ?? null) : null);
        },
      }),
      aligned(data),
      element,
    );
    chart.current = made;
    return () => {
      chart.current = null;
      made.destroy();
    };
  }, [shape, measured]);

  useEffect(() => {
    chart.current?.setData(aligned(data));
  }, [data]);

  useEffect(() => {
    if (measured) chart.current?.setSize(size);
  }, [size, measured]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the same moment is elsewhere in another size or for other data
  useEffect(() => {
    if (chart.current) pointAt(chart.current, followedMs);
  }, [followedMs, data, size, shape, measured]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new chart (shape, measured) starts with every curve shown
  useEffect(() => {
    for (const [index, curve] of data.curves.entries()) {
      const show = !hidden.has(curve.name);
      if (chart.current && chart.current.series[index + 1]?.show !== show)
        chart.current.setSeries(index + 1, { show });
    }
  }, [hidden, shape, measured, data]);

  const plotLeft = chart.current ? chart.current.over.offsetLeft : 0;
  return (
    <div ref={sizeRef} className={styles.plot} role="img" aria-label={summary}>
      <div ref={mount} />
      {hover && (
        <ChartTooltip data={data} hidden={hidden} hover={hover} offset={plotLeft} width={size.width} />
      )}
    </div>
  );
}

/** A crosshair where whoever is followed has theirs; none where that is outside. Charts that show it tell nobody. */
function pointAt(chart: uPlot, atMs: number | null): void {
  const left = atMs === null ? -10 : chart.valToPos(atMs / 1000, "x");
  const inside = left >= 0 && left <= chart.over.clientWidth;
  chart.setCursor(inside ? { left, top: 0 } : { left: -10, top: -10 });
}

function aligned(data: ChartData): uPlot.AlignedData {
  const seconds = data.times.map((time) => time / 1000);
  return [seconds, ...data.curves.map((curve) => [...curve.drawn])] as uPlot.AlignedData;
}
