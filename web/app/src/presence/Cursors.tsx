/** Other people's pointers: one animation loop for all, springs, none under reduced motion. */
import type { Peer } from "@coboard/client";
import { useDocumentHandle, useOthersMapped } from "@coboard/react";
import { useEffect, useRef } from "react";
import type { GridMetrics } from "../grid/metrics";
import { pointInPixels } from "../grid/metrics";
import { testIds } from "../testIds";
import styles from "./presence.module.css";
import { type Spring, springStep } from "./spring";

interface CursorUser {
  readonly name: string;
  readonly color: string;
  readonly shown: boolean;
}

/** A label fades after this long without a move; a cursor dims after {@link DIM_AFTER_MS}. */
const LABEL_MS = 3_000;
const DIM_AFTER_MS = 60_000;

interface Tracked {
  readonly spring: Spring;
  targetX: number;
  targetY: number;
  key: string;
  movedAtMs: number;
}

export function Cursors({ metrics }: { readonly metrics: GridMetrics }) {
  const users = useOthersMapped(cursorUser, sameUser);
  const elements = useRef(new Map<string, HTMLDivElement>());
  useCursorLoop(elements.current, metrics);
  return (
    <div className={styles.layer} aria-hidden="true">
      {users.map(([id, user]) =>
        user.shown ? (
          <div
            key={id}
            className={styles.cursor}
            data-testid={testIds.cursor(user.name)}
            ref={(element) => {
              if (element) elements.current.set(id, element);
              return () => {
                elements.current.delete(id);
              };
            }}
          >
            <svg width="16" height="18" viewBox="0 0 16 18" aria-hidden="true">
              <path
                d="M1.2 1.2 L14.4 8.6 L8.3 10.1 L5.2 16.2 Z"
                fill={user.color}
                stroke="#fff"
                strokeWidth="1.2"
                strokeLinejoin="round"
              />
            </svg>
            <span className={styles.label} style={{ background: user.color }}>
              {user.name}
            </span>
          </div>
        ) : null,
      )}
    </div>
  );
}

function cursorUser(peer: Peer): CursorUser {
  return { name: peer.user.name, color: peer.user.color, shown: Boolean(peer.presence.cursor) };
}

function sameUser(a: CursorUser, b: CursorUser): boolean {
  return a.name === b.name && a.color === b.color && a.shown === b.shown;
}

function useCursorLoop(elements: Map<string, HTMLDivElement>, metrics: GridMetrics): void {
  const { presence } = useDocumentHandle();
  useEffect(() => {
    const tracked = new Map<string, Tracked>();
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    let frame = 0;
    let last = 0;
    const draw = (now: number) => {
      const elapsed = last === 0 ? 0 : (now - last) / 1000;
      last = now;
      let moving = false;
      for (const [id, cursor] of tracked) {
        if (still) Object.assign(cursor.spring, { x: cursor.targetX, y: cursor.targetY });
        else if (springStep(cursor.spring, cursor.targetX, cursor.targetY, elapsed)) moving = true;
        const element = elements.get(id);
        if (!element) {
          moving = true; // React has not made it yet.
          continue;
        }
        element.style.transform = `translate3d(${cursor.spring.x}px, ${cursor.spring.y}px, 0)`;
        const age = Date.now() - cursor.movedAtMs;
        element.classList.toggle(styles.quiet ?? "", age > LABEL_MS);
        element.classList.toggle(styles.dim ?? "", age > DIM_AFTER_MS);
      }
      if (moving) frame = requestAnimationFrame(draw);
      else frame = last = 0;
    };
    const wake = () => {
      if (frame === 0) frame = requestAnimationFrame(draw);
    };
    const take = (others: readonly Peer[]) => {
      const seen = new Set<string>();
      for (const peer of others) {
        const { cursor } = peer.presence;
        if (!cursor || !("x" in cursor)) continue;
        seen.add(peer.user.id);
        track(tracked, peer.user.id, cursor, metrics);
      }
      for (const id of tracked.keys()) if (!seen.has(id)) tracked.delete(id);
      wake();
    };
    take(presence.others.current);
    const stop = presence.others.subscribe(take);
    const fade = setInterval(wake, 1_000);
    return () => {
      stop();
      clearInterval(fade);
      cancelAnimationFrame(frame);
    };
  }, [presence, elements, metrics]);
}

function track(
  tracked: Map<string, Tracked>,
  id: string,
  cursor: { readonly x: number; readonly row: number },
  metrics: GridMetrics,
): void {
  const { x, y } = pointInPixels(cursor, metrics);
  const key = `${cursor.x},${cursor.row}`;
  const known = tracked.get(id);
  if (!known) {
    tracked.set(id, { spring: { x, y, vx: 0, vy: 0 }, targetX: x, targetY: y, key, movedAtMs: Date.now() });
    return;
  }
  if (known.key !== key) known.movedAtMs = Date.now();
  Object.assign(known, { targetX: x, targetY: y, key });
}
