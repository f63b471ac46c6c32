/** A device of its own for each test: its database, and locks that tabs share. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import type { Locks } from "../../src/device/locks.js";

interface Waiting {
  won: () => void;
  take: (release: () => void) => void;
}

/** Locks of one browser; a tab that dies lets all of its own go. */
export class FakeLocks {
  readonly #held = new Map<string, number>();
  readonly #queues = new Map<string, Waiting[]>();
  /** How those that wait for a lock, and got it, lose it to a thief. */
  readonly #owners = new Map<string, () => void>();

  /** The locks as one tab sees them, and how that tab dies. */
  tab(): Locks & { die: () => void } {
    const own = new Set<() => void>();
    let dead = false;
    const hold = (name: string) => {
      this.#held.set(name, (this.#held.get(name) ?? 0) + 1);
      const release = () => {
        if (!own.delete(release)) return;
        const left = (this.#held.get(name) ?? 1) - 1;
        if (left > 0) this.#held.set(name, left);
        else this.#held.delete(name);
        if (left <= 0) this.#next(name);
      };
      own.add(release);
      return release;
    };
    return {
      take: async (name) => (this.#held.has(name) ? null : hold(name)),
      share: async (name) => hold(name),
      held: async () => new Set(this.#held.keys()),
      queue: (name, { won, lost }, steal) => {
        let release = () => {};
        let over = false;
        const entry: Waiting = {
          won: () => !over && !dead && won(),
          take: (letGo) => {
            release = letGo;
          },
        };
        const grant = () => {
          const letGo = hold(name);
          entry.take(letGo);
          this.#owners.set(name, () => {
            over = true;
            letGo();
            if (!dead) queueMicrotask(lost);
          });
          queueMicrotask(entry.won);
        };
        const waiting = { won: grant, take: () => {} };
        const leave = () => {
          over = true;
          const queue = this.#queues.get(name) ?? [];
          this.#queues.set(
            name,
            queue.filter((other) => other !== waiting),
          );
          release();
        };
        own.add(leave);
        if (steal) {
          const queue = this.#queues.get(name) ?? [];
          this.#queues.set(name, []);
          this.#owners.get(name)?.();
          this.#queues.set(name, queue);
          grant();
        } else if (this.#held.has(name)) {
          this.#queues.set(name, [...(this.#queues.get(name) ?? []), waiting]);
        } else grant();
        return leave;
      },
      die: () => {
        dead = true;
        for (const release of [...own]) release();
      },
    };
  }

  #next(name: string): void {
    this.#owners.delete(name);
    this.#queues.get(name)?.shift()?.won();
  }
}

/** A fresh device: everything that was stored before is gone. */
export function freshDevice(): FakeLocks {
  globalThis.indexedDB = new IDBFactory();
  return new FakeLocks();
}

/** Numbers in [0, 1) that depend on the seed alone. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
