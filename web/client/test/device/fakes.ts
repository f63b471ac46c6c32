/** A device of its own for each test: its database, and locks that tabs share. */
import "fake-indexeddb/auto";
import { IDBFactory } from "fake-indexeddb";
import type { Locks } from "../../src/device/locks.js";

/** Locks of one browser; a tab that dies lets all of its own go. */
export class FakeLocks {
  readonly #held = new Map<string, number>();

  /** The locks as one tab sees them, and how that tab dies. */
  tab(): Locks & { die: () => void } {
    const own = new Set<() => void>();
    const hold = (name: string) => {
      this.#held.set(name, (this.#held.get(name) ?? 0) + 1);
      const release = () => {
        if (!own.delete(release)) return;
        const left = (this.#held.get(name) ?? 1) - 1;
        if (left > 0) this.#held.set(name, left);
        else this.#held.delete(name);
      };
      own.add(release);
      return release;
    };
    return {
      take: async (name) => (this.#held.has(name) ? null : hold(name)),
      share: async (name) => hold(name),
      held: async () => new Set(this.#held.keys()),
      die: () => {
        for (const release of [...own]) release();
      },
    };
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
