/** Where others tap with a finger: a circle that spreads and is gone. */
import type { PresencePoint } from "@coboard/client";
import { type PixelPoint, useDocumentHandle } from "@coboard/react";
import { type CSSProperties, useEffect, useRef, useState } from "react";
import { testIds } from "../testIds";
import styles from "./presence.module.css";

/** As long as its animation. */
const RIPPLE_MS = 900;

interface Ripple extends PixelPoint {
  readonly key: string;
  readonly name: string;
  readonly color: string;
}

export function Ripples({ place }: { readonly place: (point: PresencePoint) => PixelPoint | null }) {
  const { presence } = useDocumentHandle();
  const [ripples, setRipples] = useState<readonly Ripple[]>([]);
  const latest = useRef(place);
  latest.current = place;
  useEffect(() => {
    const timers = new Set<ReturnType<typeof setTimeout>>();
    /** What somebody did before one looked is not shown. */
    let last = counts();
    const stop = presence.others.subscribe((others) => {
      const before = last;
      last = counts();
      for (const { user, presence: state } of others) {
        const { tap } = state;
        if (!tap || !before.has(user.id) || before.get(user.id) === tap.count) continue;
        const at = latest.current(tap);
        if (!at) continue;
        const ripple = { ...at, key: `${user.id} ${tap.count}`, name: user.name, color: user.color };
        setRipples((shown) => [...shown.filter(({ key }) => key !== ripple.key), ripple]);
        const timer = setTimeout(() => {
          timers.delete(timer);
          setRipples((shown) => shown.filter(({ key }) => key !== ripple.key));
        }, RIPPLE_MS);
        timers.add(timer);
      }
    });
    function counts(): ReadonlyMap<string, number | null> {
      const { current } = presence.others;
      return new Map(current.map((peer) => [peer.user.id, peer.presence.tap?.count ?? null]));
    }
    return () => {
      stop();
      for (const timer of timers) clearTimeout(timer);
    };
  }, [presence]);
  if (ripples.length === 0) return null;
  return (
    <div className={styles.layer} aria-hidden="true">
      {ripples.map(({ key, x, y, name, color }) => (
        <span
          key={key}
          className={styles.ripple}
          style={{ left: x, top: y, "--coboard-color": color } as CSSProperties}
          data-testid={testIds.ripple(name)}
        />
      ))}
    </div>
  );
}
