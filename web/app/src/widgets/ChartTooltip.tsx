/** The values under the crosshair. */
import { formatText } from "../data/units";
import { fullMoment } from "../ui/time";
import type { ChartData } from "./chartData";
import styles from "./TimeSeriesWidget.module.css";

export interface Hover {
  readonly index: number;
  readonly left: number;
  readonly top: number;
}

export interface ChartTooltipProps {
  readonly data: ChartData;
  readonly hidden: ReadonlySet<string>;
  readonly hover: Hover;
  /** Where the plotting area begins inside the box. */
  readonly offset: number;
  readonly width: number;
}

/** Lines beyond this would cover the chart. */
const LINES_MAX = 10;

export function ChartTooltip({ data, hidden, hover, offset, width }: ChartTooltipProps) {
  const time = data.times[hover.index];
  if (time === undefined) return null;
  const lines = data.curves
    .filter((curve) => !hidden.has(curve.name))
    .map((curve) => ({ curve, value: curve.values[hover.index] ?? null }))
    .sort((a, b) => (b.value ?? Number.NEGATIVE_INFINITY) - (a.value ?? Number.NEGATIVE_INFINITY));
  const left = offset + hover.left;
  const side = left > width / 2 ? { right: width - left + 12 } : { left: left + 12 };
  return (
    <div className={`${styles.tooltip} num`} style={{ ...side, top: 8 }} aria-hidden="true">
      <div className={styles.moment}>{fullMoment(time)}</div>
      {lines.slice(0, LINES_MAX).map(({ curve, value }) => (
        <div key={curve.name} className={styles.line}>
          <span className={styles.swatch} style={{ background: curve.color }} />
          <span className={styles.label}>{curve.name}</span>
          <span className={styles.value}>{formatText(value, curve.config.unit, curve.config.decimals)}</span>
        </div>
      ))}
      {lines.length > LINES_MAX && <div className={styles.more}>and {lines.length - LINES_MAX} more</div>}
    </div>
  );
}
