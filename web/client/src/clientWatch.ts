/** What the client does by itself: tells of a lost connection after a while, and rests in a hidden tab. */
import type { Readable } from "./api/basic.js";
import type { ClientEvents, ConnectionStatus } from "./api/client.js";
import type { Page } from "./support/page.js";
import type { Connection } from "./transport/connection.js";

/** Says "lost" only after a while, then "restored" or "failed". @internal */
export class LostConnection {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #lost = false;
  readonly #unlisten: () => void;

  constructor(
    status: Readable<ConnectionStatus>,
    timeoutMs: number,
    tell: (event: ClientEvents["lostConnection"]) => void,
  ) {
    this.#unlisten = status.subscribe(({ state }) => {
      if (state === "reconnecting") {
        this.#timer ??= setTimeout(() => {
          this.#lost = true;
          tell("lost");
        }, timeoutMs);
      } else if (state !== "connecting") {
        clearTimeout(this.#timer);
        this.#timer = undefined;
        if (this.#lost) tell(state === "connected" ? "restored" : "failed");
        this.#lost = false;
      }
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#unlisten();
  }
}

/** Disconnects a tab that has been hidden for long, never while work is unacknowledged. @internal */
export class HiddenTab {
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #unlisten: () => void;

  constructor(page: Page, connection: Connection, afterMs: number | null, hasWork: () => boolean) {
    const rest = (delay: number) => {
      this.#timer = setTimeout(() => {
        if (hasWork()) rest(delay);
        else if (connection.status.current.state !== "initial") connection.disconnect("hidden-tab");
      }, delay);
    };
    this.#unlisten = page.onVisibility(() => {
      clearTimeout(this.#timer);
      const { current } = connection.status;
      if (page.hidden) {
        if (afterMs !== null) rest(afterMs);
      } else if (current.state === "disconnected" && current.reason === "hidden-tab") {
        connection.connect();
      }
    });
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#unlisten();
  }
}
