/** Notices that the leader says nothing while something is awaited of it. */
import { LATE_MS_MAX, LEADER_SILENT_MS_MAX } from "./limits.js";

const HALF_MS = LEADER_SILENT_MS_MAX / 2;

/** What it does. @internal */
export interface WatchParts {
  /** Whether anything is awaited. */
  isWaiting: () => boolean;
  /** Asks the leader for a word. */
  probe: () => void;
  silent: () => void;
}

/** Runs only while something is awaited: nothing ticks in a tab that is at rest. @internal */
export class Watch {
  readonly #parts: WatchParts;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #heard = false;

  constructor(parts: WatchParts) {
    this.#parts = parts;
  }

  /** Something is awaited. */
  start(): void {
    if (this.#timer === undefined) this.#look(false);
  }

  /** The leader said something, whatever it was. */
  heard(): void {
    this.#heard = true;
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #look(asked: boolean): void {
    this.#heard = false;
    const dueMs = Date.now() + HALF_MS;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (!this.#parts.isWaiting()) return;
      const stoodStill = Date.now() - dueMs > LATE_MS_MAX;
      if (this.#heard || stoodStill) return this.#look(false);
      if (asked) return this.#parts.silent();
      this.#parts.probe();
      this.#look(true);
    }, HALF_MS);
  }
}
