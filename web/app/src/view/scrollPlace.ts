/** Where a canvas is scrolled to, by widget and not by pixel: windows of different size agree on it. */
import type { ItemId } from "@coboard/client";

/** What one widget takes of the canvas, in pixels from the canvas' upper edge. */
export interface Span {
  readonly item: ItemId;
  readonly top: number;
  readonly left: number;
  readonly height: number;
}

export interface Place {
  readonly anchor: ItemId | null;
  readonly offset: number;
}

/** Less than this of a widget at the edge is not what anybody looks at. */
const SLIVER_PX = 16;

/** The first widget that can be seen below the edge, and how much of it is above. */
export function placeAt(spans: readonly Span[], edge: number): Place {
  const visible = spans.filter(
    (span) => span.top + span.height > edge + Math.min(SLIVER_PX, span.height / 2),
  );
  const [first, ...others] = visible;
  if (!first) return { anchor: null, offset: 0 };
  const anchor = others.reduce((best, span) => (isBefore(span, best) ? span : best), first);
  return { anchor: anchor.item, offset: round(Math.max(0, edge - anchor.top) / Math.max(1, anchor.height)) };
}

/** How far below the canvas' upper edge a place stands; `null` if its widget is not there. */
export function topOf(spans: readonly Span[], { anchor, offset }: Place): number | null {
  const span = spans.find(({ item }) => item === anchor);
  return span ? span.top + offset * span.height : null;
}

function isBefore(a: Span, b: Span): boolean {
  return a.top < b.top || (a.top === b.top && a.left < b.left);
}

/** Finer than a pixel of the highest widget. */
function round(fraction: number): number {
  return Math.min(1, Math.round(fraction * 1_000) / 1_000);
}
