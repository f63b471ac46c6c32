/** What a tab shows of a Document, told to the server for the person's other devices. */
import type { DocumentView } from "../api/devices.js";
import { jsonEqual } from "../support/json.js";

/** Somebody who scrolls is told where they came to, not each step. */
const INTERVAL_MS = 2_000;

/** Tells what is new: at once after a pause, else when the interval is over. @internal */
export class ViewTeller {
  readonly #send: (session: string, view: DocumentView) => void;
  #session: string | null = null;
  #view: DocumentView | null = null;
  /** What the server has of this session. */
  #told: DocumentView | null = null;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(send: (session: string, view: DocumentView) => void) {
    this.#send = send;
  }

  update(view: DocumentView): void {
    this.#view = view;
    this.#flush();
  }

  /** A session begins: the server knows nothing of it, and is told at once. */
  begin(session: string): void {
    this.#session = session;
    this.#told = null;
    this.#toldAtMs = Number.NEGATIVE_INFINITY;
    this.#flush();
  }

  end(): void {
    this.#session = null;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #flush(): void {
    if (this.#session === null || this.#view === null || this.#timer !== undefined) return;
    if (jsonEqual(this.#view, this.#told)) return;
    const wait = this.#toldAtMs + INTERVAL_MS - Date.now();
    if (wait > 0) {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        this.#flush();
      }, wait);
      return;
    }
    this.#toldAtMs = Date.now();
    this.#told = this.#view;
    this.#send(this.#session, this.#view);
  }
}
