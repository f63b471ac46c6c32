/** A readable value with one writer. */
import type { Readable, Unsubscribe } from "../api/basic.js";
import { runListeners } from "./listeners.js";

/** The writable side of a {@link Readable}. @internal */
export class Cell<T> implements Readable<T> {
  #value: T;
  #unannounced = false;
  readonly #listeners = new Set<(value: T) => void>();
  readonly #isEqual: (a: T, b: T) => boolean;

  constructor(initial: T, isEqual: (a: T, b: T) => boolean = Object.is) {
    this.#value = initial;
    this.#isEqual = isEqual;
  }

  get current(): T {
    return this.#value;
  }

  get observed(): boolean {
    return this.#listeners.size > 0;
  }

  /** Takes the value and tells the listeners, unless it is equal to the present one. */
  set(value: T): void {
    this.assign(value);
    this.announce();
  }

  /** Takes the value; `announce` tells the listeners later, once. */
  assign(value: T): void {
    if (this.#isEqual(this.#value, value)) return;
    this.#value = value;
    this.#unannounced = true;
  }

  announce(): void {
    if (!this.#unannounced) return;
    this.#unannounced = false;
    runListeners(this.#listeners, (listener) => listener(this.#value));
  }

  subscribe(listener: (value: T) => void): Unsubscribe {
    const own = (value: T) => listener(value);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }
}
