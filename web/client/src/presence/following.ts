/** Whom one follows: told to all like the rest of presence, and over when they are gone. */
import type { Readable, UserId } from "../api/basic.js";
import type { Peer } from "../api/presence.js";
import { Cell } from "../support/cell.js";

/** Whoever reloads or changes networks is gone for a moment and comes back. A guess. @internal */
export const GONE_AFTER_MS = 3_000;

/** What it is made from. @internal */
export interface FollowingParts {
  others: Readable<readonly Peer[]>;
  self: () => UserId;
  tell: (user: UserId | null) => void;
}

/** The following of one Document. @internal */
export class Following {
  readonly user = new Cell<UserId | null>(null);
  readonly #parts: FollowingParts;
  /** They follow us, by themselves or through others, and did so before we began. */
  #wasCircle = false;
  #gone: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: FollowingParts) {
    this.#parts = parts;
  }

  start(user: UserId | null): void {
    this.#here();
    this.#wasCircle = user !== null && this.#isCircle(user);
    this.#parts.tell(user);
    this.user.set(user);
  }

  /** The others have changed. `connected`: without a connection nobody can be seen, and nobody has left. */
  look(connected: boolean): void {
    const user = this.user.current;
    if (user === null) return;
    if (!connected || this.#peer(user)) this.#here();
    else this.#gone ??= setTimeout(() => this.start(null), GONE_AFTER_MS);
    const isCircle = this.#isCircle(user);
    // Two who follow each other would stand still or chase each other: whoever followed first gives way.
    if (isCircle && !this.#wasCircle) this.start(null);
    else this.#wasCircle = isCircle;
  }

  destroy(): void {
    this.#here();
  }

  #here(): void {
    clearTimeout(this.#gone);
    this.#gone = undefined;
  }

  #peer(user: UserId): Peer | undefined {
    return this.#parts.others.current.find((peer) => peer.user.id === user);
  }

  #isCircle(user: UserId): boolean {
    const self = this.#parts.self();
    const passed = new Set<UserId>();
    for (let one: unknown = user; typeof one === "string" && !passed.has(one); ) {
      if (one === self) return true;
      passed.add(one);
      one = this.#peer(one)?.presence.following;
    }
    return false;
  }
}
