/** Carries carets between the editors of one text: sends the own one, shows those of others. */
import type { DocumentHandle, Path, Peer, PresenceHandle } from "@coboard/client";
import { EditorView, type ViewUpdate } from "@codemirror/view";
import { type Caret, setCarets } from "./carets";

/** What this application adds to presence. */
export interface CaretPresence {
  readonly caret?: { readonly path: Path; readonly anchor: number; readonly head: number } | null;
}

function presenceOf(handle: DocumentHandle): PresenceHandle<CaretPresence> {
  return (handle as unknown as DocumentHandle<unknown, CaretPresence>).presence;
}

/** Tells the others that one has left the text. */
export function hideCaret(handle: DocumentHandle): void {
  presenceOf(handle).update({ caret: null });
}

/** Belongs into the editor's extensions. */
export function sendCaret(handle: DocumentHandle, path: Path) {
  const presence = presenceOf(handle);
  return EditorView.updateListener.of((update: ViewUpdate) => {
    if (!update.selectionSet && !update.focusChanged && !update.docChanged) return;
    const { anchor, head } = update.state.selection.main;
    if (update.view.hasFocus) presence.update({ caret: { path, anchor, head } });
    else if (update.focusChanged) presence.update({ caret: null });
  });
}

/** Shows the others' carets until the returned function is called. */
export function showCarets(handle: DocumentHandle, path: Path, view: EditorView): () => void {
  const presence = presenceOf(handle);
  let shown = "[]";
  const show = (others: readonly Peer<CaretPresence>[]) => {
    if (view.composing) return; // The text being composed must not be touched.
    const carets = others.flatMap((peer): Caret[] => {
      const { caret } = peer.presence;
      if (!caret || caret.path !== path) return [];
      return [
        {
          id: peer.user.id,
          name: peer.user.name,
          color: peer.user.color,
          anchor: caret.anchor,
          head: caret.head,
        },
      ];
    });
    const text = JSON.stringify(carets);
    if (text === shown) return;
    shown = text;
    view.dispatch({ effects: setCarets.of(carets) });
  };
  show(presence.others.current);
  return presence.others.subscribe(show);
}
