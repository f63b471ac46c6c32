/** One text of a Document, as a value and as deltas. */
import type { Path, Unsubscribe } from "../api/basic.js";
import type { Change, Submitted } from "../api/document.js";
import type { TextDelta, TextHandle } from "../api/text.js";
import { Cell } from "../support/cell.js";
import { runListeners } from "../support/listeners.js";
import { difference } from "./difference.js";

type Listener = (delta: TextDelta, change: Change | null) => void;

/** The text at one path. @internal */
export class TextField implements TextHandle {
  readonly value: Cell<string>;
  readonly #submit: (delta: TextDelta) => Submitted;
  readonly #listeners = new Set<Listener>();
  #own = false;

  constructor(
    readonly path: Path,
    text: string,
    submit: (delta: TextDelta) => Submitted,
  ) {
    this.value = new Cell(text);
    this.#submit = submit;
  }

  apply(delta: TextDelta): Submitted {
    this.#own = true;
    try {
      return this.#submit(delta);
    } finally {
      this.#own = false;
    }
  }

  on(_event: "delta", listener: Listener): Unsubscribe {
    const own: Listener = (delta, change) => listener(delta, change);
    this.#listeners.add(own);
    return () => this.#listeners.delete(own);
  }

  /** Takes the text of the new content; gives what has to be told to the listeners. */
  update(text: string, change: Change | null): () => void {
    const delta = difference(this.value.current, text);
    this.value.assign(text);
    const told = delta.length > 0 && !this.#own;
    return () => {
      this.value.announce();
      if (told) runListeners(this.#listeners, (listener) => listener(delta, change));
    };
  }
}
