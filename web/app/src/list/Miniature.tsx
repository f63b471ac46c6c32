/** A dashboard from afar: its real rectangles, each with the least drawing that says what it is. */
import { compact, type DashboardSummary } from "@coboard/client";
import { useCore } from "@coboard/react";
import { drawnType } from "../widgets/catalogue";

/** A column is about this much wider than a row is high on a usual screen. */
const ROW = 0.72;
const ROWS_SHOWN = 17;
const GAP = 0.16;

type Rectangle = DashboardSummary["preview"][number];

export function Miniature({ preview }: { readonly preview: readonly Rectangle[] }) {
  const height = ROWS_SHOWN * ROW;
  const isCoreHere = useCore();
  const stored = preview.map((rectangle, index) => ({ ...rectangle, item: String(index) }));
  // Packed as on the page: what is stored may have gaps.
  const placed = isCoreHere ? compact(stored) : stored;
  const shown = placed.filter((rectangle) => rectangle.y < ROWS_SHOWN);
  return (
    <svg viewBox={`-0.8 -0.8 25.6 ${height + 0.8}`} aria-hidden="true" preserveAspectRatio="xMidYMin slice">
      {shown.map((rectangle, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a picture, drawn whole each time
        <Panel key={index} rectangle={rectangle} />
      ))}
    </svg>
  );
}

function Panel({ rectangle }: { readonly rectangle: Rectangle }) {
  const x = rectangle.x + GAP / 2;
  const y = rectangle.y * ROW + GAP / 2;
  const w = rectangle.w - GAP;
  const h = rectangle.h * ROW - GAP;
  if (rectangle.type === "row") {
    return (
      <rect
        x={x}
        y={y + h / 2 - 0.06}
        width={Math.min(w, 5)}
        height={0.16}
        rx={0.08}
        fill="var(--line-strong)"
      />
    );
  }
  return (
    <g>
      <rect
        x={x}
        y={y}
        width={w}
        height={h}
        rx={0.3}
        fill="var(--surface)"
        stroke="var(--hairline)"
        strokeWidth={0.08}
      />
      <Glyph type={rectangle.type} x={x + 0.5} y={y + 0.5} w={w - 1} h={h - 1} />
    </g>
  );
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
}

function Glyph({ type, x, y, w, h }: Box & { readonly type: string }) {
  if (w < 0.8 || h < 0.5) return null;
  switch (drawnType(type)) {
    case "timeseries":
      return (
        <g fill="none" strokeWidth={0.14} strokeLinejoin="round" strokeLinecap="round">
          <path d={wave(x, y, w, h, [0.7, 0.45, 0.6, 0.3, 0.5, 0.2, 0.38])} stroke="var(--series-1)" />
          <path
            d={wave(x, y, w, h, [0.9, 0.8, 0.86, 0.66, 0.8, 0.62, 0.74])}
            stroke="var(--series-3)"
            opacity={0.8}
          />
        </g>
      );
    case "stat":
      return (
        <rect
          x={x}
          y={y + h / 2 - Math.min(0.4, h / 3)}
          width={Math.min(w, 2.2)}
          height={Math.min(0.8, h * 0.66)}
          rx={0.2}
          fill="var(--saved)"
          opacity={0.75}
        />
      );
    case "gauge": {
      const r = Math.min(w / 2, h) * 0.7;
      const cx = x + w / 2;
      const cy = y + h / 2 + r / 2;
      return (
        <path
          d={`M${cx - r},${cy} A${r},${r} 0 0 1 ${cx + r},${cy}`}
          fill="none"
          stroke="var(--series-2)"
          strokeWidth={0.3}
          strokeLinecap="round"
        />
      );
    }
    case "bargauge":
      return (
        <Lines x={x} y={y} w={w} h={h} color="var(--series-3)" widths={[0.9, 0.6, 0.75, 0.4]} thick={0.26} />
      );
    case "table":
      return (
        <Lines x={x} y={y} w={w} h={h} color="var(--line-strong)" widths={[1, 1, 1, 1, 1, 1]} thick={0.1} />
      );
    case "text":
      return (
        <Lines
          x={x}
          y={y}
          w={w}
          h={h}
          color="var(--line-strong)"
          widths={[0.5, 0.95, 0.85, 0.6]}
          thick={0.2}
        />
      );
    case null:
      return <rect x={x} y={y} width={Math.min(1.6, w)} height={0.2} rx={0.1} fill="var(--line-strong)" />;
  }
}

function wave(x: number, y: number, w: number, h: number, heights: readonly number[]): string {
  return heights
    .map(
      (height, index) =>
        `${index === 0 ? "M" : "L"}${x + (index / (heights.length - 1)) * w},${y + height * h}`,
    )
    .join(" ");
}

interface LinesProps extends Box {
  readonly color: string;
  readonly widths: readonly number[];
  readonly thick: number;
}

function Lines({ x, y, w, h, color, widths, thick }: LinesProps) {
  const pitch = 0.62;
  const count = Math.min(widths.length, Math.floor(h / pitch) + 1);
  return widths.slice(0, count).map((share, index) => (
    <rect
      // biome-ignore lint/suspicious/noArrayIndexKey: a picture, drawn whole each time
      key={index}
      x={x}
      y={y + index * pitch}
      width={w * share}
      height={thick}
      rx={thick / 2}
      fill={color}
    />
  ));
}
