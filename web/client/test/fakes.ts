/** Stand-ins for what is beyond the seams: the core, the socket and the page. */
import { vi } from "vitest";
import type { Transport } from "../src/api/basic.js";
import type { ClientOptions } from "../src/api/client.js";
import { ClientCore, type ClientParts } from "../src/clientCore.js";
import type {
  Answer,
  DocumentCore,
  EditAnswer,
  EditRequest,
  Output,
  QueuedNote,
  StatusNote,
} from "../src/core/boundary.js";
import type { Page } from "../src/support/page.js";
import type { Link, LinkEnd, LinkEvents, OpenLink } from "../src/transport/link.js";

/** The answer of `hello` of a server that is well. */
export const HELLO = {
  protocol: 1,
  protocol_min: 1,
  lineage: "L1",
  connection: "x1",
  user: { id: "ana", name: "Ana" },
  server_time_ms: 0,
  expires_at_ms: null,
  limits: {
    message_bytes_max: 262144,
    operations_per_submit_max: 200,
    documents_per_connection_max: 64,
    presence_per_second_max: 30,
    operations_per_second_max: 100,
    ping_interval_ms: 10000,
    ping_timeout_ms: 5000,
    tick_ms: 25,
    transports: ["websocket", "polling"],
  },
};

type PageEvent = "thrift" | "online" | "offline" | "visibility" | "pagehide" | "freeze" | "resume";

/** A page that is visible and online until told otherwise. */
export class FakePage implements Page {
  hidden = false;
  online = true;
  thrifty = false;
  unload: () => boolean = () => false;
  readonly #listeners = {
    online: new Set<() => void>(),
    offline: new Set<() => void>(),
    visibility: new Set<() => void>(),
    thrift: new Set<() => void>(),
    pagehide: new Set<() => void>(),
    freeze: new Set<() => void>(),
    resume: new Set<() => void>(),
  };

  onOnline = (listener: () => void) => this.#add("online", listener);
  onOffline = (listener: () => void) => this.#add("offline", listener);
  onVisibility = (listener: () => void) => this.#add("visibility", listener);
  onThrift = (listener: () => void) => this.#add("thrift", listener);

  onPageHide = (listener: () => void) => this.#add("pagehide", listener);

  onFreeze = (listener: () => void) => this.#add("freeze", listener);
  onResume = (listener: () => void) => this.#add("resume", listener);

  askBeforeUnload(isNeeded: () => boolean): () => void {
    this.unload = isNeeded;
    return () => {};
  }

  fire(event: PageEvent): void {
    for (const listener of [...this.#listeners[event]]) listener();
  }

  #add(event: PageEvent, listener: () => void): () => void {
    this.#listeners[event].add(listener);
    return () => this.#listeners[event].delete(listener);
  }
}

/** One opened link: what was sent over it, and the server's side of it. */
export class FakeLink implements Link {
  readonly sent: { event: string; payload: Record<string, unknown> }[] = [];
  readonly asked: { event: string; payload: Record<string, unknown>; done: (answer: Answer) => void }[] = [];
  closed = false;
  why: LinkEnd | undefined;

  constructor(
    readonly transports: readonly Transport[],
    readonly token: string,
    readonly events: LinkEvents,
  ) {}

  emit(event: string, payload: object): void {
    this.sent.push({ event, payload: payload as Record<string, unknown> });
  }

  request(event: string, payload: object, done: (answer: Answer) => void): void {
    this.asked.push({ event, payload: payload as Record<string, unknown>, done });
  }

  close(why?: LinkEnd): void {
    this.closed = true;
    this.why = why;
  }

  /** Opens it and answers `hello`. */
  accept(transport: Transport = "websocket"): void {
    this.events.opened(transport);
    this.answer("hello", { ok: true, value: HELLO });
  }

  answer(event: string, answer: Answer): void {
    const index = this.asked.findIndex((request) => request.event === event);
    const [request] = this.asked.splice(index, 1);
    if (index < 0 || !request) throw new Error(`nobody asked ${event}`);
    request.done(answer);
  }
}

/** Opens fake links and keeps them. */
export function fakeServer(): { links: FakeLink[]; open: OpenLink; last: () => FakeLink } {
  const links: FakeLink[] = [];
  return {
    links,
    open: ({ token, transports }, events) => {
      const link = new FakeLink(transports, token, events);
      links.push(link);
      return link;
    },
    last: () => {
      const link = links.at(-1);
      if (!link) throw new Error("no link was opened");
      return link;
    },
  };
}

/** A core that notes what it is fed and answers what the test wants. */
export class FakeCore implements DocumentCore {
  readonly inputs: { type: string; [key: string]: unknown }[] = [];
  readonly edits: EditRequest[] = [];
  answers: (input: { type: string; [key: string]: unknown }) => Output[] = () => [];
  editAnswer: (request: EditRequest) => EditAnswer = () => ({ id: null, created: [], outputs: [] });
  timeout: number | undefined;
  freed = false;
  queued: QueuedNote[] = [];
  snapshotText = "";
  #reserved = 900;

  handle(_nowMs: number, input: string): string {
    const parsed = JSON.parse(input) as { type: string };
    this.inputs.push(parsed);
    return JSON.stringify(this.answers(parsed));
  }

  nextTimeout(): number | undefined {
    return this.timeout;
  }

  edit(_nowMs: number, request: string): string {
    const parsed = JSON.parse(request) as EditRequest;
    this.edits.push(parsed);
    return JSON.stringify(this.editAnswer(parsed));
  }

  undo(): string {
    return JSON.stringify({ id: { client: "c", sequence: 99 }, created: [], outputs: [] });
  }

  redo(): string {
    return this.undo();
  }

  reserve(): string {
    this.#reserved += 1;
    return String(this.#reserved);
  }

  queue(): string {
    return JSON.stringify(this.queued);
  }

  snapshot(): string {
    return this.snapshotText;
  }

  free(): void {
    this.freed = true;
  }
}

/** A status of the core, all quiet. */
export function note(over: Partial<StatusNote> = {}): StatusNote {
  return {
    type: "status",
    revision: 0,
    pending_count: 0,
    inflight: false,
    oldest_unacked_at_ms: null,
    joined: true,
    loading: false,
    undo: { count: 0, label: null },
    redo: { count: 0, label: null },
    ...over,
  };
}

/** A client over fakes, and the fakes. */
export function fakeClient(options: Partial<ClientOptions> = {}, parts: Partial<ClientParts> = {}) {
  const page = new FakePage();
  const server = fakeServer();
  const cores: FakeCore[] = [];
  const client = new ClientCore(
    { url: "http://127.0.0.1:7420", token: "open:ana:Ana", ...options },
    {
      loadCore: async () => {},
      makeCore: () => {
        const core = new FakeCore();
        cores.push(core);
        return core;
      },
      openLink: server.open,
      page,
      random: () => 1,
      locks: null,
      persist: null,
      ...parts,
    },
  );
  const core = () => {
    const made = cores.at(-1);
    if (!made) throw new Error("no core was made");
    return made;
  };
  return { client, page, server, cores, core };
}

/** Gathers what surfaces as an uncaught error; `vi.unstubAllGlobals` ends it. */
export function uncaught(): unknown[] {
  const errors: unknown[] = [];
  const real = queueMicrotask;
  vi.stubGlobal("queueMicrotask", (task: () => void) =>
    real(() => {
      try {
        task();
      } catch (error) {
        errors.push(error);
      }
    }),
  );
  return errors;
}

/** Lets promises that are settled run on, with real or fake timers. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}
