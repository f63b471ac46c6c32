/** A line without axes: the way a number came about. */
import type { Cell } from "../data/frame";

export interface SparklineProps {
  readonly values: readonly Cell[];
  readonly width: number;
  readonly height: number;
  readonly color: string;
  readonly className?: string;
}

/** Points beyond one a pixel or so cannot be seen. */
const POINTS_MAX = 120;

export function Sparkline({ values, width, height, color, className }: SparklineProps) {
  const line = sparkPath(values, width, height);
  if (!line) return null;
  return (
    <svg
      className={className}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      aria-hidden="true"
    >
      <path d={`${line} L${width},${height} L0,${height} Z`} fill={color} opacity={0.12} />
      <path d={line} fill="none" stroke={color} strokeWidth={1.25} strokeLinejoin="round" opacity={0.85} />
    </svg>
  );
}

/** The path of the line, its values spread over the box; empty where there are fewer than two. */
export function sparkPath(values: readonly Cell[], width: number, height: number): string {
  const numbers = values.filter((value): value is number => typeof value === "number");
  const every = Math.max(1, Math.ceil(numbers.length / POINTS_MAX));
  const points = numbers.filter((_, index) => index % every === 0 || index === numbers.length - 1);
  if (points.length < 2 || width <= 0 || height <= 0) return "";
  const min = Math.min(...points);
  const spread = Math.max(...points) - min || 1;
  return points
    .map((value, index) => {
      const x = (index / (points.length - 1)) * width;
      const y = height - 2 - ((value - min) / spread) * (height - 4);
      return `${index === 0 ? "M" : "L"}${x.toFixed(1)},${y.toFixed(1)}`;
    })
    .join(" ");
}
