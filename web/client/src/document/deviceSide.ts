/** What a joined Document has on the device: read once when it is joined, kept from then on. */
import type { ClientId, DocumentId } from "../api/basic.js";
import type { CoreConfig } from "../core/boundary.js";
import { Keeper } from "../device/keeper.js";
import type { QueueEvents } from "../device/keptQueue.js";
import type { RefusedRecord } from "../device/schema.js";
import type { Opened } from "../device/scope.js";

/** Opens a Document on the device; null where nothing is kept. @internal */
export type OpenOnDevice = (events: QueueEvents) => Promise<Opened | null>;

/** The device's side of one session. @internal */
export class DeviceSide {
  /** Settled when it is known what the device holds; never rejected. */
  readonly known: Promise<void>;
  #opened: Opened | null = null;
  #keeper: Keeper;
  #restorable: string | null = null;
  readonly #changed: () => void;
  #closed = false;

  constructor(document: DocumentId, client: () => ClientId, open: OpenOnDevice, events: QueueEvents) {
    this.#changed = events.changed;
    this.#keeper = new Keeper(null, document, client(), events);
    this.known = open(events).then(
      (opened) => {
        if (this.#closed) return opened?.close();
        this.#opened = opened;
        this.#keeper = opened?.keeper ?? new Keeper(null, document, client(), events);
        if (!opened) return;
        this.#keeper.refusedBefore(opened.refused);
        this.#keeper.conflicts.restore(opened.conflicts);
        if (opened.stored) this.#keeper.restored(opened.stored);
        this.#restorable = opened.stored?.restore ?? null;
        if (opened.stored && this.#restorable === null) this.#keeper.misfit();
        events.changed();
      },
      () => {},
    );
  }

  get keeper(): Keeper {
    return this.#keeper;
  }

  /** What the core is told of an earlier life. */
  get config(): Pick<CoreConfig, "keep" | "resume"> {
    const resume = this.#opened?.resume;
    return { keep: true, ...(resume ? { resume } : {}) };
  }

  /** Whether the client had a number in this Document before: without one it can make nothing. */
  get isNumbered(): boolean {
    return (this.#opened?.resume?.client_number ?? 0) > 0;
  }

  /** The input that the core restores itself from, once; and how large it is. */
  takeRestore(): { text: string; bytes: number } | null {
    const text = this.#restorable;
    this.#restorable = null;
    return text === null ? null : { text, bytes: this.#opened?.stored?.bytes ?? 0 };
  }

  /** Takes over what was refused in a former session of the Document: not all of it may be on the device. */
  inherit(refused: readonly RefusedRecord[]): void {
    void this.known.then(() => {
      this.#keeper.refusedBefore(refused);
      this.#changed();
    });
  }

  close(): void {
    this.#closed = true;
    this.#opened?.close();
  }
}
