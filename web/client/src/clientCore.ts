/** The client itself, with the core, the socket and the page as parts that tests may replace. */
import { pagesOf } from "./activity/read.js";
import type { ClientId, DocumentId, Json, Unsubscribe } from "./api/basic.js";
import type { Client, ClientEvents, ClientOptions } from "./api/client.js";
import type { Dashboards } from "./api/dashboards.js";
import type { DocumentHandle, DocumentOptions } from "./api/document.js";
import { Catalogue } from "./catalogue/catalogue.js";
import { Http } from "./catalogue/http.js";
import { LiveList } from "./catalogue/liveList.js";
import { HiddenTab, LostConnection } from "./clientWatch.js";
import type { MakeCore } from "./core/boundary.js";
import { exportDevice, exportFile } from "./device/export.js";
import type { Locks } from "./device/locks.js";
import { Sender } from "./device/sender.js";
import { Store } from "./device/store.js";
import { OwnDevices } from "./devices/ownDevices.js";
import { SessionHandle } from "./document/handle.js";
import { DocumentSession } from "./document/session.js";
import { CoboardError } from "./errors.js";
import { PaceChoice } from "./presence/pace.js";
import { Emitter } from "./support/emitter.js";
import type { Page } from "./support/page.js";
import { deviceId, randomId } from "./support/random.js";
import type { SharedTabs } from "./tabs/tabs.js";
import { Connection } from "./transport/connection.js";
import type { OpenLink } from "./transport/link.js";

/** A Document that nobody joins any more is kept for so long: components that mount twice must not join twice. */
const LINGER_MS = 1_000;

/** What the world gives. @internal */
export interface ClientParts {
  loadCore: () => Promise<void>;
  makeCore: MakeCore;
  openLink: OpenLink;
  /** The tabs that share a connection; null: there are none, or the application does not want it. */
  tabs?: SharedTabs | null;
  page: Page;
  random: () => number;
  /** The locks that keep two tabs from being one client; null: there are none, and nothing is kept. */
  locks: Locks | null;
  persist: (() => Promise<boolean>) | null;
}

interface Joined {
  session: DocumentSession;
  handle: SessionHandle;
  count: number;
  linger: ReturnType<typeof setTimeout> | undefined;
}

/** The client. @internal */
export class ClientCore implements Client {
  readonly connection: Connection["status"];
  readonly limits: Connection["limits"];
  readonly dashboards: Dashboards;
  readonly device: Store;
  readonly devices: OwnDevices;
  readonly #fresh = randomId("c-");
  #clientId = this.#fresh;
  #token = "";
  readonly #options: ClientOptions;
  readonly #parts: ClientParts;
  readonly #connection: Connection;
  readonly #pace: PaceChoice;
  readonly #http: Http;
  readonly #list: LiveList;
  readonly #joined = new Map<DocumentId, Joined>();
  /** Sessions for clients whose tabs are gone, open until their work is sent. */
  readonly #others = new Set<DocumentSession>();
  readonly #events = new Emitter<ClientEvents>();
  #sender: Sender | null = null;
  readonly #unlisten: Unsubscribe[];
  #destroyed = false;

  constructor(options: ClientOptions, parts: ClientParts) {
    this.#options = options;
    this.#parts = parts;
    const token = async () => {
      this.#token = await (typeof options.token === "function" ? options.token() : options.token);
      return this.#token;
    };
    this.device = new Store(
      {
        url: String(options.url),
        locks: options.offline === false ? "off" : parts.locks,
        page: parts.page,
        persist: parts.persist,
      },
      this.#fresh,
    );
    this.#connection = new Connection({
      url: String(options.url),
      token,
      client: async (given) => {
        this.#clientId = await this.device.identify(given);
        return this.#clientId;
      },
      transports: options.transports ?? ["websocket", "polling"],
      openLink: parts.openLink,
      tabs: options.sharedConnection ? (parts.tabs ?? null) : null,
      page: parts.page,
      random: parts.random,
      positions: () => this.#positions(),
    });
    this.#pace = new PaceChoice({
      option: options.presencePace ?? "auto",
      page: parts.page,
      onLatency: (listener) => this.#connection.events.on("latency", listener),
    });
    this.connection = this.#connection.status;
    this.limits = this.#connection.limits;
    this.#http = new Http(String(options.url), token);
    this.#list = new LiveList(this.#http, this.#connection, (rows) => this.device.listed(rows));
    this.dashboards = new Catalogue(this.#http, this.#list);
    this.devices = new OwnDevices(this.#connection, () => ({ client: this.#clientId, device: deviceId() }));
    this.#unlisten = this.#watch();
  }

  get clientId(): ClientId {
    return this.#clientId;
  }

  join<T = Json, P extends object = object>(
    id: DocumentId,
    options: DocumentOptions<P> = {},
  ): DocumentHandle<T, P> {
    if (this.#destroyed) throw new Error("the client is destroyed");
    const known = this.#joined.get(id);
    const joined = known && !isOver(known) ? known : this.#begin(id, options.initialPresence ?? {}, known);
    clearTimeout(joined.linger);
    joined.count += 1;
    joined.session.conflicts.configure(options as DocumentOptions);
    joined.session.seen();
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
    await Promise.all([...this.#joined.values()].map(({ session }) => when(isDone, session)));
  }

  on<K extends keyof ClientEvents>(event: K, listener: (event: ClientEvents[K]) => void): Unsubscribe {
    return this.#events.on(event, listener);
  }

  async destroy(): Promise<void> {
    if (this.#destroyed) return;
    this.#destroyed = true;
    for (const id of [...this.#joined.keys()]) this.#end(id);
    for (const session of this.#others) session.close(left());
    for (const unlisten of this.#unlisten) unlisten();
    this.#pace.destroy();
    this.#sender?.stop();
    this.#list.stop();
    this.devices.stop();
    this.#connection.destroy();
    await this.device.close();
  }

  async exportUnsaved(): Promise<Blob> {
    const open = [...this.#joined.values()].map(({ session }) => session.unsaved());
    const scope = this.device.status.current.state === "ready" ? await this.device.scope : null;
    const isGiven = ({ document, client }: { document: DocumentId; client: ClientId }) =>
      this.#joined.get(document)?.session.device.keeper.client === client;
    const kept = scope ? await exportDevice(scope.database, scope.user.id, isGiven) : [];
    return exportFile(
      [...open, ...kept].filter(({ waiting, refused }) => waiting.length + refused.length > 0),
    );
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
      page.askBeforeUnload(() => preventUnsavedChanges && this.#hasWorkInMemoryAlone()),
      this.#connection.events.on("connected", ({ user }) => {
        void this.device.greeted(user, this.#token);
        void this.#sendWhatWaits();
      }),
      this.#connection.events.on("error", (error) => this.#events.emit("error", error)),
      this.#connection.events.on("updateNeeded", (event) => this.#events.emit("updateNeeded", event)),
    ];
  }

  #hasWorkInMemoryAlone(): boolean {
    return [...this.#joined.values()].some(
      ({ session }) => session.status.sync.current.durability === "memory",
    );
  }

  /** `former`: a session of before, which makes room. */
  #begin(id: DocumentId, initialPresence: object, former?: Joined): Joined {
    if (former) this.#end(id);
    const session = this.#open(id, initialPresence, null);
    const handle = new SessionHandle(id, session, () => this.#leave(id));
    const joined: Joined = { session, handle, count: 0, linger: undefined };
    this.#joined.set(id, joined);
    if (former) session.device.inherit(former.session.device.keeper.refused);
    return joined;
  }

  /** `client`: whose work it is, if it is not ours. */
  #open(id: DocumentId, initialPresence: object, client: ClientId | null): DocumentSession {
    return new DocumentSession({
      document: id,
      client: () => client ?? this.#clientId,
      user: () => this.device.user,
      open: async (events) => {
        const scope = await this.device.scope;
        const changed = () => {
          events.changed();
          this.device.changed();
        };
        return scope ? scope.open(id, client, { ...events, changed }) : null;
      },
      waiting: () => this.device.askToPersist(),
      loadCore: this.#parts.loadCore,
      makeCore: this.#parts.makeCore,
      connection: this.#connection,
      page: this.#parts.page,
      pace: this.#pace.pace,
      presenceIntervalMs: clamp(this.#options.presenceIntervalMs ?? 50, 16, 1_000),
      initialPresence,
      fetchSnapshot: (url, progress, signal) => this.#http.text(url, progress, signal),
      activityPage: pagesOf(this.#http, id),
      error: (error) => this.#events.emit("error", error),
    });
  }

  /** What waits is sent as soon as there is a connection, also where nobody opens it. */
  async #sendWhatWaits(): Promise<void> {
    const scope = await this.device.scope;
    const { locks } = this.#parts;
    if (!scope || !locks || this.#destroyed) return;
    this.#sender ??= new Sender({
      scope,
      locks,
      isConnected: () => this.#connection.connected,
      send: (document, client) => this.#send(document, client),
    });
    this.#sender.sweep();
  }

  async #send(document: DocumentId, client: ClientId): Promise<void> {
    if (client === this.#clientId) {
      if (this.#joined.has(document)) return;
      const joined = this.#begin(document, {});
      await when(isSent, joined.session);
      await (await this.device.scope)?.writer.flush();
      this.device.changed();
      if (joined.count === 0 && this.#joined.get(document) === joined) this.#end(document);
      return;
    }
    const session = this.#open(document, {}, client);
    this.#others.add(session);
    await when(isSent, session);
    this.#others.delete(session);
    session.close(left());
    await (await this.device.scope)?.writer.flush();
    this.device.changed();
  }

  /** One of those that joined leaves. The last one ends the session, once its work is safe without it. */
  #leave(id: DocumentId): void {
    const joined = this.#joined.get(id);
    if (!joined || joined.count === 0) return;
    joined.count -= 1;
    if (joined.count > 0) return;
    joined.linger = setTimeout(async () => {
      await when(isSafe, joined.session);
      if (joined.count === 0 && this.#joined.get(id) === joined) this.#end(id);
    }, LINGER_MS);
  }

  #end(id: DocumentId): void {
    const joined = this.#joined.get(id);
    clearTimeout(joined?.linger);
    this.#joined.delete(id);
    joined?.session.close(left());
  }

  #positions(): { document: DocumentId; revision: number }[] {
    const joined = [...this.#joined.entries()].filter(([, { session }]) => session.status.joined);
    return joined.map(([document, { session }]) => ({ document, revision: session.status.revision }));
  }
}

function left(): CoboardError {
  return new CoboardError("E_UNAVAILABLE", "the document was left before the server answered");
}

/** Nothing of a session waits for the server, or it has ended and nothing more will be heard. */
function isDone({ status }: DocumentSession): boolean {
  return status.ended !== null || status.pendingCount === 0;
}

/** A session has joined and all of it is sent, or it has ended. */
function isSent({ status, device }: DocumentSession): boolean {
  const isEmpty = status.pendingCount === 0 && device.keeper.queue.operations.length === 0;
  return status.ended !== null || (status.joined && isEmpty);
}

/** A session may be closed and takes nothing with it that is nowhere else. */
function isSafe(session: DocumentSession): boolean {
  return isDone(session) && session.status.sync.current.durability !== "memory";
}

/** All have left what has ended: who joins it now has to be let in anew. Work that only it holds keeps it there. */
function isOver({ session: { status }, count }: Joined): boolean {
  const holds = status.pendingCount > 0 && status.sync.current.durability === "memory";
  return count === 0 && status.ended !== null && !holds;
}

/** Resolves when it is so. */
function when(is: (session: DocumentSession) => boolean, session: DocumentSession): Promise<void> {
  return new Promise((resolve) => {
    if (is(session)) return resolve();
    const stop = session.status.sync.subscribe(() => {
      if (!is(session)) return;
      stop();
      resolve();
    });
  });
}

function clamp(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
