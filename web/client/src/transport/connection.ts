/** The one connection of a client: attempts, greeting, heartbeat, loss, return. It knows nothing of Documents. */
import type { Transport } from "../api/basic.js";
import type { ConnectionStatus, LostReason, ServerLimits } from "../api/client.js";
import type { Answer } from "../core/boundary.js";
import { CoboardError, errorFromBody, isErrorCode } from "../errors.js";
import { Cell } from "../support/cell.js";
import { Emitter } from "../support/emitter.js";
import { jsonEqual } from "../support/json.js";
import type { Page } from "../support/page.js";
import type { SharedTabs } from "../tabs/tabs.js";
import { backoffMs } from "./backoff.js";
import { type Greeting, helloRequest, PROTOCOL_VERSION, readGreeting } from "./greeting.js";
import { Heartbeat, type Position } from "./heartbeat.js";
import type { Link, LinkEnd, OpenLink } from "./link.js";
import { TransportChoice } from "./transportChoice.js";

/** An attempt that takes longer has failed (a guess: five round trips on a bad mobile network). */
const ATTEMPT_TIMEOUT_MS = 5_000;
/** A token that takes longer is asked for again, and then given so much more time each time, up to the other limit. */
const TOKEN_TIMEOUT_MS = 5_000;
const TOKEN_TIMEOUT_MS_MAX = 60_000;
/** An answer that takes longer means that the server is gone; a commit on a slow disk takes well below a second. */
const ANSWER_TIMEOUT_MS = 20_000;

/** What a connection is made of. @internal */
export interface ConnectionParts {
  url: string;
  token: () => Promise<string>;
  /** Who the page is, once the device has said so. */
  client: (token: string) => Promise<string>;
  transports: readonly Transport[];
  openLink: OpenLink;
  /** Other tabs that share the links; absent: none does. */
  tabs?: SharedTabs | null;
  page: Page;
  random: () => number;
  /** The Documents whose head the heartbeat compares. */
  positions: () => readonly Position[];
}

/** What a connection tells. @internal */
export interface ConnectionEvents {
  connected: Greeting;
  lost: LostReason | "stopped";
  message: { event: string; payload: unknown };
  head: Position;
  /** How long the answer to a ping took. */
  latency: number;
  updateNeeded: { reason: "client_too_old" | "server_too_old" };
  error: CoboardError;
}

type Phase = "idle" | "opening" | "connected" | "waiting";

/** Keeps one link to the server, and says at every moment how that goes. @internal */
export class Connection {
  readonly status = new Cell<ConnectionStatus>({ state: "initial" }, jsonEqual);
  readonly limits = new Cell<ServerLimits | null>(null);
  readonly events = new Emitter<ConnectionEvents>();
  readonly #parts: ConnectionParts;
  readonly #choice: TransportChoice;
  #phase: Phase = "idle";
  #link: Link | null = null;
  /** Raised whenever an attempt begins or ends: what an older attempt still has to say is not heard. */
  #generation = 0;
  #attempt = 0;
  #lostReason: LostReason = "closed";
  #client = "";
  #lineage: string | null = null;
  #user: Greeting["user"] | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #drainTimer: ReturnType<typeof setTimeout> | undefined;
  #heartbeat: Heartbeat | null = null;
  /** Time limits of the answers that have not come yet. */
  readonly #awaited = new Set<ReturnType<typeof setTimeout>>();
  readonly #unlisten: (() => void)[];

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
    this.#choice = new TransportChoice(parts.transports);
    this.#unlisten = [
      parts.page.onOnline(() => this.#wake()),
      parts.page.onOffline(() => this.#lose("browser-offline")),
      parts.page.onVisibility(() => !parts.page.hidden && this.#wake()),
      parts.page.onFreeze(() => this.#freeze()),
      parts.page.onResume(() => this.#wake()),
      parts.tabs?.onReached(() => this.#phase === "waiting" && this.#wake()) ?? (() => {}),
    ];
  }

  /** Who we are, as the last handshake said. */
  get user(): Greeting["user"] | null {
    return this.#user;
  }

  get connected(): boolean {
    return this.#phase === "connected";
  }

  /** Starts, unless it is under way already. */
  connect(): void {
    if (this.#phase !== "idle" || this.#destroyed) return;
    this.#attempt = 0;
    this.#open(this.status.current.state === "initial" ? "first" : "requested");
  }

  /** Drops what there is and tries at once. */
  reconnect(): void {
    if (this.#destroyed) return;
    this.#drop("closed");
    this.#attempt = 0;
    this.#open("requested");
  }

  disconnect(reason: "requested" | "hidden-tab" | "destroyed"): void {
    this.#drop("stopped");
    this.#phase = "idle";
    this.status.set({ state: "disconnected", reason });
  }

  destroy(): void {
    this.disconnect("destroyed");
    for (const unlisten of this.#unlisten) unlisten();
  }

  /** Sends without an answer; lost where there is no connection. */
  emit(event: string, payload: object): void {
    if (this.connected) this.#link?.emit(event, payload);
  }

  /** Sends and hands on the answer, unless the connection is lost before it comes. */
  request(event: string, payload: object, done: (answer: Answer) => void): void {
    if (this.connected) this.#ask(event, payload, done);
  }

  get #destroyed(): boolean {
    const status = this.status.current;
    return status.state === "disconnected" && status.reason === "destroyed";
  }

  #open(reason: "first" | "requested" | "transport-fallback" | "retry"): void {
    const generation = ++this.#generation;
    const heard = () => generation === this.#generation;
    this.#phase = "opening";
    clearTimeout(this.#timer);
    const transports = this.#choice.current;
    const transport = transports[0] ?? "websocket";
    const told = reason === "requested" || this.status.current.state !== "reconnecting";
    if (told && reason !== "retry") this.status.set({ state: "connecting", transport, reason });
    this.#credentials().then(
      ({ token, client }) => {
        if (!heard()) return;
        this.#client = client;
        if (token === "") return this.#stop({ state: "needs-auth", reason: "token-missing" });
        this.#timer = setTimeout(() => this.#attemptFailed("timeout"), ATTEMPT_TIMEOUT_MS);
        this.#link = (this.#parts.tabs?.open ?? this.#parts.openLink)(
          { url: this.#parts.url, token, transports },
          {
            opened: (name, via) => heard() && this.#greet(name, via),
            upgraded: (name) => heard() && this.#upgraded(name),
            refused: (code) => heard() && this.#refused(code),
            failed: () => heard() && this.#attemptFailed("refused"),
            closed: (why) => heard() && this.#lose(why),
            moved: () => heard() && this.#moved(),
            message: (event, payload) => heard() && this.#message(event, payload),
          },
        );
      },
      (cause: unknown) => {
        if (!heard()) return;
        this.events.emit("error", new CoboardError("E_UNAVAILABLE", "the token function failed", {}, cause));
        this.#wait("closed");
      },
    );
  }

  async #credentials(): Promise<{ token: string; client: string }> {
    const ms = Math.min(TOKEN_TIMEOUT_MS * (this.#attempt + 1), TOKEN_TIMEOUT_MS_MAX);
    const token = await inTime(this.#parts.token(), ms);
    return { token, client: token === "" ? "" : await this.#parts.client(token) };
  }

  #greet(transport: Transport, via: "own-socket" | "other-tab" = "own-socket"): void {
    const request = helloRequest(this.#client, this.#lineage);
    this.#ask("hello", request, (answer) => {
      if (!answer.ok) return this.#greetingRefused(errorFromBody(answer.error));
      clearTimeout(this.#timer);
      const greeting = readGreeting(answer.value);
      this.#lineage = greeting.limits.lineage;
      this.#user = greeting.user;
      this.#phase = "connected";
      this.#attempt = 0;
      this.#choice.allow(greeting.limits.transports);
      this.#choice.worked(transport);
      this.limits.set(greeting.limits);
      this.status.set({ state: "connected", transport, latencyMs: null, via });
      this.#heartbeat = this.#startHeartbeat();
      this.events.emit("connected", greeting);
    });
  }

  #startHeartbeat(): Heartbeat {
    return new Heartbeat({
      positions: this.#parts.positions,
      request: (payload, done) => this.request("ping", payload, done),
      latency: (latencyMs) => {
        const status = this.status.current;
        if (status.state === "connected") this.status.set({ ...status, latencyMs });
        this.events.emit("latency", latencyMs);
      },
      head: (head) => this.events.emit("head", head),
      silent: () => this.#lose("silent"),
    });
  }

  #ask(event: string, payload: object, done: (answer: Answer) => void): void {
    const generation = this.#generation;
    const timer = setTimeout(() => this.#lose("silent"), ANSWER_TIMEOUT_MS);
    this.#awaited.add(timer);
    this.#link?.request(event, payload, (answer) => {
      clearTimeout(timer);
      this.#awaited.delete(timer);
      if (generation === this.#generation) done(answer);
    });
  }

  #upgraded(transport: Transport): void {
    this.#choice.worked(transport);
    const status = this.status.current;
    if (status.state === "connected") this.status.set({ ...status, transport });
  }

  #message(event: string, payload: unknown): void {
    if (event === "drain") {
      const after = (payload as { after_ms?: number }).after_ms ?? 0;
      clearTimeout(this.#drainTimer);
      this.#drainTimer = setTimeout(() => this.#lose("server-draining"), after);
    } else {
      this.events.emit("message", { event, payload });
    }
  }

  /** CONNECT was refused; the message of the refusal is a bare code. */
  #refused(code: string): void {
    const error = new CoboardError(
      isErrorCode(code) ? code : "E_UNAVAILABLE",
      "the server refused the connection",
    );
    this.#greetingRefused(error);
  }

  #greetingRefused(error: CoboardError): void {
    if (error.code === "E_AUTH") {
      this.#stop({ state: "needs-auth", reason: "token-refused" });
    } else if (error.code === "E_VERSION") {
      const tooOld = Number(error.details.protocolMin ?? Number.POSITIVE_INFINITY) > PROTOCOL_VERSION;
      this.#stop({ state: "error", error });
      this.events.emit("updateNeeded", { reason: tooOld ? "client_too_old" : "server_too_old" });
    } else if (error.retry === "never") {
      this.#stop({ state: "error", error });
      this.events.emit("error", error);
    } else {
      const after = error.details.retryAfterMs;
      const reason = error.code === "E_RATE" ? "rate-limited" : "overloaded";
      this.#wait(reason, typeof after === "number" ? after : 0);
    }
  }

  #attemptFailed(how: "timeout" | "refused"): void {
    if (this.#choice.failed(how)) {
      this.#drop("closed");
      this.#open("transport-fallback");
    } else {
      const reason = how === "timeout" ? "silent" : this.#lostReason;
      this.#wait(this.#parts.page.online ? reason : "browser-offline");
    }
  }

  #lose(reason: LostReason): void {
    if (this.#phase !== "connected" && this.#phase !== "opening") return;
    this.#lostReason = reason === "browser-offline" ? "closed" : reason;
    this.#wait(reason);
  }

  /** The tab that held the connection is gone, and another one holds it. */
  #moved(): void {
    this.#drop("closed");
    this.#attempt = 0;
    if (this.status.current.state === "connected") {
      this.status.set({ state: "reconnecting", reason: "closed", attempt: 1, retryAtMs: Date.now() });
    }
    this.#open("retry");
  }

  /** The page stands still from now on: others must not wait for it. Its timer runs when it goes on. */
  #freeze(): void {
    if (this.#phase === "idle") return;
    this.#drop("stopped");
    this.#wait("closed");
  }

  /** Ends what there is and tries again after a while. */
  #wait(reason: LostReason, atLeastMs = 0): void {
    this.#drop(reason);
    this.#phase = "waiting";
    this.#attempt += 1;
    const delay = Math.max(
      atLeastMs,
      backoffMs(this.#attempt, this.#parts.page.hidden, this.#parts.random()),
    );
    const retryAtMs = Date.now() + delay;
    this.status.set({ state: "reconnecting", reason, attempt: this.#attempt, retryAtMs });
    this.#timer = setTimeout(() => this.#open("retry"), delay);
  }

  /** Ends what there is, for good unless somebody asks. */
  #stop(status: ConnectionStatus): void {
    this.#drop("stopped");
    this.#phase = "idle";
    this.status.set(status);
  }

  #drop(reason: LinkEnd): void {
    const wasConnected = this.connected;
    this.#generation += 1;
    this.#phase = "idle";
    clearTimeout(this.#timer);
    clearTimeout(this.#drainTimer);
    for (const timer of this.#awaited) clearTimeout(timer);
    this.#awaited.clear();
    this.#heartbeat?.stop();
    this.#heartbeat = null;
    this.#link?.close(reason);
    this.#link = null;
    if (reason === "stopped") this.#parts.tabs?.rest();
    if (wasConnected) this.events.emit("lost", reason);
  }

  /** The network or the user is back: no need to wait longer, or to trust an old link. */
  #wake(): void {
    if (this.#phase === "waiting") {
      this.#attempt = 0;
      this.#open("retry");
    } else if (this.#phase === "connected") {
      this.#heartbeat?.probe();
    }
  }
}

/** Rejects where a token takes too long; a token function that hangs must not hold up the connection for ever. */
function inTime(token: Promise<string>, ms: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`no token within ${ms} ms`)), ms);
    const ended = () => clearTimeout(timer);
    token.then(ended, ended);
    token.then(resolve, reject);
  });
}
