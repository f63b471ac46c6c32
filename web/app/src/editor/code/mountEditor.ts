/** Makes an editor over a text of the document and ties the two together. */

import type { DocumentHandle, ItemId, Path, TextHandle } from "@coboard/client";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { setValue } from "../../dashboard/edits";
import { pathIn } from "../../dashboard/paths";
import { textDelta } from "../textDelta";
import { TextBinding } from "./binding";
import { hideCaret, sendCaret, showCarets } from "./caretPresence";
import { carets } from "./carets";
import { type Language, languageOf } from "./language";
import { codeTheme } from "./theme";

export interface EditorSettings {
  readonly item: ItemId;
  readonly keys: readonly string[];
  /** For people who cannot see the label beside it. */
  readonly label: string;
  /** What undo calls a change. */
  readonly edit: string;
  readonly language: Language;
  readonly minHeight: number;
}

/** Puts the editor into `parent`; the returned function takes it away again. */
export function mountEditor(
  handle: DocumentHandle,
  settings: EditorSettings,
  parent: HTMLElement,
): () => void {
  const path = pathIn(settings.item, ...settings.keys);
  const text = handle.text(path);
  const port = new TextPort(handle, settings, path, text);
  const binding = new TextBinding(port);
  const grammar = new Compartment();
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text.value.current,
      extensions: [base(settings), grammar.of([]), binding.extension, carets, sendCaret(handle, path)],
    }),
  });
  binding.attach(view);
  const stops = [
    text.on("delta", (delta) => {
      if (!port.own) binding.receive(delta);
    }),
    text.value.subscribe(() => {
      if (!port.own) queueMicrotask(() => binding.reconcile(textDelta));
    }),
    showCarets(handle, path, view),
  ];
  void languageOf(settings.language).then((extension) =>
    view.dispatch({ effects: grammar.reconfigure(extension) }),
  );
  return () => {
    hideCaret(handle);
    for (const stop of stops) stop();
    view.destroy();
  };
}

/** The document's side of the editor. All changes of one sitting are one step of undo. */
class TextPort {
  /** True while a change of this editor is being taken: the news of it is no news here. */
  own = false;
  readonly #gesture = crypto.randomUUID();

  constructor(
    readonly handle: DocumentHandle,
    readonly settings: EditorSettings,
    readonly path: Path,
    readonly text: TextHandle,
  ) {}

  read(): string {
    return this.text.value.current;
  }

  submit(delta: Parameters<TextHandle["apply"]>[0], whole: string): void {
    const { item, keys, edit } = this.settings;
    this.own = true;
    try {
      if (typeof this.handle.read(this.path) === "string") {
        this.handle.edit(edit, (step) => step.text(this.path, delta), { gesture: this.#gesture });
      } else setValue(this.handle, item, edit, keys, whole, this.#gesture);
    } finally {
      this.own = false;
    }
  }
}

function base({ label, language, minHeight }: EditorSettings): Extension {
  const spellcheck = language === "markdown" ? "true" : "false";
  return [
    EditorState.lineSeparator.of("\n"),
    EditorView.lineWrapping,
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck }),
    history(),
    drawSelection(),
    keymap.of([...defaultKeymap, ...historyKeymap]),
    codeTheme,
    EditorView.theme({
      ".cm-content": { minHeight: `${minHeight - 2}px` },
      ".cm-scroller": { maxHeight: "480px", overflow: "auto" },
    }),
  ];
}
