/** The document's side of a text editor. */
import type { DocumentHandle, ItemId, Path, TextDelta, TextHandle } from "@coboard/client";
import { setValue } from "../../dashboard/edits";
import { pathIn } from "../../dashboard/paths";
import { textDelta } from "../textDelta";

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

  constructor(handle: DocumentHandle, settings: PortSettings) {
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
      if (typeof this.#handle.read(this.#path) !== "string") {
        setValue(this.#handle, item, edit, keys, whole, this.#gesture);
        return;
      }
      // A delta goes on from what the view showed before, which the document may not have.
      const owed = this.isBehind ? textDelta(this.read(), whole) : delta;
      const made = this.#handle.edit(edit, (step) => step.text(this.#path, owed), { gesture: this.#gesture });
      this.isBehind = owed.length > 0 && made.id.sequence === 0;
    } finally {
      this.own = false;
    }
  }
}
