/**
 * One joined Document: drives the core, keeps the mirror, tells the listeners.
 * State is brought up to date first, listeners run afterwards, so that none of them sees half of a change.
 */
import type { DocumentId, Json, OperationId, Path, Revision, Role } from "../api/basic.js";
import type { Change, DocumentEvents, Edit, EditOptions, LoadState, Submitted } from "../api/document.js";
import type { UndoState } from "../api/history.js";
import type { QueueEntry } from "../api/queue.js";
import type { SyncStatus } from "../api/sync.js";
import type {
  ChangeNote,
  EditAnswer,
  EditRequest,
  MakeCore,
  Output,
  QueuedNote,
  StatusNote,
} from "../core/boundary.js";
import { CoboardError, type ErrorBody, errorFromBody } from "../errors.js";
import { Presence, type PresenceMessage } from "../presence/presence.js";
import { Cell } from "../support/cell.js";
import { Emitter } from "../support/emitter.js";
import { jsonEqual } from "../support/json.js";
import type { Page } from "../support/page.js";
import type { Connection } from "../transport/connection.js";
import { CoreDriver } from "./coreDriver.js";
import { Mirror } from "./mirror.js";
import { Recorder } from "./recorder.js";
import { Submissions } from "./submissions.js";
import { syncStatus } from "./syncStatus.js";
import { TextField } from "./textField.js";

/** What a session is made of. @internal */
export interface SessionParts {
  document: DocumentId;
  client: string;
  /** Resolves when {@link SessionParts.makeCore} may be called. */
  coreReady: Promise<void>;
  makeCore: MakeCore;
  connection: Connection;
  page: Page;
  presenceIntervalMs: number;
  initialPresence: object;
  fetchSnapshot: (url: string, progress: (bytes: number, total: number | null) => void) => Promise<string>;
  error: (error: CoboardError) => void;
}

/** One joined Document, behind its handle. @internal */
export class DocumentSession {
  readonly role = new Cell<Role>("editor");
  readonly load = new Cell<LoadState>(
    { state: "loading", from: "server", bytes: 0, bytesTotal: null },
    jsonEqual,
  );
  readonly content = new Cell<Json | null>(null);
  readonly sync: Cell<SyncStatus>;
  readonly undoable = new Cell<UndoState>({ count: 0, label: null }, jsonEqual);
  readonly redoable = new Cell<UndoState>({ count: 0, label: null }, jsonEqual);
  readonly queue = new Cell<readonly QueueEntry[]>([], jsonEqual);
  readonly events = new Emitter<DocumentEvents>();
  readonly presence: Presence;
  readonly mirror = new Mirror();
  readonly #parts: SessionParts;
  readonly #submissions = new Submissions();
  readonly #texts = new Map<Path, TextField>();
  readonly #driver: CoreDriver;
  #coreLoaded = false;
  #session: string | null = null;
  #note: StatusNote | null = null;
  #lastSavedAtMs: number | null = null;
  #peak = 0;
  #ended: CoboardError | null = null;
  #fetching = 0;
  /** What listeners have to be told, in order. */
  readonly #news: (() => void)[] = [];
  #telling = false;
  #closed = false;
  readonly #unlisten: (() => void)[];

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#driver = new CoreDriver(
      parts.makeCore,
      (outputs) => this.#dispatch(outputs),
      (cause) => this.#coreFailed(cause),
    );
    this.sync = new Cell<SyncStatus>(this.#syncStatus(), sameSync);
    this.presence = new Presence(
      {
        client: parts.client,
        intervalMs: () =>
          Math.max(
            parts.presenceIntervalMs,
            1_200 / (parts.connection.limits.current?.presencePerSecondMax ?? 1_000),
          ),
        page: parts.page,
        send: (patch) =>
          parts.connection.emit("presence", { document: parts.document, session: this.#session, patch }),
        joined: (user) => this.events.emit("join", user),
        left: (user) => this.events.emit("leave", user),
      },
      parts.initialPresence,
    );
    const { connection } = parts;
    this.#unlisten = [
      connection.events.on("connected", ({ user }) => this.#connected(user)),
      connection.events.on("lost", () => this.#lost()),
      connection.events.on("message", ({ event, payload }) => this.#message(event, payload)),
      connection.events.on("head", (head) => head.document === parts.document && this.#head(head.revision)),
      connection.status.subscribe(() => this.sync.set(this.#syncStatus())),
    ];
    parts.coreReady.then(
      () => this.#start(),
      (error: CoboardError) => this.#fail(error),
    );
  }

  get revision(): Revision {
    return this.#note?.revision ?? 0;
  }

  get pendingCount(): number {
    return this.#note?.pending_count ?? 0;
  }

  /** Whether heads of this Document are worth asking for. */
  get joined(): boolean {
    return this.#note?.joined ?? false;
  }

  edit<R>(label: string, change: (edit: Edit) => R, options: EditOptions = {}): Submitted<R> {
    const driver = this.#ready();
    const recorder = new Recorder(
      () => driver.reserve(),
      (item) => this.mirror.formerPlace(item),
    );
    const value = recorder.run(change);
    const { steps } = recorder;
    if (steps.length === 0) return this.#submissions.empty(value, this.#parts.client, this.revision);
    const request: EditRequest = { label, ...options, steps };
    return this.#submit(value, driver.edit(request));
  }

  undo(): Submitted | null {
    const driver = this.#ready();
    return this.undoable.current.count > 0 ? this.#submit(undefined, driver.undo()) : null;
  }

  redo(): Submitted | null {
    const driver = this.#ready();
    return this.redoable.current.count > 0 ? this.#submit(undefined, driver.redo()) : null;
  }

  text(path: Path): TextField {
    const known = this.#texts.get(path);
    if (known) return known;
    const field = new TextField(path, this.#textAt(path), (delta) =>
      this.edit("type", (edit) => edit.text(path, delta)),
    );
    this.#texts.set(path, field);
    return field;
  }

  /** Ends it: leaves the Room and frees the core. */
  close(error: CoboardError): void {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#session !== null) {
      this.#parts.connection.emit("leave", { document: this.#parts.document, session: this.#session });
    }
    for (const unlisten of this.#unlisten) unlisten();
    this.presence.destroy();
    this.#submissions.end(error);
    this.#driver.close();
  }

  #ready(): CoreDriver {
    if (this.#closed) throw new Error(`the client of document ${this.#parts.document} is destroyed`);
    if (this.#ended) throw this.#ended;
    if (this.content.current === null) {
      throw new Error(
        `document ${this.#parts.document} is not loaded yet: wait for load.current.state "ready"`,
      );
    }
    return this.#driver;
  }

  #start(): void {
    this.#coreLoaded = true;
    const { connection } = this.#parts;
    if (connection.connected && connection.user) this.#connected(connection.user);
  }

  /** The handshake says who we are, so the core is made after the first one; without it there is no content anyway. */
  #connected(user: { id: string; name: string }): void {
    if (this.#closed || !this.#coreLoaded) return;
    const { document, client } = this.#parts;
    this.#driver.start({ document, client, user });
    this.presence.identify(user);
    this.#feed({ type: "connected" });
  }

  #lost(): void {
    this.#session = null;
    this.presence.end();
    this.#feed({ type: "disconnected" });
  }

  #head(revision: Revision): void {
    this.#feed({ type: "head", revision });
  }

  #message(event: string, payload: unknown): void {
    const message = payload as { document?: DocumentId; session?: string };
    if (message.document !== this.#parts.document) return;
    switch (event) {
      case "committed":
        this.#feed({ type: "committed", message });
        break;
      case "head":
        this.#head((payload as { revision: Revision }).revision);
        break;
      case "presence":
        this.presence.receive(payload as PresenceMessage);
        break;
      case "session_ended":
        this.#feed({
          type: "session_ended",
          session: message.session,
          error: (payload as { error: ErrorBody }).error,
        });
        break;
    }
  }

  #feed(input: object): void {
    if (!this.#ended) this.#driver.feed(input);
  }

  #submit<R>(value: R, { id, error, outputs }: EditAnswer): Submitted<R> {
    const { client } = this.#parts;
    const submitted = error
      ? this.#submissions.refused(value, client, errorFromBody(error))
      : id === null
        ? this.#submissions.empty(value, client, this.revision)
        : this.#submissions.open(value, id);
    this.#dispatch(outputs);
    return submitted;
  }

  #dispatch(outputs: readonly Output[]): void {
    for (const output of outputs) this.#apply(output);
    this.#tell();
  }

  #apply(output: Output): void {
    switch (output.type) {
      case "request":
        this.#request(output.request, output.event, output.payload);
        break;
      case "fetch_snapshot":
        this.#fetch(output.url);
        break;
      case "session":
        this.#session = output.session;
        this.role.assign(output.role);
        this.#news.push(() => this.role.announce());
        this.#news.push(() => this.presence.begin(output.session, output.presence));
        break;
      case "changed":
        this.#changed(output);
        break;
      case "ack":
        this.#acked(output.id, output.revision);
        break;
      case "reject":
        this.#rejected(output.id, errorFromBody(output.error));
        break;
      case "status":
        this.#status(output);
        break;
      case "ended":
        this.#end(errorFromBody(output.error));
        break;
    }
  }

  #changed(output: Extract<Output, { type: "changed" }>): void {
    this.mirror.apply(output);
    this.content.assign(this.mirror.root);
    const change = output.change === null ? null : changeOf(output.change, this.#parts.client);
    this.#news.push(() => this.content.announce());
    for (const field of this.#texts.values()) this.#news.push(field.update(this.#textAt(field.path), change));
    const wasReady = this.load.current.state === "ready";
    this.load.assign({ ...this.load.current, state: "ready" });
    this.#news.push(() => this.load.announce());
    if (output.reset && wasReady) this.#news.push(() => this.events.emit("reset", { to: this.revision }));
    else if (change && !output.reset) this.#news.push(() => this.events.emit("change", change));
  }

  #acked(id: OperationId, revision: Revision): void {
    this.#lastSavedAtMs = Date.now();
    this.#submissions.ack(id, revision);
    this.#news.push(() => this.events.emit("ack", { id, revision }));
  }

  #rejected(id: OperationId, error: CoboardError): void {
    this.#submissions.reject(id, error);
    this.#news.push(() => this.events.emit("reject", { id, error }));
    this.#news.push(() => this.#parts.error(error));
  }

  #status(note: StatusNote): void {
    this.#note = note;
    this.#peak = note.pending_count === 0 ? 0 : Math.max(this.#peak, note.pending_count);
    this.sync.assign(this.#syncStatus());
    this.undoable.assign(note.undo);
    this.redoable.assign(note.redo);
    this.queue.assign(this.#driver.queue().map(entryOf));
    for (const cell of [this.sync, this.undoable, this.redoable, this.queue])
      this.#news.push(() => cell.announce());
  }

  #end(error: CoboardError): void {
    if (this.#ended) return;
    this.#ended = error;
    this.#submissions.end(error);
    if (this.content.current === null) this.#fail(error);
    this.sync.set(this.#syncStatus());
    if (error.code === "E_NOT_FOUND") this.#news.push(() => this.events.emit("deleted", { by: null }));
    this.#news.push(() => this.#parts.error(error));
    this.#tell();
  }

  /** A message that the core cannot read is left out; a core that broke does nothing more. */
  #coreFailed(cause: unknown): void {
    if (cause instanceof WebAssembly.RuntimeError) {
      this.#end(new CoboardError("E_CORE_LOAD", "the core has failed: load the page again", {}, cause));
    } else {
      this.#parts.error(
        new CoboardError("E_BAD_JSON", "a message of the server could not be read", {}, cause),
      );
    }
  }

  #fail(error: CoboardError): void {
    this.load.set({ ...this.load.current, state: "failed", error });
  }

  #request(request: number, event: string, payload: object): void {
    this.#parts.connection.request(event, payload, (answer) =>
      this.#feed({ type: "answer", request, answer }),
    );
  }

  #fetch(url: string): void {
    const fetching = ++this.#fetching;
    const progress = (bytes: number, bytesTotal: number | null) => {
      if (fetching === this.#fetching && this.load.current.state === "loading") {
        this.load.set({ ...this.load.current, bytes, bytesTotal });
      }
    };
    this.#parts.fetchSnapshot(url, progress).then(
      (text) => {
        if (fetching !== this.#fetching || this.#ended) return;
        this.#driver.feedText(`{"type":"snapshot","snapshot":${text}}`);
      },
      () => fetching === this.#fetching && this.#feed({ type: "snapshot_failed" }),
    );
  }

  #textAt(path: Path): string {
    const value = this.mirror.read(path);
    return typeof value === "string" ? value : "";
  }

  #syncStatus(): SyncStatus {
    return syncStatus({
      note: this.#note,
      loaded: this.content.current !== null,
      connection: this.#parts.connection.status.current,
      lastSavedAtMs: this.#lastSavedAtMs,
      peak: this.#peak,
      ended: this.#ended,
      nowMs: Date.now(),
    });
  }

  /** Tells the news in order; what listeners cause meanwhile is told after it. */
  #tell(): void {
    if (this.#telling) return;
    this.#telling = true;
    for (let news = this.#news.shift(); news; news = this.#news.shift()) news();
    this.#telling = false;
  }
}

/** Equal but for the age of the oldest operation, which grows by itself. */
function sameSync(a: SyncStatus, b: SyncStatus): boolean {
  return jsonEqual({ ...a, oldestUnackedMs: 0 }, { ...b, oldestUnackedMs: 0 });
}

function entryOf({ id, label, item, at_ms }: QueuedNote): QueueEntry {
  return { id, label, item, ageMs: Math.max(0, Date.now() - at_ms), durability: "memory" };
}

function changeOf(note: ChangeNote, client: string): Change {
  const { at_ms, ...rest } = note;
  return { ...rest, atMs: at_ms, origin: note.client === client ? "local" : note.origin };
}
