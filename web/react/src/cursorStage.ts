/** Moves the nodes of cursors: one animation loop for all of them, which rests when they do. No React. */
import type { Peer, User, UserId } from "@coboard/client";
import type { PixelPoint } from "./cursorPlace.js";
import { type Spring, springStep } from "./spring.js";

/** A label fades after this long without a move; a cursor dims after {@link DIM_AFTER_MS}. */
const LABEL_MS = 3_000;
const DIM_AFTER_MS = 60_000;
/** So far outside of what can be seen a cursor has a node already: it is there when it comes in. */
const MARGIN_PX = 80;

interface Tracked {
  readonly spring: Spring;
  user: User;
  target: PixelPoint;
  /** As it was told: a window that gets narrower moves no pointer. */
  told: string;
  movedAtMs: number;
}

/** What the stage asks and tells. @internal */
export interface StageParts {
  place: (peer: Peer) => PixelPoint | null;
  /** What can be seen of the container, in its pixels from top to bottom. */
  band: () => { top: number; bottom: number };
  /** Whose cursors need a node: the others are outside of what can be seen. */
  show: (users: readonly User[]) => void;
  /** The nodes that there are. */
  nodes: ReadonlyMap<UserId, HTMLElement>;
  /** No springs. */
  still: boolean;
}

/** The cursors of one container. @internal */
export class CursorStage {
  readonly #parts: StageParts;
  readonly #tracked = new Map<UserId, Tracked>();
  #shown = "";
  #frame = 0;
  #lastMs = 0;
  readonly #fade = setInterval(() => this.#wake(), 1_000);

  constructor(parts: StageParts) {
    this.#parts = parts;
  }

  destroy(): void {
    clearInterval(this.#fade);
    cancelAnimationFrame(this.#frame);
  }

  /** The others, as they are now. */
  take(others: readonly Peer[]): void {
    const here = new Set<UserId>();
    for (const peer of others) {
      const target = peer.presence.cursor && peer.activity !== "away" ? this.#parts.place(peer) : null;
      if (!target) continue;
      here.add(peer.user.id);
      this.#track(peer, target);
    }
    for (const id of this.#tracked.keys()) if (!here.has(id)) this.#tracked.delete(id);
    this.look();
    this.#wake();
  }

  /** A node has come: it stands where its cursor is before anybody sees it. */
  put(id: UserId): void {
    const cursor = this.#tracked.get(id);
    if (cursor) this.#place(id, cursor);
  }

  /** Something was scrolled: who can be seen now. */
  look(): void {
    const { top, bottom } = this.#parts.band();
    const inside = ({ y }: PixelPoint) => y > top - MARGIN_PX && y < bottom + MARGIN_PX;
    const seen = [...this.#tracked.values()].filter(({ spring, target }) => inside(spring) || inside(target));
    const users = seen.map(({ user }) => user);
    const shown = JSON.stringify(users);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#parts.show(users);
    this.#wake();
  }

  #track(peer: Peer, target: PixelPoint): void {
    const told = JSON.stringify(peer.presence.cursor);
    const known = this.#tracked.get(peer.user.id);
    const { user } = peer;
    if (known) {
      if (known.told !== told) known.movedAtMs = Date.now();
      Object.assign(known, { user, target, told });
      return;
    }
    const spring = { ...target, vx: 0, vy: 0 };
    this.#tracked.set(user.id, { spring, user, target, told, movedAtMs: Date.now() });
  }

  #wake(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame((now) => this.#draw(now));
  }

  #draw(nowMs: number): void {
    const elapsed = this.#lastMs === 0 ? 0 : (nowMs - this.#lastMs) / 1_000;
    this.#lastMs = nowMs;
    let moving = false;
    for (const [id, cursor] of this.#tracked) {
      const { spring, target } = cursor;
      if (this.#parts.still) Object.assign(spring, target);
      else if (springStep(spring, target.x, target.y, elapsed)) moving = true;
      this.#place(id, cursor);
    }
    this.#frame = moving ? requestAnimationFrame((next) => this.#draw(next)) : 0;
    if (moving) return;
    this.#lastMs = 0;
    this.look();
  }

  #place(id: UserId, { spring, movedAtMs }: Tracked): void {
    const node = this.#parts.nodes.get(id);
    if (!node) return;
    node.style.transform = `translate3d(${spring.x}px, ${spring.y}px, 0)`;
    const ageMs = Date.now() - movedAtMs;
    node.toggleAttribute("data-quiet", ageMs > LABEL_MS);
    node.toggleAttribute("data-dim", ageMs > DIM_AFTER_MS);
  }
}
