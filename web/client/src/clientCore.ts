/** The client itself, with the core, the socket and the page as parts that tests may replace. */
import type { DocumentId, Json, Unsubscribe } from "./api/basic.js";
import type { Client, ClientEvents, ClientOptions } from "./api/client.js";
import type { Dashboards } from "./api/dashboards.js";
import type { DocumentHandle, DocumentOptions } from "./api/document.js";
import { Catalogue } from "./catalogue/catalogue.js";
import { Http } from "./catalogue/http.js";
import { LiveList } from "./catalogue/liveList.js";
import { HiddenTab, LostConnection } from "./clientWatch.js";
import type { MakeCore } from "./core/boundary.js";
import { SessionHandle } from "./document/handle.js";
import { DocumentSession } from "./document/session.js";
import { CoboardError } from "./errors.js";
import { Emitter } from "./support/emitter.js";
import type { Page } from "./support/page.js";
import { randomId } from "./support/random.js";
import { Connection } from "./transport/connection.js";
import type { OpenLink } from "./transport/link.js";

/** A Document that nobody joins any more is kept for so long: components that mount twice must not join twice. */
const LINGER_MS = 1_000;

/** What the world gives. @internal */
export interface ClientParts {
  loadCore: () => Promise<void>;
  makeCore: MakeCore;
  openLink: OpenLink;
  page: Page;
  random: () => number;
}

interface Joined {
  session: DocumentSession;
  handle: SessionHandle;
  count: number;
  linger: ReturnType<typeof setTimeout> | undefined;
}

/** The client. @internal */
export class ClientCore implements Client {
  readonly clientId = randomId("c-");
  readonly connection: Connection["status"];
  readonly limits: Connection["limits"];
  readonly dashboards: Dashboards;
  readonly #options: ClientOptions;
  readonly #parts: ClientParts;
  readonly #connection: Connection;
  readonly #http: Http;
  readonly #list: LiveList;
  readonly #joined = new Map<DocumentId, Joined>();
  readonly #events = new Emitter<ClientEvents>();
  readonly #unlisten: Unsubscribe[];
  #destroyed = false;

  constructor(options: ClientOptions, parts: ClientParts) {
    this.#options = options;
    this.#parts = parts;
    const token = async () => (typeof options.token === "function" ? options.token() : options.token);
    this.#connection = new Connection({
      url: String(options.url),
      token,
      client: this.clientId,
      transports: options.transports ?? ["websocket", "polling"],
      openLink: parts.openLink,
      page: parts.page,
      random: parts.random,
      positions: () => this.#positions(),
    });
    this.connection = this.#connection.status;
    this.limits = this.#connection.limits;
    this.#http = new Http(String(options.url), token);
    this.#list = new LiveList(this.#http, this.#connection);
    this.dashboards = new Catalogue(this.#http, this.#list);
    this.#unlisten = this.#watch();
  }

  join<T = Json, P extends object = object>(
    id: DocumentId,
    options: DocumentOptions<P> = {},
  ): DocumentHandle<T, P> {
    if (this.#destroyed) throw new Error("the client is destroyed");
    const joined = this.#joined.get(id) ?? this.#begin(id, options.initialPresence ?? {});
    clearTimeout(joined.linger);
    joined.count += 1;
    this.#connection.connect();
    // What a Document holds is the word of the application: nothing here can check it.
    return joined.handle as DocumentHandle<unknown, object> as DocumentHandle<T, P>;
  }

  connect(): void {
    this.#connection.connect();
  }

  disconnect(): void {
    if (!this.#destroyed) this.#connection.disconnect("requested");
  }

  reconnect(): void {
    this.#connection.reconnect();
  }

  async whenNothingPending(): Promise<void> {
    await Promise.all([...this.#joined.values()].map(({ session }) => nothingPending(session)));
  }

  on<K extends keyof ClientEvents>(event: K, listener: (event: ClientEvents[K]) => void): Unsubscribe {
    return this.#events.on(event, listener);
  }

  async destroy(): Promise<void> {
    if (this.#destroyed) return;
    this.#destroyed = true;
    for (const id of [...this.#joined.keys()]) this.#end(id);
    for (const unlisten of this.#unlisten) unlisten();
    this.#list.stop();
    this.#connection.destroy();
  }

  #watch(): Unsubscribe[] {
    const { page } = this.#parts;
    const {
      lostConnectionTimeoutMs = 5_000,
      hiddenTabDisconnectMs = 300_000,
      preventUnsavedChanges = true,
    } = this.#options;
    const hasWork = () => [...this.#joined.values()].some(({ session }) => session.status.pendingCount > 0);
    const lost = new LostConnection(this.connection, clamp(lostConnectionTimeoutMs, 200, 30_000), (event) =>
      this.#events.emit("lostConnection", event),
    );
    const hidden = new HiddenTab(page, this.#connection, hiddenTabDisconnectMs, hasWork);
    return [
      () => lost.stop(),
      () => hidden.stop(),
      page.askBeforeUnload(() => preventUnsavedChanges && hasWork()),
      this.#connection.events.on("error", (error) => this.#events.emit("error", error)),
      this.#connection.events.on("updateNeeded", (event) => this.#events.emit("updateNeeded", event)),
    ];
  }

  #begin(id: DocumentId, initialPresence: object): Joined {
    const session = new DocumentSession({
      document: id,
      client: this.clientId,
      loadCore: this.#parts.loadCore,
      makeCore: this.#parts.makeCore,
      connection: this.#connection,
      page: this.#parts.page,
      presenceIntervalMs: clamp(this.#options.presenceIntervalMs ?? 50, 16, 1_000),
      initialPresence,
      fetchSnapshot: (url, progress) => this.#http.text(url, progress),
      error: (error) => this.#events.emit("error", error),
    });
    const handle = new SessionHandle(id, session, () => this.#leave(id));
    const joined: Joined = { session, handle, count: 0, linger: undefined };
    this.#joined.set(id, joined);
    return joined;
  }

  /** One of those that joined leaves. The last one ends the session, once its work is committed. */
  #leave(id: DocumentId): void {
    const joined = this.#joined.get(id);
    if (!joined || joined.count === 0) return;
    joined.count -= 1;
    if (joined.count > 0) return;
    joined.linger = setTimeout(async () => {
      await nothingPending(joined.session);
      if (joined.count === 0 && this.#joined.get(id) === joined) this.#end(id);
    }, LINGER_MS);
  }

  #end(id: DocumentId): void {
    const joined = this.#joined.get(id);
    clearTimeout(joined?.linger);
    this.#joined.delete(id);
    joined?.session.close(
      new CoboardError("E_UNAVAILABLE", "the document was left before the server answered"),
    );
  }

  #positions(): { document: DocumentId; revision: number }[] {
    const joined = [...this.#joined.entries()].filter(([, { session }]) => session.status.joined);
    return joined.map(([document, { session }]) => ({ document, revision: session.status.revision }));
  }
}

function nothingPending(session: DocumentSession): Promise<void> {
  return new Promise((resolve) => {
    if (session.status.pendingCount === 0) return resolve();
    const stop = session.status.sync.subscribe(({ pendingCount }) => {
      if (pendingCount > 0) return;
      stop();
      resolve();
    });
  });
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
