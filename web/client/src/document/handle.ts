/** The public face of a session. One per Document and client, shared by all that join it. */
import type { Activity } from "../api/activity.js";
import type { DocumentId, ItemId, Json, Path, Readable, Result, Role, Unsubscribe } from "../api/basic.js";
import type { Conflicts } from "../api/conflicts.js";
import type { DocumentView } from "../api/devices.js";
import type {
  DocumentEvents,
  DocumentHandle,
  Edit,
  EditOptions,
  ForeignEdit,
  ItemPlace,
  LoadState,
  Submitted,
} from "../api/document.js";
import type { History } from "../api/history.js";
import type { PresenceHandle } from "../api/presence.js";
import type { Queue } from "../api/queue.js";
import type { SyncStatus } from "../api/sync.js";
import type { TextHandle } from "../api/text.js";
import type { WidgetSession } from "../api/widget.js";
import { exportFile } from "../device/export.js";
import { WidgetSessions } from "../presence/widgetSession.js";
import type { DocumentSession } from "./session.js";
import { SessionHistory } from "./sessionHistory.js";

/** The handle of one Document. @internal */
export class SessionHandle implements DocumentHandle {
  readonly role: Readable<Role>;
  readonly load: Readable<LoadState>;
  readonly content: Readable<Json | null>;
  readonly sync: Readable<SyncStatus>;
  readonly presence: PresenceHandle;
  readonly history: History;
  readonly queue: Queue;
  readonly conflicts: Conflicts;
  readonly activity: Activity;
  readonly #session: DocumentSession;
  readonly #history: SessionHistory;
  readonly #widgets: WidgetSessions;

  constructor(
    readonly id: DocumentId,
    session: DocumentSession,
    readonly leave: () => void,
  ) {
    this.#session = session;
    this.#history = new SessionHistory(session);
    this.history = this.#history;
    this.role = session.role;
    this.load = session.snapshot.load;
    this.content = session.content;
    this.sync = session.status.sync;
    this.queue = {
      entries: session.status.queue,
      refused: session.status.refused,
      discarded: session.status.discarded,
      discard: (operation) => session.discard(operation),
      dismiss: (operation) => session.device.keeper.dismiss(operation),
      retry: (operation) => session.retry(operation),
      exportJson: async () => exportFile([session.unsaved()]),
    };
    this.presence = session.presence;
    this.conflicts = session.conflicts.inbox;
    this.#widgets = new WidgetSessions({
      handle: this,
      around: (item) => session.mirror.places(item).map((place) => place.item),
      handedOff: (event) => session.events.emit("handOff", event),
    });
    session.widgets = this.#widgets;
    this.activity = session.activity;
  }

  whenLoaded(): Promise<Result<void>> {
    return this.#session.snapshot.whenLoaded();
  }

  pathOf(json: readonly (string | number)[]): Path | null {
    return this.#session.mirror.pathOf(json);
  }

  read(path: Path): Json | undefined {
    return this.#session.mirror.read(path);
  }

  itemOf(value: unknown): ItemId | null {
    return this.#session.mirror.itemOf(value);
  }

  item(id: ItemId): Json | undefined {
    return this.#session.mirror.item(id);
  }

  placeOf(id: ItemId): ItemPlace | null {
    return this.#session.mirror.placeOf(id);
  }

  edit<R>(label: string, change: (edit: Edit) => R, options: EditOptions = {}): Submitted<R> {
    const gesture = options.gesture ?? this.#history.gesture;
    return this.#session.edit(label, change, gesture === undefined ? options : { ...options, gesture });
  }

  lastEdit(path: Path): ForeignEdit | null {
    return this.#session.conflicts.recent.at(path);
  }

  text(path: Path): TextHandle {
    return this.#session.text(path);
  }

  widget(item: ItemId): WidgetSession {
    return this.#widgets.at(item);
  }

  tellView(view: DocumentView): void {
    this.#session.view.update(view);
  }

  on<K extends keyof DocumentEvents>(event: K, listener: (event: DocumentEvents[K]) => void): Unsubscribe {
    return this.#session.events.on(event, listener);
  }
}
