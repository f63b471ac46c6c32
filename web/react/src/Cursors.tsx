/** Other people's pointers, drawn without a style of their own. */
import type { User } from "@coboard/client";
import { type CSSProperties, type ReactNode, useEffect, useRef, useState } from "react";
import { useHandle } from "./context.js";
import { type CursorOptions, pixelsOf } from "./cursorPlace.js";
import { CursorStage } from "./cursorStage.js";

/** Properties of {@link Cursors}. @public */
export interface CursorsProps extends CursorOptions {
  /** What the cursors are over; it is positioned, and this component stands in it. */
  container: { current: HTMLElement | null };
  /** Class of the layer. */
  className?: string;
  /** Class of each cursor. */
  cursorClassName?: string;
  /** What stands for somebody; an arrow with the name without it. */
  children?: (user: User) => ReactNode;
}

const LAYER: CSSProperties = { position: "absolute", inset: 0, pointerEvents: "none" };
const CURSOR: CSSProperties = { position: "absolute", top: 0, left: 0, willChange: "transform" };

/**
 * The others' cursors on one layer, without those of one's own other windows. Each has `--coboard-color`; `data-quiet` once it has not moved for 3 s, `data-dim`
 * after a minute. They glide; where less motion is asked for they jump. One outside of what can be seen has no node.
 * Hidden from screen readers: a list of people says the same in words.
 *
 * @example
 * <div ref={grid} style={{ position: "relative" }}><Cursors container={grid} rowHeightPx={38} /></div>
 * @public
 */
export function Cursors(props: CursorsProps): ReactNode {
  const { container, className, cursorClassName, children = arrow } = props;
  const { users, nodes, put } = useStage(container, props);
  return (
    <div aria-hidden="true" data-coboard="cursors" className={className} style={LAYER}>
      {users.map((user) => (
        <div
          key={user.id}
          className={cursorClassName}
          data-coboard="cursor"
          data-user={user.name}
          style={{ ...CURSOR, "--coboard-color": user.color } as CSSProperties}
          ref={(node) => {
            if (node) nodes.set(user.id, node);
            put(user.id);
            return () => {
              nodes.delete(user.id);
            };
          }}
        >
          {children(user)}
        </div>
      ))}
    </div>
  );
}

function useStage(container: CursorsProps["container"], options: CursorOptions) {
  const { presence } = useHandle();
  const [users, setUsers] = useState<readonly User[]>([]);
  const nodes = useRef(new Map<string, HTMLElement>()).current;
  const latest = useRef(options);
  latest.current = options;
  const running = useRef<CursorStage>(null);
  useEffect(() => {
    const element = container.current;
    if (!element) return;
    const scroller = scrollerOf(element);
    const stage = new CursorStage({
      nodes,
      place: ({ user, presence: { cursor } }) => {
        const isOwn = user.id === presence.self.current.user.id;
        return cursor && !isOwn ? pixelsOf(cursor, element, latest.current) : null;
      },
      band: () => {
        const { top } = element.getBoundingClientRect();
        const port = scroller?.getBoundingClientRect() ?? { top: 0, bottom: window.innerHeight };
        return { top: port.top - top, bottom: port.bottom - top };
      },
      show: setUsers,
      still: matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    running.current = stage;
    stage.take(presence.others.current);
    const stop = presence.others.subscribe((others) => stage.take(others));
    const look = () => stage.look();
    const scrolled = scroller ?? window;
    scrolled.addEventListener("scroll", look, { passive: true });
    return () => {
      stop();
      scrolled.removeEventListener("scroll", look);
      stage.destroy();
      running.current = null;
      setUsers([]);
    };
  }, [presence, container, nodes]);
  const { place, rowHeightPx } = options;
  // biome-ignore lint/correctness/useExhaustiveDependencies: another layout places the same cursors elsewhere
  useEffect(() => running.current?.take(presence.others.current), [place, rowHeightPx, presence]);
  const put = (id: string) => running.current?.put(id);
  return { users, nodes, put };
}

/** What clips the element; the window where nothing does. */
function scrollerOf(element: HTMLElement): HTMLElement | null {
  for (let one = element.parentElement; one; one = one.parentElement) {
    if (/auto|scroll/.test(getComputedStyle(one).overflowY)) return one;
  }
  return null;
}

function arrow(user: User): ReactNode {
  return (
    <>
      <CursorArrow />
      <span data-coboard="cursor-name">{user.name}</span>
    </>
  );
}

/**
 * The arrow of a pointer, in the colour `--coboard-color`; its tip is at the upper left.
 *
 * @example
 * <CursorArrow />
 * @public
 */
export function CursorArrow(): ReactNode {
  return (
    <svg width="16" height="18" viewBox="0 0 16 18" aria-hidden="true">
      <path
        d="M1.2 1.2 L14.4 8.6 L8.3 10.1 L5.2 16.2 Z"
        fill="var(--coboard-color)"
        stroke="#fff"
        strokeWidth="1.2"
        strokeLinejoin="round"
      />
    </svg>
  );
}
