/**
 * The connection of a browser, held by one of its tabs for all of them. Each tab has a port. `hello` is said once;
 * requests are handed on and their answers go back to whoever asked; what the server tells is told to all.
 */
import type { Transport } from "../api/basic.js";
import type { LostReason } from "../api/client.js";
import type { Answer } from "../core/boundary.js";
import type { Link, LinkEnd, LinkEvents, LinkTarget, OpenLink } from "../transport/link.js";
import { REQUESTS_MAX, SESSIONS_MAX, TABS_MAX } from "./limits.js";
import { Sessions } from "./sessions.js";

type Done = (answer: Answer) => void;
/** What one port is told; what the server tells goes to all at once. */
type PortEvents = Omit<LinkEvents, "message" | "moved">;

/** What a hub is made of. @internal */
export interface HubParts {
  openLink: OpenLink;
  /** The server tells something. */
  message: (event: string, payload: unknown) => void;
  /** The server was reached: whoever waits to try again need not. */
  reached: () => void;
}

/** The tab's own port knows how the connection itself is; another tab may only have missed its answer. */
type PortKind = "own" | "remote";

class Port {
  readonly sessions = new Sessions();
  watchesLobby = false;
  awaited = 0;

  constructor(
    readonly events: PortEvents,
    readonly kind: PortKind,
  ) {}
}

/** The shared connection. @internal */
export class Hub {
  readonly #parts: HubParts;
  readonly #ports = new Set<Port>();
  #upstream: Link | null = null;
  #transport: Transport | null = null;
  #welcome: Answer | null = null;
  #greeting: Done[] | null = null;

  constructor(parts: HubParts) {
    this.#parts = parts;
  }

  get isFull(): boolean {
    const sessions = [...this.#ports].reduce((sum, port) => sum + port.sessions.size, 0);
    return this.#ports.size >= TABS_MAX || sessions >= SESSIONS_MAX;
  }

  /** A port for one tab. Opens the connection where there is none. */
  attach(target: LinkTarget, events: PortEvents, kind: PortKind): Link {
    const port = new Port(events, kind);
    this.#ports.add(port);
    if (!this.#upstream) this.#open(target);
    else if (this.#transport) queueMicrotask(() => this.#join(port));
    return {
      emit: (event, payload) => this.#emit(port, event, payload),
      request: (event, payload, done) => this.#request(port, event, payload, done),
      close: (why = "closed") => this.#close(port, why),
    };
  }

  /** Another tab leads from now on. Nobody is told: they hear it from that one. */
  stop(): void {
    this.#ports.clear();
    this.#hangUp();
  }

  #open(target: LinkTarget): void {
    // A link tells nothing after its end: what is heard is of the present one.
    this.#upstream = this.#parts.openLink(target, {
      opened: (transport) => {
        this.#transport = transport;
        for (const { events } of [...this.#ports]) events.opened(transport);
        this.#parts.reached();
      },
      upgraded: (transport) => {
        this.#transport = transport;
        for (const { events } of [...this.#ports]) events.upgraded(transport);
      },
      refused: (code) => this.#end((events) => events.refused(code)),
      failed: () => this.#end((events) => events.failed()),
      closed: (reason) => this.#end((events) => events.closed(reason)),
      message: (event, payload) => this.#message(event, payload),
    });
  }

  /** Told once whoever asked holds the port. */
  #join(port: Port): void {
    if (this.#transport && this.#ports.has(port)) port.events.opened(this.#transport);
  }

  #message(event: string, payload: unknown): void {
    if (event === "session_ended") for (const { sessions } of this.#ports) sessions.left(payload as object);
    this.#parts.message(event, payload);
  }

  #emit(port: Port, event: string, payload: object): void {
    if (!this.#ports.has(port)) return;
    if (event === "leave") port.sessions.left(payload);
    if (event === "lobby_leave") this.#leaveLobby(port);
    else this.#upstream?.emit(event, payload);
  }

  #request(port: Port, event: string, payload: object, done: Done): void {
    if (!this.#ports.has(port)) return;
    if (port.awaited >= REQUESTS_MAX) {
      this.#close(port, "stopped");
      port.events.closed("overloaded");
      return;
    }
    port.awaited += 1;
    const answered = (answer: Answer) => {
      port.awaited -= 1;
      if (event === "join") this.#joined(port, payload, answer);
      if (this.#ports.has(port)) done(answer);
    };
    if (event === "lobby_join") port.watchesLobby = true;
    if (event === "hello") this.#greet(payload, answered);
    else this.#upstream?.request(event, payload, answered);
  }

  /** The connection is greeted once, under the name of the first tab; each `join` names its own client. */
  #greet(payload: object, done: Done): void {
    if (this.#welcome) {
      done(this.#welcome);
      return;
    }
    this.#greeting?.push(done);
    if (this.#greeting) return;
    this.#greeting = [done];
    this.#upstream?.request("hello", payload, (answer) => {
      const waiting = this.#greeting ?? [];
      this.#greeting = null;
      if (answer.ok) this.#welcome = answer;
      for (const told of waiting) told(answer);
    });
  }

  /** Whoever is gone by the time it has joined leaves again: nobody is to see them. */
  #joined(port: Port, payload: object, answer: Answer): void {
    const place = port.sessions.joined(payload, answer);
    if (place && !this.#ports.has(port)) this.#upstream?.emit("leave", place);
  }

  #leaveLobby(port: Port): void {
    if (!port.watchesLobby) return;
    port.watchesLobby = false;
    if (![...this.#ports].some(({ watchesLobby }) => watchesLobby)) this.#upstream?.emit("lobby_leave", {});
  }

  #close(port: Port, why: LinkEnd): void {
    if (!this.#ports.delete(port)) return;
    const lost = this.#loss(port, why);
    if (this.#ports.size === 0) this.#hangUp();
    else if (lost !== null) this.#end((events) => events.closed(lost));
    else {
      for (const place of port.sessions.all) this.#upstream?.emit("leave", place);
      this.#leaveLobby(port);
    }
  }

  /** Why the connection itself is at an end; null where only this tab's part in it is. */
  #loss({ kind }: Port, why: LinkEnd): LostReason | null {
    if (why === "stopped") return null;
    const onlyMissed = why === "silent" && kind === "remote" && this.#welcome !== null;
    return onlyMissed ? null : why;
  }

  /** The connection is gone, for all. */
  #end(tell: (events: PortEvents) => void): void {
    // Our own tab last: it may want no connection any more, and then it leads no more.
    const ports = [...this.#ports].sort((a, b) => Number(a.kind === "own") - Number(b.kind === "own"));
    this.#ports.clear();
    this.#hangUp();
    for (const { events } of ports) tell(events);
  }

  #hangUp(): void {
    this.#upstream?.close();
    this.#upstream = null;
    this.#transport = null;
    this.#welcome = null;
    this.#greeting = null;
  }
}
