/** The list of the person's own devices, kept up to date while somebody looks at it. */
import type { Loaded, Unsubscribe } from "../api/basic.js";
import type { OwnDevice } from "../api/devices.js";
import { errorFromBody } from "../errors.js";
import { Cell } from "../support/cell.js";
import { jsonEqual } from "../support/json.js";
import { Watched } from "../support/watched.js";
import type { Connection } from "../transport/connection.js";
import { KnownViews } from "./knownViews.js";
import { readDevices, type Self, type WireDevices } from "./readDevices.js";

/** The server tells what is new for a minute after each look. */
const ASK_AGAIN_MS = 30_000;

type State = Loaded<readonly OwnDevice[]>;

/** Asks with its first listener, and no more after its last. @internal */
export class OwnDevices extends Watched<State> {
  readonly #connection: Connection;
  readonly #self: () => Self;
  readonly #views = new KnownViews();

  constructor(connection: Connection, self: () => Self) {
    super(new Cell<State>({ status: "loading", progress: null }, jsonEqual));
    this.#connection = connection;
    this.#self = self;
  }

  protected start(): readonly Unsubscribe[] {
    const { events } = this.#connection;
    const timer = setInterval(() => this.#ask(), ASK_AGAIN_MS);
    const unlisten = [
      events.on("connected", () => this.#ask()),
      // Where others are open is not known any more, and a guess would lead people astray.
      events.on("lost", () => this.state.set({ status: "loading", progress: null })),
      events.on("message", ({ event, payload }) => {
        if (event === "devices_changed") this.#take(payload as WireDevices);
      }),
      () => clearInterval(timer),
    ];
    this.state.set({ status: "loading", progress: null });
    this.#ask();
    this.#connection.connect();
    return unlisten;
  }

  #ask(): void {
    this.#connection.request("devices", {}, (answer) => {
      if (answer.ok) this.#take(answer.value as WireDevices);
      else this.state.set({ status: "failed", error: errorFromBody(answer.error) });
    });
  }

  #take(devices: WireDevices): void {
    this.state.set({ status: "ready", value: readDevices(this.#views.complete(devices), this.#self()) });
  }
}
