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
  tell: (user: UserId | null, sinceMs: number | null) => void;
}

/** The following of one Document. @internal */
export class Following {
  readonly user = new Cell<UserId | null>(null);
  readonly #parts: FollowingParts;
  #sinceMs = 0;
  #gone: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: FollowingParts) {
    this.#parts = parts;
  }

  start(user: UserId | null): void {
    this.#here();
    if (user !== null) {
      // Later than whoever follows us already, whatever their clock says.
      const newest = Math.max(0, ...(this.#circle(user) ?? []).map(sinceOf));
      this.#sinceMs = Math.max(Date.now(), newest + 1);
    }
    this.#parts.tell(user, user === null ? null : this.#sinceMs);
    this.user.set(user);
  }

  /** The others have changed. `connected`: without a connection nobody can be seen, and nobody has left. */
  look(connected: boolean): void {
    const user = this.user.current;
    if (user === null) return;
    if (!connected || this.#peer(user)) this.#here();
    else this.#gone ??= setTimeout(() => this.start(null), GONE_AFTER_MS);
    // Those who follow each other would stand still or chase each other: whoever followed first gives way. All of them
    // see the same times, so it is one of them alone, also where some were cut off meanwhile.
    if (this.#circle(user)?.every((peer) => this.#isEarlierThan(peer))) this.start(null);
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

  #isEarlierThan(peer: Peer): boolean {
    const by = this.#sinceMs - sinceOf(peer);
    return by < 0 || (by === 0 && this.#parts.self() < peer.user.id);
  }

  /** Those through whom `user` follows us, they among them; null where they do not. */
  #circle(user: UserId): readonly Peer[] | null {
    const passed: Peer[] = [];
    for (let one: unknown = user; typeof one === "string"; ) {
      if (one === this.#parts.self()) return passed;
      const peer = this.#peer(one);
      if (!peer || passed.includes(peer)) return null;
      passed.push(peer);
      one = peer.presence.following;
    }
    return null;
  }
}

/** When they began to follow, by their clock. */
function sinceOf({ presence: { followingSinceMs } }: Peer): number {
  return typeof followingSinceMs === "number" ? followingSinceMs : 0;
}
