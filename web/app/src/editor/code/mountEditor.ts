/** Makes an editor over a text of the document and ties the two together. */

import type { Change, DocumentHandle, ItemId, TextDelta } from "@coboard/client";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { pathIn } from "../../dashboard/paths";
import { textDelta } from "../textDelta";
import { changeSetOf, TextBinding } from "./binding";
import { Carets } from "./caretPresence";
import { carets } from "./carets";
import { type Language, languageOf } from "./language";
import { type PortSettings, TextPort } from "./port";
import { codeTheme } from "./theme";
import type { TextTrail } from "./trail";

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
  const { trail } = port;
  const binding = new TextBinding(port);
  const grammar = new Compartment();
  const others = new Carets(handle, path, binding, trail);
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text.value.current,
      extensions: [base(settings), grammar.of([]), binding.extension, carets, others.extension],
    }),
  });
  binding.attach(view);
  others.attach(view);
  port.settled = () => others.show();
  const stops = [
    text.on("delta", (delta, change) => {
      if (port.own || port.isBehind) return;
      noteForeign(trail, delta, change, text.value.current.length);
      binding.receive(delta, change?.client);
    }),
    text.value.subscribe(() => {
      if (port.own) return;
      queueMicrotask(() => {
        // What was not taken gives way to what others wrote into the same text.
        port.isBehind = false;
        binding.reconcile((from, to) => {
          trail.clear();
          return textDelta(from, to);
        });
      });
    }),
    // The first news of the status after a refusal is that changes are taken.
    handle.sync.subscribe(() => port.isBehind && port.submit([], binding.whole)),
    handle.on("ack", ({ id, revision }) => trail.committed(id.sequence, revision)),
    () => others.stop(),
  ];
  void languageOf(settings.language).then((extension) =>
    view.dispatch({ effects: grammar.reconfigure(extension) }),
  );
  return () => {
    for (const stop of stops) stop();
    view.destroy();
  };
}

/** A change from elsewhere, as it comes into the trail; `length` is that of the text with it. */
function noteForeign(trail: TextTrail, delta: TextDelta, change: Change | null, length: number): void {
  if (!change) {
    trail.clear();
    return;
  }
  const grown = delta.reduce<number>(
    (sum, part) =>
      sum + (typeof part === "string" ? part.length : typeof part === "object" ? -part.delete : 0),
    0,
  );
  const changes = changeSetOf(delta, length - grown);
  if (change.origin === "local") trail.addOwn(change.client, changes);
  else trail.add(change.client, changes, change.revision);
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
