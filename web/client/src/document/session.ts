/**
 * One joined Document: drives the core, keeps the mirror, tells the listeners.
 * State is brought up to date first, listeners run afterwards, so that none of them sees half of a change.
 */
import type { DocumentActivity } from "../activity/activity.js";
import type { WireActivity } from "../activity/read.js";
import type { ClientId, DocumentId, Json, OperationId, Path, Revision, Role } from "../api/basic.js";
import type { DocumentEvents, Edit, EditOptions, Submitted } from "../api/document.js";
import type { ChangeNote, EditAnswer, KeepNote, KeptOperation, Output } from "../core/boundary.js";
import type { RawMessage } from "../device/chain.js";
import { exportOf, type Unsaved } from "../device/export.js";
import { CoboardError, type ErrorBody, errorFromBody } from "../errors.js";
import type { Presence, PresenceMessage } from "../presence/presence.js";
import type { WidgetSessions } from "../presence/widgetSession.js";
import { Cell } from "../support/cell.js";
import { Emitter } from "../support/emitter.js";
import { fromJsonText, toJsonText } from "../support/json.js";
import { News } from "../support/news.js";
import { again, type WireComponents } from "./again.js";
import { ConflictSide, type RawLog } from "./conflictSide.js";
import { conflictsOf } from "./conflicts.js";
import { CoreDriver } from "./coreDriver.js";
import { DeviceSide } from "./deviceSide.js";
import { Mirror } from "./mirror.js";
import { isDiscarded } from "./queueList.js";
import { Recorder } from "./recorder.js";
import { makeActivity, makePresence, makeViewTeller, type SessionParts } from "./sessionParts.js";
import { SessionStatus } from "./sessionStatus.js";
import { SnapshotFetch } from "./snapshotFetch.js";
import { Submissions } from "./submissions.js";
import { TextField } from "./textField.js";
import type { ViewTeller } from "./viewTeller.js";
import { changeOf, type PoliciesMessage, titleOf } from "./words.js";

/** One joined Document, behind its handle. @internal */
export class DocumentSession {
  readonly role = new Cell<Role>("editor");
  readonly content = new Cell<Json | null>(null);
  readonly snapshot: SnapshotFetch;
  readonly status: SessionStatus;
  readonly device: DeviceSide;
  readonly events = new Emitter<DocumentEvents>();
  readonly presence: Presence;
  readonly view: ViewTeller;
  /** Those of the handle. */
  widgets: WidgetSessions | null = null;
  readonly activity: DocumentActivity;
  readonly mirror = new Mirror();
  readonly conflicts: ConflictSide;
  readonly #parts: SessionParts;
  readonly #submissions: Submissions;
  readonly #texts = new Map<Path, TextField>();
  readonly #driver: CoreDriver;
  #core: "loading" | "loaded" | "failed" = "loading";
  #session: string | null = null;
  readonly #news = new News();
  #closed = false;
  #seen = false;
  readonly #unlisten: (() => void)[];

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#driver = new CoreDriver(
      parts.makeCore,
      (outputs) => this.#dispatch(outputs),
      (cause) => this.#coreFailed(cause),
    );
    this.snapshot = new SnapshotFetch(parts.fetchSnapshot);
    this.device = new DeviceSide(parts.document, parts.client, parts.open, {
      changed: () => this.status.kept(),
      full: (error) => parts.error(error),
    });
    this.#submissions = new Submissions(({ sequence }) => this.device.keeper.queue.settled(sequence));
    this.conflicts = new ConflictSide({
      mirror: this.mirror,
      shelf: () => this.device.keeper.conflicts,
      user: () => parts.connection.user?.id ?? parts.user()?.id ?? null,
      edit: (label, change, options) => this.edit(label, change, options),
      nothing: () => this.#submissions.empty(undefined, this.#client, this.status.revision),
      later: (news) => this.#news.later(news),
      presence: () => this.presence,
      waiting: () => this.device.keeper.queue.operations,
      isOwn: ({ client }) => client === this.#client,
      isLive: () => this.status.joined,
      changed: () => this.status.refresh(),
      submitMax: () => parts.connection.limits.current?.operationsPerSubmitMax ?? Number.POSITIVE_INFINITY,
    });
    this.status = new SessionStatus({
      connection: () => parts.connection.status.current,
      loaded: () => this.content.current !== null,
      queue: () => this.#driver.queue(),
      keeper: () => this.device.keeper,
      conflicts: () => this.conflicts.inbox.open.current,
    });
    this.presence = makePresence(parts, {
      client: () => this.#client,
      session: () => this.#session,
      events: this.events,
    });
    this.view = makeViewTeller(parts);
    this.activity = makeActivity(parts, () => this.#session);
    const { connection } = parts;
    this.#unlisten = [
      connection.events.on("connected", () => this.#connected()),
      connection.events.on("lost", () => this.#lost()),
      connection.events.on("message", ({ event, payload }) => this.#message(event, payload)),
      connection.events.on("head", (head) => head.document === parts.document && this.#head(head)),
      connection.status.subscribe(() => this.status.refresh()),
      parts.page.onPageHide(() => this.#leave()),
    ];
    this.#loadCore();
  }

  edit<R>(label: string, change: (edit: Edit) => R, options: EditOptions = {}): Submitted<R> {
    const driver = this.#ready();
    const recorder = new Recorder(
      () => driver.reserve(),
      (item) => this.mirror.formerPlace(item),
    );
    const value = recorder.run(change);
    const { steps } = recorder;
    if (steps.length === 0) return this.#submissions.empty(value, this.#client, this.status.revision);
    const refusal = this.status.ended ?? this.status.unnumbered;
    if (refusal) return this.#submissions.refused(value, this.#client, refusal);
    const answer = driver.edit(this.conflicts.request(label, options, steps));
    const submitted = this.#submit(value, answer);
    this.conflicts.edited(answer.id, options, steps);
    return submitted;
  }

  /** Makes a refused operation again. */
  retry(id: OperationId): Submitted | null {
    const kept = this.device.keeper.refused.find(
      ({ client, sequence }) => client === id.client && sequence === id.sequence,
    );
    const operation = fromJsonText(kept?.text ?? "") as KeptOperation | undefined;
    if (!operation) return null;
    const label = typeof operation.meta.label === "string" ? operation.meta.label : "";
    // What a machine made is what the machine reads.
    const components = operation.components as WireComponents;
    const submitted = this.edit(label, (edit) => again(edit, this.mirror, components));
    if (submitted.id.sequence === 0) return null;
    this.device.keeper.dismiss(id);
    return submitted;
  }

  /** Gives up an own operation that was never sent. */
  discard(id: OperationId): void {
    this.#ready();
    this.#feed({ type: "discard", id });
  }

  undo(): Submitted | null {
    const driver = this.#ready();
    return !this.status.ended && this.status.undoable.current.count > 0
      ? this.#submit(undefined, driver.undo())
      : null;
  }

  redo(): Submitted | null {
    const driver = this.#ready();
    return !this.status.ended && this.status.redoable.current.count > 0
      ? this.#submit(undefined, driver.redo())
      : null;
  }

  text(path: Path): TextField {
    const known = this.#texts.get(path);
    if (known) return known;
    const field = new TextField(path, this.mirror.textAt(path), (delta) =>
      this.edit("type", (edit) => edit.text(path, delta)),
    );
    this.#texts.set(path, field);
    return field;
  }

  /** Somebody looks at it: it is not only there to be sent. */
  seen(): void {
    this.#seen = true;
    this.#noteOpened();
  }

  /** What the server has not, and what was refused. */
  unsaved(): Unsaved {
    const { keeper } = this.device;
    return exportOf(keeper, this.status.ended ? keeper.queue.operations : this.#driver.queue());
  }

  /** Ends it: leaves the Room and frees the core. */
  close(error: CoboardError): void {
    if (this.#closed) return;
    this.#closed = true;
    this.activity.stop();
    this.#leave();
    for (const unlisten of this.#unlisten) unlisten();
    this.widgets?.destroy();
    this.presence.destroy();
    this.view.end();
    this.#submissions.end(error);
    this.snapshot.stop(error);
    this.#driver.close();
    this.device.close();
  }

  /** Says so, for whoever is silent is seen for a while longer. */
  #leave(): void {
    if (this.#session === null) return;
    this.#parts.connection.emit("leave", { document: this.#parts.document, session: this.#session });
  }

  /** Who works here: for one Document it may be another client than that of the page. */
  get #client(): ClientId {
    return this.device.keeper.client;
  }

  #ready(): CoreDriver {
    if (this.#closed) throw new Error(`the client of document ${this.#parts.document} is destroyed`);
    if (this.content.current === null) {
      throw new Error(`document ${this.#parts.document} is not loaded yet: wait for whenLoaded()`);
    }
    return this.#driver;
  }

  /** A core that cannot be loaded now is tried again with the next connection. */
  #loadCore(): void {
    this.#core = "loading";
    Promise.all([this.#parts.loadCore(), this.device.known]).then(
      () => {
        this.#core = "loaded";
        this.conflicts.inbox.restore();
        this.#begin();
      },
      (error: CoboardError) => {
        this.#core = "failed";
        this.snapshot.fail(error);
        this.#parts.error(error);
      },
    );
  }

  #connected(): void {
    if (this.#core === "failed") this.#loadCore();
    else this.#begin();
  }

  /** The core is made when it is known who we are: the handshake says it, or the device that has kept the Document. */
  #begin(): void {
    const { connection } = this.#parts;
    const user = connection.user ?? this.#parts.user();
    if (this.#closed || this.#core !== "loaded" || user === null) return;
    if (!this.#driver.started) this.#start(user);
    this.presence.identify(user);
    if (connection.connected) this.#feed({ type: "connected" });
  }

  #start(user: { id: string; name: string }): void {
    const { document } = this.#parts;
    this.#driver.start({ document, client: this.#client, user, ...this.device.config });
    if (this.device.isNumbered) this.status.number();
    const stored = this.device.takeRestore();
    if (!stored) return;
    this.snapshot.onDevice(stored.bytes);
    this.#driver.feedText(stored.text);
  }

  #lost(): void {
    this.#session = null;
    this.conflicts.lost();
    this.presence.end();
    this.view.end();
    this.#feed({ type: "disconnected" });
  }

  #head({ revision, hash }: { revision: Revision; hash?: string }): void {
    this.#feed({ type: "head", revision, hash });
  }

  #message(event: string, payload: unknown): void {
    const message = payload as { document?: DocumentId; session?: string };
    if (message.document !== this.#parts.document) return;
    switch (event) {
      case "committed":
        this.#committed(payload as RawMessage);
        break;
      case "head":
        this.#head(payload as { revision: Revision; hash?: string });
        break;
      case "presence":
        this.presence.receive(payload as PresenceMessage);
        break;
      case "activity":
        this.activity.receive(payload as WireActivity);
        break;
      case "policies_changed":
        this.#policies(payload as PoliciesMessage);
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

  #policies({ policies, author, at_ms: atMs }: PoliciesMessage): void {
    this.#news.push(() => this.events.emit("policies", { policies, author, atMs }));
    this.#news.tell();
  }

  #committed(message: RawMessage): void {
    if (this.status.ended) return;
    const text = toJsonText(message);
    this.conflicts.heard(message as RawLog, this.status.revision);
    this.device.keeper.message(message, text);
    this.#driver.feedText(`{"type":"committed","message":${text}}`);
  }

  #feed(input: object): void {
    if (!this.status.ended) this.#driver.feed(input);
  }

  #submit<R>(value: R, { id, error, outputs }: EditAnswer): Submitted<R> {
    const client = this.#client;
    const submitted = error
      ? this.#submissions.refused(value, client, errorFromBody(error))
      : id === null
        ? this.#submissions.empty(value, client, this.status.revision)
        : this.#submissions.open(value, id);
    if (error)
      this.#news.push(() => this.events.emit("reject", { id: submitted.id, error: errorFromBody(error) }));
    this.#dispatch(outputs);
    return submitted;
  }

  #dispatch(outputs: readonly Output[]): void {
    for (const output of outputs) this.#apply(output);
    if (this.device.keeper.wantsSnapshot) this.#keepSnapshot();
    this.#news.tell();
  }

  #apply(output: Output): void {
    switch (output.type) {
      case "request":
        this.#request(output.request, output.event, output.payload);
        break;
      case "fetch_snapshot":
        this.device.keeper.fetching(output.etag);
        this.#fetch(output.url);
        break;
      case "session":
        this.#session = output.session;
        this.conflicts.back(this.#driver.queue());
        this.status.number();
        this.device.keeper.numbered(output.client_number);
        this.role.assign(output.role);
        this.#news.push(() => this.role.announce());
        this.#news.push(() => this.presence.begin(output.session, output.presence));
        this.#news.push(() => this.view.begin(output.session));
        this.#news.push(() => this.activity.begin());
        break;
      case "changed":
        this.#changed(output);
        break;
      case "ack":
        this.#acked(output.id, output.revision);
        break;
      case "diverged":
        this.#news.push(() => this.events.emit("diverged", { at: output.revision }));
        break;
      case "conflicts":
        if (!this.device.keeper.queue.tell(output.id.sequence)) break;
        this.conflicts.own(output);
        for (const conflict of conflictsOf(output))
          this.#news.push(() => this.events.emit("conflict", conflict));
        break;
      case "reject":
        this.device.keeper.refuse(output, output.error);
        this.#rejected(output.id, errorFromBody(output.error));
        break;
      case "keep":
        this.#keep(output);
        break;
      case "restore_failed":
        this.snapshot.notOnDevice();
        this.device.keeper.misfit();
        break;
      case "status":
        this.status.take(output);
        this.device.keeper.reached(output.revision);
        this.#news.push(() => this.status.announce());
        break;
      case "ended":
        this.device.keeper.ended(output.error, this.#driver.queue());
        this.#end(errorFromBody(output.error));
        break;
    }
  }

  #keepSnapshot(): void {
    const text = this.device.keeper.onDevice ? this.#driver.snapshot() : null;
    if (text !== null) this.device.keeper.snapshot(text);
  }

  #keep(note: KeepNote): void {
    if (note.snapshot) this.#keepSnapshot();
    this.device.keeper.keep(note);
    if (note.put.length > 0 && !this.#parts.connection.connected) this.#parts.waiting();
    this.status.queued();
    this.#news.push(() => this.status.announce());
  }

  #changed(output: Extract<Output, { type: "changed" }>): void {
    this.mirror.apply(output);
    if (output.change) this.#heardOf(output.change);
    this.content.assign(this.mirror.root);
    this.#noteOpened();
    const change = output.change === null ? null : changeOf(output.change, this.#client);
    this.#news.push(() => this.content.announce());
    for (const field of this.#texts.values())
      this.#news.push(field.update(this.mirror.textAt(field.path), change));
    const wasReady = this.snapshot.load.current.state === "ready";
    this.snapshot.ready();
    this.#news.push(() => this.snapshot.load.announce());
    if (output.reset && wasReady)
      this.#news.push(() => this.events.emit("reset", { to: this.status.revision }));
    else if (change && !output.reset) this.#news.push(() => this.events.emit("change", change));
  }

  #heardOf(change: ChangeNote): void {
    this.conflicts.changed(change);
    if (change.origin === "remote" && this.status.joined) this.presence.worked(change.client);
  }

  #noteOpened(): void {
    if (this.#seen && this.mirror.root !== null) this.device.keeper.opened(titleOf(this.mirror.root));
  }

  #acked(id: OperationId, revision: Revision): void {
    this.status.saved();
    this.#submissions.ack(id, revision);
    this.#news.push(() => this.events.emit("ack", { id, revision }));
  }

  #rejected(id: OperationId, error: CoboardError): void {
    this.#submissions.reject(id, error);
    if (isDiscarded(error)) return;
    this.#news.push(() => this.events.emit("reject", { id, error }));
    this.#news.push(() => this.#parts.error(error));
  }

  #end(error: CoboardError): void {
    if (this.status.ended) return;
    this.#submissions.end(error);
    this.snapshot.fail(error);
    this.status.end(error);
    if (error.code === "E_NOT_FOUND") this.#news.push(() => this.events.emit("deleted", { by: null }));
    this.#news.push(() => this.#parts.error(error));
    this.#news.tell();
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

  #request(request: number, event: string, payload: object): void {
    this.#parts.connection.request(event, payload, (answer) => {
      const page = answer.ok && (answer.value as { catch_up?: RawMessage } | null)?.catch_up;
      const met = page && this.conflicts.missed(page as RawLog, this.status.revision, this.#driver.queue());
      if (page) {
        this.conflicts.heard(page as RawLog, this.status.revision);
        this.device.keeper.message(page, toJsonText(page));
      }
      this.#feed({ type: "answer", request, answer });
      if (met) met();
    });
  }

  #fetch(url: string): void {
    this.snapshot.start(
      url,
      (text) => {
        if (this.status.ended) return;
        this.#driver.feedText(`{"type":"snapshot","snapshot":${text}}`);
      },
      () => this.#feed({ type: "snapshot_failed" }),
    );
  }
}
