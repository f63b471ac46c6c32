/** Other people's pointers over the grid, and where their fingers tap. */
import type { PresencePoint, User } from "@coboard/client";
import { CursorArrow, type PixelPoint, Cursors as Pointers } from "@coboard/react";
import { type RefObject, useMemo } from "react";
import { type GridMetrics, pointInPixels, rectInPixels } from "../grid/metrics";
import type { Placed } from "../grid/rect";
import { testIds } from "../testIds";
import styles from "./presence.module.css";
import { Ripples } from "./Ripples";
import { useCursorsHidden } from "./settings";

export interface CursorsProps {
  readonly grid: RefObject<HTMLElement | null>;
  readonly metrics: GridMetrics;
  readonly placed: readonly Placed[];
}

/** Loaded with the first other person. */
export default function Cursors({ grid, metrics, placed }: CursorsProps) {
  const place = useMemo(() => placing(metrics, placed), [metrics, placed]);
  if (useCursorsHidden()) return null;
  return (
    <>
      <Pointers container={grid} place={place} className={styles.layer} cursorClassName={styles.cursor}>
        {cursor}
      </Pointers>
      <Ripples place={place} />
    </>
  );
}

/** From layout alone: where widgets are on their way to a place, cursors go there with them. */
function placing(metrics: GridMetrics, placed: readonly Placed[]) {
  const rects = new Map(placed.map((one) => [one.item, one]));
  return (point: PresencePoint): PixelPoint | null => {
    if ("row" in point) return pointInPixels(point, metrics);
    const rect = rects.get(point.widget);
    if (!rect) return null;
    const { left, top, width, height } = rectInPixels(rect, metrics);
    return { x: left + point.fx * width, y: top + point.fy * height };
  };
}

function cursor({ name }: User) {
  return (
    <div className={styles.pointer} data-testid={testIds.cursor(name)}>
      <CursorArrow />
      <span className={styles.label}>{name}</span>
    </div>
  );
}
