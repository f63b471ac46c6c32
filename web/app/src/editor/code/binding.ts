/**
 * A CodeMirror editor as a mirror of a text of the document.
 *
 * The document owns the text, CodeMirror shows it. Local changes go to the document as deltas; changes from elsewhere
 * come back as deltas and are dispatched as remote transactions, which CodeMirror's own undo maps over and leaves alone.
 *
 * While an input method composes, changes from elsewhere are held back from the view (not from the document): touching
 * the composed text doubles or misplaces it in browsers. `lag` is what the view has not seen yet.
 */
import type { TextDelta } from "@coboard/client";
import { ChangeSet, type ChangeSpec, Text, Transaction } from "@codemirror/state";
import { EditorView, type ViewUpdate } from "@codemirror/view";

export interface TextPort {
  /** The text of the document now. */
  read(): string;
  /** Takes a local change; `whole` is the text with it, and with what the view has not seen yet. */
  submit(delta: TextDelta, whole: string): void;
}

export class TextBinding {
  #view: EditorView | null = null;
  #lag: ChangeSet | null = null;
  readonly #port: TextPort;

  constructor(port: TextPort) {
    this.#port = port;
  }

  /** Belongs into the editor's extensions. */
  readonly extension = [
    EditorView.updateListener.of((update) => this.#onUpdate(update)),
    EditorView.domEventHandlers({ compositionend: () => this.#afterComposition() }),
  ];

  attach(view: EditorView): void {
    this.#view = view;
  }

  /** The text that the view shows, with what it has not seen yet. */
  get whole(): string {
    const doc = this.#view?.state.doc ?? Text.empty;
    return (this.#lag ? this.#lag.apply(doc) : doc).toString();
  }

  /** A change that was made elsewhere, already in the document. */
  receive(delta: TextDelta): void {
    const view = this.#view;
    if (!view) return;
    const length = this.#lag?.newLength ?? view.state.doc.length;
    const changes = ChangeSet.of(changesOf(delta), length);
    if (view.composing) this.#lag = this.#lag ? this.#lag.compose(changes) : changes;
    else this.#show(changes);
  }

  /** Puts right what should not happen: a view that shows another text than the document has. */
  reconcile(splice: (from: string, to: string) => TextDelta): void {
    const view = this.#view;
    if (!view || this.#lag || view.composing) return;
    const shown = view.state.doc.toString();
    const text = this.#port.read();
    if (shown !== text) this.#show(ChangeSet.of(changesOf(splice(shown, text)), shown.length));
  }

  #onUpdate(update: ViewUpdate): void {
    for (const transaction of update.transactions) {
      if (!transaction.docChanged || transaction.annotation(Transaction.remote)) continue;
      const local = transaction.changes;
      const delta = deltaOf(this.#lag ? local.map(this.#lag) : local);
      if (this.#lag) this.#lag = this.#lag.map(local, true);
      this.#port.submit(delta, this.whole);
    }
  }

  #afterComposition(): void {
    setTimeout(() => {
      if (!this.#lag || !this.#view || this.#view.composing) return;
      const lag = this.#lag;
      this.#lag = null;
      this.#show(lag);
    }, 0);
  }

  #show(changes: ChangeSet): void {
    this.#view?.dispatch({
      changes,
      annotations: [Transaction.remote.of(true), Transaction.addToHistory.of(false)],
      filter: false,
    });
  }
}

/** CodeMirror's changes as a delta: skip, insert, delete. */
export function deltaOf(changes: ChangeSet): TextDelta {
  const delta: (number | string | { delete: number })[] = [];
  let at = 0;
  changes.iterChanges((from, to, _fromB, _toB, inserted) => {
    if (from > at) delta.push(from - at);
    if (inserted.length > 0) delta.push(inserted.toString());
    if (to > from) delta.push({ delete: to - from });
    at = to;
  }, true);
  return delta;
}

/** A delta as CodeMirror's changes, all in offsets of the text before. */
export function changesOf(delta: TextDelta): ChangeSpec[] {
  const changes: { from: number; to: number; insert: string }[] = [];
  let at = 0;
  for (const part of delta) {
    if (typeof part === "number") at += part;
    else if (typeof part === "string") changes.push({ from: at, to: at, insert: part });
    else {
      changes.push({ from: at, to: at + part.delete, insert: "" });
      at += part.delete;
    }
  }
  return changes;
}
