/** The list of the person's own devices, kept up to date while somebody looks at it. */
import type { Loaded, Readable, Unsubscribe } from "../api/basic.js";
import type { OwnDevice } from "../api/devices.js";
import { errorFromBody } from "../errors.js";
import { Cell } from "../support/cell.js";
import { jsonEqual } from "../support/json.js";
import type { Connection } from "../transport/connection.js";
import { readDevices, type Self, type WireDevices } from "./readDevices.js";

/** The server tells what is new for a minute after each look. */
const ASK_AGAIN_MS = 30_000;

type State = Loaded<readonly OwnDevice[]>;

/** Asks with its first listener, and no more after its last. @internal */
export class OwnDevices implements Readable<State> {
  readonly #state = new Cell<State>({ status: "loading", progress: null }, jsonEqual);
  readonly #connection: Connection;
  readonly #self: () => Self;
  #unlisten: Unsubscribe[] = [];
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(connection: Connection, self: () => Self) {
    this.#connection = connection;
    this.#self = self;
  }

  get current(): State {
    return this.#state.current;
  }

  subscribe(listener: (value: State) => void): Unsubscribe {
    const unsubscribe = this.#state.subscribe(listener);
    if (this.#unlisten.length === 0) this.#start();
    return () => {
      unsubscribe();
      if (!this.#state.observed) this.stop();
    };
  }

  stop(): void {
    for (const unlisten of this.#unlisten) unlisten();
    this.#unlisten = [];
    clearInterval(this.#timer);
  }

  #start(): void {
    const { events } = this.#connection;
    this.#unlisten = [
      events.on("connected", () => this.#ask()),
      // Where others are open is not known any more, and a guess would lead people astray.
      events.on("lost", () => this.#state.set({ status: "loading", progress: null })),
      events.on("message", ({ event, payload }) => {
        if (event === "devices_changed") this.#take(payload as WireDevices);
      }),
    ];
    this.#timer = setInterval(() => this.#ask(), ASK_AGAIN_MS);
    this.#state.set({ status: "loading", progress: null });
    this.#ask();
    this.#connection.connect();
  }

  #ask(): void {
    this.#connection.request("devices", {}, (answer) => {
      if (answer.ok) this.#take(answer.value as WireDevices);
      else this.#state.set({ status: "failed", error: errorFromBody(answer.error) });
    });
  }

  #take(devices: WireDevices): void {
    this.#state.set({ status: "ready", value: readDevices(devices, this.#self()) });
  }
}
