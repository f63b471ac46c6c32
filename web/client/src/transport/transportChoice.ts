/** Which transport to try: the first of the list, unless it does not get through here. */
import type { Transport } from "../api/basic.js";

/** A black hole shows itself by silence only: after so many timeouts the next transport is tried (a guess). */
const TIMEOUTS_MAX = 2;
/** A transport that has worked before is given up only after so many refusals: the server may be restarting. */
const REFUSALS_MAX = 4;

/** Remembers what worked and what did not. @internal */
export class TransportChoice {
  #allowed: readonly Transport[];
  #index = 0;
  #timeouts = 0;
  #refusals = 0;
  #proven = false;

  constructor(allowed: readonly Transport[]) {
    this.#allowed = allowed.length > 0 ? allowed : ["websocket", "polling"];
  }

  /** The transport to open with, then those that it may be upgraded to. */
  get current(): readonly Transport[] {
    return this.#allowed[this.#index] === "polling"
      ? [...this.#allowed].sort()
      : [this.#allowed[this.#index] ?? "websocket"];
  }

  /** The server says what it takes; what it does not is tried no more. */
  allow(transports: readonly Transport[]): void {
    const allowed = this.#allowed.filter((transport) => transports.includes(transport));
    if (allowed.length > 0) this.#allowed = allowed;
  }

  worked(transport: Transport): void {
    this.#index = Math.max(0, this.#allowed.indexOf(transport));
    this.#timeouts = 0;
    this.#refusals = 0;
    this.#proven = true;
  }

  /** Notes a failed attempt; true: there is another transport, try it at once. */
  failed(how: "timeout" | "refused"): boolean {
    if (how === "timeout") this.#timeouts += 1;
    else this.#refusals += 1;
    const givenUp = this.#timeouts >= TIMEOUTS_MAX || this.#refusals >= (this.#proven ? REFUSALS_MAX : 1);
    if (!givenUp) return false;
    this.#timeouts = 0;
    this.#refusals = 0;
    this.#proven = false;
    this.#index = (this.#index + 1) % this.#allowed.length;
    return this.#index > 0;
  }
}
