/** The others' cursors in pixels of a container. */
import type { BuiltInPresence, Peer, User } from "@coboard/client";
import { useEffect, useState } from "react";
import { useHandle } from "./context.js";
import { useReadable } from "./useReadable.js";

/** A cursor, in pixels from the container's top left corner. @public */
export interface CursorView {
  user: User;
  x: number;
  y: number;
  activity: "active" | "idle";
}

/** How cursors become pixels. @public */
export interface CursorOptions {
  /** Height of one row, with its gap, for cursors given in rows. Default 1: `y` is in rows. */
  rowHeightPx?: number;
  /** The element of a widget, for cursors over one. Default: `[data-item="<id>"]` in the container. */
  widgetElement?: (item: string, container: HTMLElement) => Element | null;
}

/**
 * Where the others point. `x` of a cursor over the grid is a fraction of the container's width.
 *
 * @example
 * const cursors = useCursors(grid, { rowHeightPx: 38 });
 * @public
 */
export function useCursors(
  container: { current: HTMLElement | null },
  options: CursorOptions = {},
): readonly CursorView[] {
  const others = useReadable(useHandle().presence.others);
  const [element, setElement] = useState<HTMLElement | null>(null);
  useEffect(() => setElement(container.current), [container]);
  if (!element) return [];
  return others.flatMap((peer) => viewOf(peer, element, options));
}

function viewOf(peer: Peer, container: HTMLElement, options: CursorOptions): CursorView[] {
  const place = peer.presence.cursor ? placeOf(peer.presence.cursor, container, options) : null;
  if (!place || peer.activity === "away") return [];
  return [{ user: peer.user, ...place, activity: peer.activity }];
}

function placeOf(
  cursor: NonNullable<BuiltInPresence["cursor"]>,
  container: HTMLElement,
  { rowHeightPx = 1, widgetElement = elementOf }: CursorOptions,
): { x: number; y: number } | null {
  const box = container.getBoundingClientRect();
  if ("row" in cursor) return { x: cursor.x * box.width, y: cursor.row * rowHeightPx };
  const widget = widgetElement(cursor.widget, container)?.getBoundingClientRect();
  if (!widget) return null;
  return {
    x: widget.left - box.left + cursor.fx * widget.width,
    y: widget.top - box.top + cursor.fy * widget.height,
  };
}

function elementOf(item: string, container: HTMLElement): Element | null {
  return container.querySelector(`[data-item="${CSS.escape(item)}"]`);
}
