/** Makes an editor over a text of the document and ties the two together. */

import type { DocumentHandle, ItemId } from "@coboard/client";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { pathIn } from "../../dashboard/paths";
import { textDelta } from "../textDelta";
import { TextBinding } from "./binding";
import { hideCaret, sendCaret, showCarets } from "./caretPresence";
import { carets } from "./carets";
import { type Language, languageOf } from "./language";
import { type PortSettings, TextPort } from "./port";
import { codeTheme } from "./theme";

export interface EditorSettings extends PortSettings {
  readonly item: ItemId;
  readonly keys: readonly string[];
  /** For people who cannot see the label beside it. */
  readonly label: string;
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
  const port = new TextPort(handle, settings);
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
      if (!port.own && !port.isBehind) binding.receive(delta);
    }),
    text.value.subscribe(() => {
      if (port.own) return;
      queueMicrotask(() => {
        // What was not taken gives way to what others wrote into the same text.
        port.isBehind = false;
        binding.reconcile(textDelta);
      });
    }),
    // The first news of the status after a refusal is that changes are taken.
    handle.sync.subscribe(() => port.isBehind && port.submit([], binding.whole)),
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

function base({ label, language, minHeight }: EditorSettings): Extension {
  const spellcheck = language === "markdown" ? "true" : "false";
  return [
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
