/** How far one Document is: the numbers of the core as cells that people and hooks read. */
import type { Revision } from "../api/basic.js";
import type { ConnectionStatus } from "../api/client.js";
import type { OpenConflict } from "../api/conflicts.js";
import type { Durability } from "../api/document.js";
import type { UndoState } from "../api/history.js";
import type { SyncStatus } from "../api/sync.js";
import type { QueuedNote, StatusNote } from "../core/boundary.js";
import type { Keeper } from "../device/keeper.js";
import type { RefusedRecord } from "../device/schema.js";
import { CoboardError } from "../errors.js";
import { Cell } from "../support/cell.js";
import { jsonEqual } from "../support/json.js";
import { isDiscarded, QueueList, RefusedList } from "./queueList.js";
import { syncStatus } from "./syncStatus.js";

const UNNUMBERED = new CoboardError(
  "E_UNAVAILABLE",
  "this tab was opened without a connection while another one works in the document: it can only be read",
);

/** What a status is read from. @internal */
export interface StatusSources {
  connection: () => ConnectionStatus;
  loaded: () => boolean;
  queue: () => readonly QueuedNote[];
  keeper: () => Keeper;
  conflicts: () => readonly OpenConflict[];
}

/** The status of one Document. @internal */
export class SessionStatus {
  readonly sync: Cell<SyncStatus>;
  readonly undoable = new Cell<UndoState>({ count: 0, label: null }, jsonEqual);
  readonly redoable = new Cell<UndoState>({ count: 0, label: null }, jsonEqual);
  readonly queue: QueueList;
  readonly refused: RefusedList;
  readonly discarded: RefusedList;
  readonly #sources: StatusSources;
  #note: StatusNote | null = null;
  #lastSavedAtMs: number | null = null;
  #ended: CoboardError | null = null;
  #numbered = false;

  constructor(sources: StatusSources) {
    this.#sources = sources;
    const queue = () => (this.#ended ? [] : sources.queue());
    this.queue = new QueueList(queue, ({ sequence }) => sources.keeper().queue.safetyOf(sequence));
    this.refused = new RefusedList(() => this.#takenBack(false));
    this.discarded = new RefusedList(() => this.#takenBack(true));
    this.sync = new Cell<SyncStatus>(this.#syncStatus(), sameSync);
  }

  get revision(): Revision {
    return this.#note?.revision ?? 0;
  }

  /** Own operations that are still to be sent. The core counts them after its end too, when they are refused. */
  get pendingCount(): number {
    const told = this.#note?.pending_count ?? 0;
    return this.#ended ? Math.min(told, this.#sources.keeper().queue.operations.length) : told;
  }

  get joined(): boolean {
    return this.#note?.joined ?? false;
  }

  /** Why the Document ended, if it did. */
  get ended(): CoboardError | null {
    return this.#ended;
  }

  /** The client has a number in this Document. */
  number(): void {
    this.#numbered = true;
  }

  /** Why nothing can be made here: a client that was never connected in this Document has no number. */
  get unnumbered(): CoboardError | null {
    return this.#numbered ? null : UNNUMBERED;
  }

  /** Takes the numbers of the core; `announce` tells the listeners. */
  take(note: StatusNote): void {
    this.#note = note;
    this.sync.assign(this.#syncStatus());
    this.undoable.assign(note.undo);
    this.redoable.assign(note.redo);
    this.queue.changed();
  }

  announce(): void {
    for (const cell of [this.sync, this.undoable, this.redoable, this.queue]) cell.announce();
  }

  /** An operation was acknowledged just now. */
  saved(): void {
    this.#lastSavedAtMs = Date.now();
  }

  /** What has to be kept has changed; `announce` tells the listeners. */
  queued(): void {
    this.queue.changed();
    this.sync.assign(this.#syncStatus());
  }

  /** What is safe on the device, or what was refused, has changed. */
  kept(): void {
    this.queue.changed();
    this.refused.changed();
    this.discarded.changed();
    this.refresh();
    this.queue.announce();
    this.refused.announce();
    this.discarded.announce();
  }

  end(error: CoboardError): void {
    this.#ended = error;
    this.kept();
  }

  /** The connection has changed, or something else that the core does not tell. */
  refresh(): void {
    this.sync.set(this.#syncStatus());
  }

  #takenBack(discarded: boolean): readonly RefusedRecord[] {
    return this.#sources.keeper().refused.filter(({ error }) => isDiscarded(error) === discarded);
  }

  /** Where the newest work is safe: what could not be sent before the end is on the list of what was refused. */
  #durability(refusedCount: number): Durability {
    const { queue, onDevice } = this.#sources.keeper();
    if (this.pendingCount > 0) return queue.safety(this.pendingCount);
    return this.#ended && refusedCount > 0 && !onDevice ? "memory" : "server";
  }

  #syncStatus(): SyncStatus {
    const refusedCount = this.#takenBack(false).length;
    return syncStatus({
      note: this.#note,
      loaded: this.#sources.loaded(),
      connection: this.#sources.connection(),
      conflicts: this.#sources.conflicts(),
      refusedCount,
      pendingCount: this.pendingCount,
      durability: this.#durability(refusedCount),
      lastSavedAtMs: this.#lastSavedAtMs,
      ended: this.#ended,
      unnumbered: this.unnumbered,
      nowMs: Date.now(),
    });
  }
}

/** Equal but for the age of the oldest operation, which grows by itself. */
function sameSync(a: SyncStatus, b: SyncStatus): boolean {
  return jsonEqual({ ...a, oldestUnackedMs: 0 }, { ...b, oldestUnackedMs: 0 });
}
