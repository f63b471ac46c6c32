/** The document's side of a text editor. */
import type { DocumentHandle, ItemId, Path, TextDelta, TextHandle } from "@coboard/client";
import { setValue } from "../../dashboard/edits";
import { pathIn } from "../../dashboard/paths";
import { PIECE_UNITS_MAX, piecesOf } from "../pieces";
import { textDelta } from "../textDelta";
import { takenOf } from "./binding";
import { TextTrail } from "./trail";

export interface PortSettings {
  readonly item: ItemId;
  readonly keys: readonly string[];
  /** What undo calls a change. */
  readonly edit: string;
}

/** Takes the changes of one editor. All those of one sitting are one step of undo. */
export class TextPort {
  /** True while a change of this editor is being taken: the news of it is no news here. */
  own = false;
  /** The last change was not taken, as where the server has still to let us in: the view shows what the document has not. */
  isBehind = false;
  readonly #handle: DocumentHandle;
  readonly #settings: PortSettings;
  readonly #path: Path;
  readonly #text: TextHandle;
  readonly #gesture = crypto.randomUUID();

  /** Called when a composition has ended. */
  settled: () => void = () => {};

  constructor(
    handle: DocumentHandle,
    settings: PortSettings,
    readonly trail = new TextTrail(),
  ) {
    this.#handle = handle;
    this.#settings = settings;
    this.#path = pathIn(settings.item, ...settings.keys);
    this.#text = handle.text(this.#path);
  }

  read(): string {
    return this.#text.value.current;
  }

  submit(delta: TextDelta, whole: string): void {
    const { item, keys, edit } = this.#settings;
    this.own = true;
    try {
      const isNew = typeof this.#handle.read(this.#path) !== "string";
      if (isNew) {
        const isShort = whole.length <= PIECE_UNITS_MAX;
        setValue(this.#handle, item, edit, keys, isShort ? whole : "", this.#gesture);
        this.trail.clear();
        if (isShort) return;
      }
      // A delta goes on from what the view showed before, which the document may not have.
      const before = this.read();
      const owed = isNew || this.isBehind ? textDelta(before, whole) : delta;
      this.isBehind = !piecesOf(owed, before).every((piece) => this.#take(piece));
    } finally {
      this.own = false;
    }
  }

  /** Whether the document has taken it. */
  #take(piece: TextDelta): boolean {
    const { length } = this.read();
    const made = this.#handle.edit(this.#settings.edit, (step) => step.text(this.#path, piece), {
      gesture: this.#gesture,
    });
    const { client, sequence } = made.id;
    if (sequence > 0) this.trail.add(client, takenOf(piece, length), null, sequence);
    return sequence > 0;
  }
}
