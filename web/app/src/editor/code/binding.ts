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
import {
  type Annotation,
  ChangeSet,
  type ChangeSpec,
  EditorState,
  Text,
  Transaction,
} from "@codemirror/state";
import { EditorView, type ViewUpdate } from "@codemirror/view";
import { changeAuthor } from "./carets";

/** With any other setting CodeMirror counts "\r\n" as one, and writes it as "\n". */
const LINE_BREAK = "\n";

export interface TextPort {
  /** The text of the document now. */
  read(): string;
  /** Takes a local change; `whole` is the text with it, and with what the view has not seen yet. */
  submit(delta: TextDelta, whole: string): void;
  /** A composition has ended, and the view shows everything. */
  settled?(): void;
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
    EditorState.lineSeparator.of(LINE_BREAK),
    // What is pasted or dropped has the line breaks of its own system, and may be cut inside a character.
    EditorView.clipboardInputFilter.of((text) => text.toWellFormed().replace(/\r\n?/g, LINE_BREAK)),
    EditorView.updateListener.of((update) => this.#onUpdate(update)),
    EditorView.domEventHandlers({ compositionend: () => this.#afterComposition() }),
  ];

  attach(view: EditorView): void {
    this.#view = view;
  }

  /** The text that the view shows, with what it has not seen yet. */
  get whole(): string {
    return this.#wholeOf(this.#view?.state.doc ?? Text.empty);
  }

  /** The view does not show everything, or must not be touched. */
  get isBehind(): boolean {
    return this.#lag !== null || this.#view?.composing === true;
  }

  /** Where an offset of the view is in the document. */
  placeOf(offset: number): number {
    return this.#lag?.mapPos(offset) ?? offset;
  }

  /** A change that was made elsewhere, already in the document; `author` is the client that made it. */
  receive(delta: TextDelta, author?: string): void {
    const view = this.#view;
    if (!view) return;
    const length = this.#lag?.newLength ?? view.state.doc.length;
    const changes = changeSetOf(delta, length);
    const isBehind = this.#lag !== null;
    this.#lag = this.#lag ? this.#lag.compose(changes) : changes;
    if (view.composing) return;
    if (isBehind) this.#afterComposition();
    else this.#catchUp(author);
  }

  /** Puts right what should not happen: a view that shows another text than the document has. */
  reconcile(splice: (from: string, to: string) => TextDelta): void {
    const view = this.#view;
    if (!view || this.#lag || view.composing) return;
    const shown = view.state.doc.toString();
    const text = this.#port.read();
    if (shown !== text) this.#show(changeSetOf(splice(shown, text), shown.length));
  }

  #wholeOf(doc: Text): string {
    return (this.#lag ? this.#lag.apply(doc) : doc).toString();
  }

  #onUpdate(update: ViewUpdate): void {
    for (const transaction of update.transactions) {
      if (!transaction.docChanged || transaction.annotation(Transaction.remote)) continue;
      const local = transaction.changes;
      const goesOn = isInsertion(local);
      const delta = deltaOf(this.#lag ? local.map(this.#lag, goesOn) : local);
      if (this.#lag) this.#lag = this.#lag.map(local, !goesOn);
      this.#port.submit(delta, this.#wholeOf(transaction.newDoc));
      const taken = lineBreaksOf(delta);
      if (taken.length > 0) this.receive(taken);
    }
    // Browsers forget at times to tell the end of a composition.
    if (this.#lag && !update.view.composing) this.#afterComposition();
  }

  #afterComposition(): void {
    setTimeout(() => {
      if (this.#view?.composing !== false) return;
      this.#catchUp();
      this.#port.settled?.();
    }, 0);
  }

  /** Shows what was held back. */
  #catchUp(author?: string): void {
    const lag = this.#lag;
    this.#lag = null;
    if (lag) this.#show(lag, author);
  }

  #show(changes: ChangeSet, author?: string): void {
    const annotations: Annotation<unknown>[] = [
      Transaction.remote.of(true),
      Transaction.addToHistory.of(false),
    ];
    if (author !== undefined) annotations.push(changeAuthor.of(author));
    this.#view?.dispatch({ changes, annotations, filter: false });
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

/** Letters that go on with a word belong to it, also where somebody wrote right behind it; what replaces it takes its place. */
function isInsertion(changes: ChangeSet): boolean {
  let inserts = true;
  changes.iterChanges((from, to) => {
    inserts &&= from === to;
  }, true);
  return inserts;
}

/**
 * What the document makes of a delta that it was given: a break of two characters, which an undo may bring back into
 * the view, is taken as one. Empty where nothing is made of it.
 */
function lineBreaksOf(delta: TextDelta): TextDelta {
  const taken: (number | { delete: number })[] = [];
  let at = 0;
  let told = 0;
  for (const part of delta) {
    if (typeof part === "number") at += part;
    if (typeof part !== "string") continue;
    for (const { index } of part.matchAll(/\r\n/g)) {
      if (at + index > told) taken.push(at + index - told);
      taken.push({ delete: 1 });
      told = at + index + 1;
    }
    at += part.length;
  }
  return taken;
}

/** What the document makes of a delta, as changes of a text of that length. */
export function takenOf(delta: TextDelta, length: number): ChangeSet {
  const changes = changeSetOf(delta, length);
  const taken = lineBreaksOf(delta);
  return taken.length > 0 ? changes.compose(changeSetOf(taken, changes.newLength)) : changes;
}

/** A delta as CodeMirror's changes of a text of that length. A carriage return is a character like any other. */
export function changeSetOf(delta: TextDelta, length: number): ChangeSet {
  const changes: ChangeSpec[] = [];
  let at = 0;
  for (const part of delta) {
    if (typeof part === "number") at += part;
    else if (typeof part === "string") changes.push({ from: at, to: at, insert: part });
    else {
      changes.push({ from: at, to: at + part.delete, insert: "" });
      at += part.delete;
    }
  }
  return ChangeSet.of(changes, length, LINE_BREAK);
}
