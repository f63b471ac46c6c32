/** Which tab leads: the one that holds a Web Lock. The browser hands it on when that tab ends, however it ends. */
import type { Locks } from "../device/locks.js";

/** What a tab hears of it. @internal */
export interface ElectionEvents {
  /** This tab leads from now on. */
  won: () => void;
  /** Somebody else took the lead, because this tab stood still; we wait in turn again. */
  lost: () => void;
  /** There is no such lock here. */
  unavailable: () => void;
}

/** One tab's part in it. @internal */
export class Election {
  readonly #locks: Locks;
  readonly #name: string;
  readonly #events: ElectionEvents;
  #leave: (() => void) | null = null;
  #leads = false;

  constructor(locks: Locks, name: string, events: ElectionEvents) {
    this.#locks = locks;
    this.#name = name;
    this.#events = events;
  }

  /** Waits for its turn. */
  enter(): void {
    if (!this.#leave) this.#stand(false);
  }

  /** Takes the lead from a tab that stands still. */
  take(): void {
    if (this.#leads) return;
    this.#leave?.();
    this.#stand(true);
  }

  leave(): void {
    this.#leave?.();
    this.#leave = null;
    this.#leads = false;
  }

  #stand(steal: boolean): void {
    const won = () => {
      this.#leads = true;
      this.#events.won();
    };
    const lost = () => {
      const led = this.#leads;
      this.#leads = false;
      this.#leave = null;
      if (!led) return this.#events.unavailable();
      this.#stand(false);
      this.#events.lost();
    };
    this.#leave = this.#locks.queue(this.#name, { won, lost }, steal);
  }
}
