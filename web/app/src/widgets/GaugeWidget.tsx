/** Numbers on arcs, with their thresholds along the rim. */
import { Gauge } from "lucide-react";
import { namedColor } from "../data/colors";
import type { Frame } from "../data/frame";
import type { JsonObject } from "../data/json";
import { stepValue } from "../data/thresholds";
import { fitFont, tileGrid } from "./fitText";
import styles from "./GaugeWidget.module.css";
import { Message } from "./Message";
import { useSize } from "./useSize";
import { type Value, valuesOf } from "./values";

export interface GaugeWidgetProps {
  readonly json: JsonObject;
  readonly frames: readonly Frame[];
}

export function GaugeWidget({ json, frames }: GaugeWidgetProps) {
  const [ref, size] = useSize<HTMLDivElement>();
  const values = valuesOf(json, frames);
  if (values.length === 0)
    return <Message icon={<Gauge size={14} />} headline="The data holds no numbers." />;
  const { columns, rows } = tileGrid(values.length, size.width, size.height, 1.25);
  const named = values.length > 1;
  const width = size.width / columns - 12;
  const height = size.height / rows - (named ? 20 : 0) - 8;
  const side = Math.max(0, Math.min(width, height * 1.22));
  return (
    <div
      ref={ref}
      className={styles.tiles}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
    >
      {side > 0 &&
        values.map((value) => (
          <div key={value.key} className={styles.tile}>
            <Dial value={value} side={side} />
            {named && (
              <span className={styles.name} title={value.name}>
                {value.name}
              </span>
            )}
          </div>
        ))}
    </div>
  );
}

/** The arc leaves 120° open at the bottom. */
const START = -120;
const SWEEP = 240;

function Dial({ value, side }: { readonly value: Value; readonly side: number }) {
  const radius = 41;
  const share = clamp01(((value.number ?? value.min) - value.min) / (value.max - value.min || 1));
  const text = `${value.shown.prefix}${value.shown.value}${value.shown.suffix}`;
  const font = fitFont(56, 22, text.length, 7, 19);
  return (
    <svg
      width={side}
      height={side * 0.82}
      viewBox="0 0 100 82"
      role="img"
      aria-label={`${value.name}: ${text}`}
    >
      <path
        d={arc(radius, 0, 1)}
        fill="none"
        stroke="var(--chart-track)"
        strokeWidth={8}
        strokeLinecap="round"
      />
      {value.number !== null && share > 0 && (
        <path
          d={arc(radius, 0, share)}
          fill="none"
          stroke={value.color}
          strokeWidth={8}
          strokeLinecap="round"
        />
      )}
      {rimParts(value).map((part) => (
        <path
          key={part.from}
          d={arc(radius + 6.4, part.from, part.to)}
          fill="none"
          stroke={part.color}
          strokeWidth={1.4}
        />
      ))}
      <text x={50} y={55} textAnchor="middle" className={styles.value} fontSize={font} fill="var(--text)">
        {text}
      </text>
    </svg>
  );
}

function rimParts(value: Value): { from: number; to: number; color: string }[] {
  const { thresholds } = value.config;
  if (thresholds.steps.length < 2) return [];
  const share = (number: number) => clamp01((number - value.min) / (value.max - value.min || 1));
  return thresholds.steps.flatMap((step, index) => {
    const next = thresholds.steps[index + 1];
    const from =
      step.from === Number.NEGATIVE_INFINITY ? 0 : share(stepValue(thresholds, step, value.min, value.max));
    const to = next ? share(stepValue(thresholds, next, value.min, value.max)) : 1;
    return to > from ? [{ from, to, color: namedColor(step.color) ?? "var(--series-8)" }] : [];
  });
}

function arc(radius: number, from: number, to: number): string {
  const [x1, y1] = onCircle(radius, START + SWEEP * from);
  const [x2, y2] = onCircle(radius, START + SWEEP * to);
  const large = (to - from) * SWEEP > 180 ? 1 : 0;
  return `M${x1},${y1} A${radius},${radius} 0 ${large} 1 ${x2},${y2}`;
}

function onCircle(radius: number, degrees: number): [string, string] {
  const angle = ((degrees - 90) * Math.PI) / 180;
  return [(50 + radius * Math.cos(angle)).toFixed(2), (51 + radius * Math.sin(angle)).toFixed(2)];
}

function clamp01(value: number): number {
  return Math.min(1, Math.max(0, value));
}
