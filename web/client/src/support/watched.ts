/** Something that is kept up to date only while somebody looks at it. */
import type { Readable, Unsubscribe } from "../api/basic.js";
import type { Cell } from "./cell.js";

/** Starts with its first listener and stops after its last. @internal */
export abstract class Watched<State> implements Readable<State> {
  protected readonly state: Cell<State>;
  #running = false;
  #unlisten: readonly Unsubscribe[] = [];

  constructor(state: Cell<State>) {
    this.state = state;
  }

  get current(): State {
    return this.state.current;
  }

  subscribe(listener: (value: State) => void): Unsubscribe {
    const unsubscribe = this.state.subscribe(listener);
    if (!this.#running) {
      this.#running = true;
      this.#unlisten = this.start();
    }
    return () => {
      unsubscribe();
      if (!this.state.observed) this.stop();
    };
  }

  /** Also for those who still listen: they are told nothing more. */
  stop(): void {
    this.#running = false;
    for (const unlisten of this.#unlisten) unlisten();
    this.#unlisten = [];
  }

  /** Begins to keep it up to date; what is returned ends that. */
  protected abstract start(): readonly Unsubscribe[];
}
