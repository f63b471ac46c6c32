/** Where others are dragging widgets to: outlines in their colour. */
import type { ItemId, Peer } from "@coboard/client";
import { useOthersMapped } from "@coboard/react";
import { type GridMetrics, rectInPixels } from "../grid/metrics";
import type { Rect } from "../grid/rect";
import { testIds } from "../testIds";
import styles from "./presence.module.css";

interface Ghost extends Rect {
  readonly item: ItemId;
  readonly name: string;
  readonly color: string;
}

export function Ghosts({ metrics }: { readonly metrics: GridMetrics }) {
  const ghosts = useOthersMapped(ghostOf, sameGhost);
  return (
    <div className={styles.layer} aria-hidden="true">
      {ghosts.map(([user, ghost]) => {
        if (!ghost) return null;
        const { left, top, width, height } = rectInPixels(ghost, metrics);
        return (
          <div
            key={user}
            className={styles.ghost}
            style={{
              width,
              height,
              transform: `translate3d(${left}px, ${top}px, 0)`,
              borderColor: ghost.color,
              background: `color-mix(in srgb, ${ghost.color} 8%, transparent)`,
            }}
            data-testid={testIds.ghost(ghost.item)}
          >
            <div className={styles.tag}>
              <span style={{ background: ghost.color }}>{ghost.name}</span>
            </div>
          </div>
        );
      })}
    </div>
  );
}

function ghostOf(peer: Peer): Ghost | null {
  const { drag } = peer.presence;
  if (!drag) return null;
  const { widget, x, y, w, h } = drag;
  return { item: widget, x, y, w, h, name: peer.user.name, color: peer.user.color };
}

function sameGhost(a: Ghost | null, b: Ghost | null): boolean {
  if (a === null || b === null) return a === b;
  return a.item === b.item && a.x === b.x && a.y === b.y && a.w === b.w && a.h === b.h && a.color === b.color;
}
