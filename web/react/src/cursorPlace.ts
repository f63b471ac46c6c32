/** From a point of presence to pixels of a container. */
import type { PresencePoint } from "@coboard/client";

/** Pixels from the container's top left corner. @public */
export interface PixelPoint {
  x: number;
  y: number;
}

/** How points become pixels. @public */
export interface CursorOptions {
  /** Height of one row, with its gap, for points given in rows. Default 1: `y` is in rows. */
  rowHeightPx?: number;
  /** The element of a widget, for points over one. Default: `[data-item="<id>"]` in the container. */
  widgetElement?: (item: string, container: HTMLElement) => Element | null;
  /** Instead of both, where the application knows its layout; null where the point cannot be seen. */
  place?: (point: PresencePoint) => PixelPoint | null;
}

/** Null where the widget is not there. @internal */
export function pixelsOf(
  point: PresencePoint,
  container: HTMLElement,
  { rowHeightPx = 1, widgetElement = elementOf, place }: CursorOptions,
): PixelPoint | null {
  if (place) return place(point);
  const box = container.getBoundingClientRect();
  if ("row" in point) return { x: point.x * box.width, y: point.row * rowHeightPx };
  const widget = widgetElement(point.widget, container)?.getBoundingClientRect();
  if (!widget) return null;
  return {
    x: widget.left - box.left + point.fx * widget.width,
    y: widget.top - box.top + point.fy * widget.height,
  };
}

function elementOf(item: string, container: HTMLElement): Element | null {
  return container.querySelector(`[data-item="${CSS.escape(item)}"]`);
}
