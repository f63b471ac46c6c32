/** A CodeMirror editor over a text of the document. */
import type { DocumentHandle, ItemId } from "@coboard/client";
import { useDocumentHandle } from "@coboard/react";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { setValue } from "../../dashboard/edits";
import { pathIn } from "../../dashboard/paths";
import { textDelta } from "../textDelta";
import { TextBinding } from "./binding";
import { type CaretPresence, sendCaret, showCarets } from "./caretPresence";
import { carets } from "./carets";
import { type Language, languageOf } from "./language";
import { codeTheme } from "./theme";

export interface CodeEditorProps {
  readonly item: ItemId;
  readonly keys: readonly string[];
  readonly label: string;
  readonly edit: string;
  readonly language: Language;
  readonly minHeight: number;
}

/** Mounted once per text: another text is another editor. */
export default function CodeEditor({ item, keys, label, edit, language, minHeight }: CodeEditorProps) {
  const handle = useDocumentHandle();
  const mount = useRef<HTMLDivElement>(null);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the parent gives another key where anything here changes
  useEffect(() => {
    const parent = mount.current;
    if (!parent) return;
    const path = pathIn(item, ...keys);
    const text = handle.text(path);
    const gesture = crypto.randomUUID();
    let own = false;
    const binding = new TextBinding({
      read: () => text.value.current,
      submit: (delta) => {
        own = true;
        try {
          if (typeof handle.read(path) === "string") {
            handle.edit(edit, (step) => step.text(path, delta), { gesture });
          } else setValue(handle, item, edit, keys, view.state.doc.toString(), gesture);
        } finally {
          own = false;
        }
      },
    });
    const grammar = new Compartment();
    const view = new EditorView({
      parent,
      state: EditorState.create({
        doc: text.value.current,
        extensions: [
          EditorState.lineSeparator.of("\n"),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({
            "aria-label": label,
            spellcheck: language === "markdown" ? "true" : "false",
          }),
          history(),
          drawSelection(),
          keymap.of([...defaultKeymap, ...historyKeymap]),
          grammar.of([]),
          codeTheme,
          EditorView.theme({
            ".cm-content, .cm-gutter": { minHeight: `${minHeight - 2}px` },
            ".cm-scroller": { maxHeight: "480px", overflow: "auto" },
          }),
          binding.extension,
          carets,
          sendCaret(handle, path),
        ],
      }),
    });
    binding.attach(view);
    const stopDeltas = text.on("delta", (delta) => {
      if (!own) binding.receive(delta);
    });
    const stopValue = text.value.subscribe(() => {
      if (!own) queueMicrotask(() => binding.reconcile(textDelta));
    });
    void languageOf(language).then((extension) => view.dispatch({ effects: grammar.reconfigure(extension) }));
    const stopCarets = showCarets(handle, path, view);
    return () => {
      (handle as unknown as DocumentHandle<unknown, CaretPresence>).presence.update({ caret: null });
      stopCarets();
      stopDeltas();
      stopValue();
      view.destroy();
    };
  }, []);

  return <div ref={mount} />;
}
