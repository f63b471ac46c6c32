/** Asks the server every few seconds whether it is there, how fast it answers and where the Documents stand. */
import type { DocumentId, Revision } from "../api/basic.js";
import type { Answer } from "../core/boundary.js";

/** Pings go out this often; with the answer's time limit a silent server is noticed within 15 s. */
export const PING_INTERVAL_MS = 10_000;
/** A server that does not answer a ping for so long is gone. */
export const PING_TIMEOUT_MS = 5_000;

/** How far a Document is known. @internal */
export interface Position {
  document: DocumentId;
  revision: Revision;
}

interface HeartbeatParts {
  positions: () => readonly Position[];
  request: (payload: object, done: (answer: Answer) => void) => void;
  latency: (ms: number) => void;
  head: (head: Position) => void;
  silent: () => void;
}

/** The heartbeat of one established link. @internal */
export class Heartbeat {
  readonly #parts: HeartbeatParts;
  readonly #interval: ReturnType<typeof setInterval>;
  #deadline: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: HeartbeatParts) {
    this.#parts = parts;
    this.#interval = setInterval(() => this.probe(), PING_INTERVAL_MS);
    this.probe();
  }

  /** Pings now, unless an answer is awaited already. */
  probe(): void {
    if (this.#deadline !== undefined) return;
    const sent_ms = Date.now();
    this.#deadline = setTimeout(() => this.#parts.silent(), PING_TIMEOUT_MS);
    this.#parts.request({ sent_ms, sessions: this.#parts.positions() }, (answer) => {
      clearTimeout(this.#deadline);
      this.#deadline = undefined;
      if (!answer.ok) return;
      this.#parts.latency(Math.max(0, Date.now() - sent_ms));
      const { heads } = answer.value as { heads?: readonly Position[] };
      for (const head of heads ?? []) this.#parts.head(head);
    });
  }

  stop(): void {
    clearInterval(this.#interval);
    clearTimeout(this.#deadline);
  }
}
