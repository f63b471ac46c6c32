/** Between cells and pixels. Presence travels in cells, so that windows of different width agree. */
import { COLUMNS, GAP_PX, type Rect, ROW_HEIGHT_PX } from "./rect";

export interface GridMetrics {
  /** Inner width of the grid in pixels. */
  readonly width: number;
}

const PITCH_Y = ROW_HEIGHT_PX + GAP_PX;

function pitchX({ width }: GridMetrics): number {
  return (width + GAP_PX) / COLUMNS;
}

export function rectInPixels(rect: Rect, metrics: GridMetrics) {
  const pitch = pitchX(metrics);
  return {
    left: Math.round(rect.x * pitch),
    top: rect.y * PITCH_Y,
    width: Math.round(rect.w * pitch - GAP_PX),
    height: rect.h * PITCH_Y - GAP_PX,
  };
}

/** A point of the grid: x as a fraction of its width, y in rows. Four digits are finer than a pixel. */
export function pointInCells(
  leftPx: number,
  topPx: number,
  { width }: GridMetrics,
): { x: number; row: number } {
  return { x: round(leftPx / Math.max(1, width)), row: round(topPx / PITCH_Y) };
}

export function pointInPixels(point: { readonly x: number; readonly row: number }, { width }: GridMetrics) {
  return { x: point.x * width, y: point.row * PITCH_Y };
}

/** A point over something as fractions of its size. */
export function shareOf(
  { clientX, clientY }: { readonly clientX: number; readonly clientY: number },
  box: DOMRect,
): { fx: number; fy: number } {
  return {
    fx: round((clientX - box.left) / Math.max(1, box.width)),
    fy: round((clientY - box.top) / Math.max(1, box.height)),
  };
}

function round(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
