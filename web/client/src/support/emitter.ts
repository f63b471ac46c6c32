/** Typed events. */
import type { Unsubscribe } from "../api/basic.js";
import { runListeners } from "./listeners.js";

/** Listeners by event name. @internal */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<(event: never) => void>>();

  on<K extends keyof Events>(event: K, listener: (event: Events[K]) => void): Unsubscribe {
    const own = (value: Events[K]) => listener(value);
    const set = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, set);
    set.add(own);
    return () => set.delete(own);
  }

  emit<K extends keyof Events>(event: K, value: Events[K]): void {
    const set = this.#listeners.get(event) as Set<(event: Events[K]) => void> | undefined;
    if (set) runListeners(set, (listener) => listener(value));
  }
}
