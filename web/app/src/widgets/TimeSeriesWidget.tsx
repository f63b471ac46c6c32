/** Curves over time. */
import { ChartLine } from "lucide-react";
import { useMemo, useState } from "react";
import type { Frame } from "../data/frame";
import { asString, at, type JsonObject } from "../data/json";
import { reduceCells } from "../data/reduce";
import { formatText } from "../data/units";
import { type ChartData, chartData } from "./chartData";
import { Legend } from "./Legend";
import { Message } from "./Message";
import { TimeSeriesChart } from "./TimeSeriesChart";
import styles from "./TimeSeriesWidget.module.css";

export interface TimeSeriesWidgetProps {
  readonly json: JsonObject;
  readonly frames: readonly Frame[];
}

export default function TimeSeriesWidget({ json, frames }: TimeSeriesWidgetProps) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const { fieldConfig } = json;
  // biome-ignore lint/correctness/useExhaustiveDependencies: of the widget only its field settings bear on the data
  const data = useMemo(() => chartData(json, frames), [fieldConfig, frames]);
  if (!data || data.times.length === 0) {
    return <Message icon={<ChartLine size={14} />} headline={missing(frames)} />;
  }
  const legend = at(json, "options", "legend");
  const showLegend = at(legend, "showLegend") !== false && asString(at(legend, "displayMode")) !== "hidden";
  const side = asString(at(legend, "placement")) === "right";
  const toggle = (name: string) => {
    setHidden((old) => {
      const next = new Set(old);
      if (!next.delete(name)) next.add(name);
      return next;
    });
  };
  return (
    <div className={`${styles.widget} ${side ? styles.side : ""}`}>
      <TimeSeriesChart json={json} data={data} hidden={hidden} summary={summaryOf(json, data)} />
      {showLegend && <Legend json={json} data={data} hidden={hidden} onToggle={toggle} />}
    </div>
  );
}

function missing(frames: readonly Frame[]): string {
  const names = frames.flatMap((frame) => frame.fields.map((field) => field.name));
  if (names.length === 0) return "The data is empty.";
  return `A time series needs a column of times and one of numbers. Found: ${names.slice(0, 6).join(", ")}.`;
}

/** The chart in one sentence, for people who cannot see it. */
function summaryOf(json: JsonObject, data: ChartData): string {
  const parts = data.curves.slice(0, 5).map((curve) => {
    const show = (value: number | null) => formatText(value, curve.config.unit, curve.config.decimals);
    return `${curve.name}: last ${show(reduceCells(curve.values, "lastNotNull"))}, max ${show(reduceCells(curve.values, "max"))}`;
  });
  return `${asString(json.title) ?? "Chart"}. ${parts.join("; ")}`;
}
