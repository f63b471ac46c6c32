/** The others' cursors in pixels of a container. */
import type { Peer, User } from "@coboard/client";
import { useEffect, useState } from "react";
import { useHandle } from "./context.js";
import { type CursorOptions, pixelsOf } from "./cursorPlace.js";
import { useReadable } from "./useReadable.js";

/** A cursor, in pixels from the container's top left corner. @public */
export interface CursorView {
  user: User;
  x: number;
  y: number;
  activity: "active" | "idle";
}

/**
 * Where the others point; one's own other windows are none of them. `x` of a cursor over the grid is a fraction of the container's width. Renders on each of their
 * moves, and does not smooth them: `Cursors` draws them without either.
 *
 * @example
 * const cursors = useCursors(grid, { rowHeightPx: 38 });
 * @public
 */
export function useCursors(
  container: { current: HTMLElement | null },
  options: CursorOptions = {},
): readonly CursorView[] {
  const { presence } = useHandle();
  const others = useReadable(presence.others);
  const [element, setElement] = useState<HTMLElement | null>(null);
  useEffect(() => setElement(container.current), [container]);
  if (!element) return [];
  const self = presence.self.current.user.id;
  return others.flatMap((peer) => (peer.user.id === self ? [] : viewOf(peer, element, options)));
}

function viewOf(peer: Peer, container: HTMLElement, options: CursorOptions): CursorView[] {
  const place = peer.presence.cursor ? pixelsOf(peer.presence.cursor, container, options) : null;
  if (!place || peer.activity === "away") return [];
  return [{ user: peer.user, ...place, activity: peer.activity }];
}
