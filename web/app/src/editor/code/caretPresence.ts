/** Carries carets between the editors of one text: sends the own one, shows those of others. */
import type { ClientId, DocumentHandle, Path, Peer, PresenceHandle } from "@coboard/client";
import { Transaction } from "@codemirror/state";
import { EditorView, type ViewUpdate } from "@codemirror/view";
import type { TextBinding } from "./binding";
import { type Caret, caretsIn, setCarets } from "./carets";
import type { Seen, TextTrail } from "./trail";

/** A caret that only others moved is told again after so long, for those who have not followed it. */
const TELL_AGAIN_MS = 1_000;
/** What was ahead of the others is told anew so soon after it is committed. */
const TELL_SOON_MS = 200;
/** What a caret was put into and that does not come was lost in what others did: it is shown as well as may be. */
const WAIT_MS = 1_000;

/** What this application adds to presence. */
export interface CaretPresence {
  readonly caret?: (Seen & { readonly path: Path; readonly anchor: number; readonly head: number }) | null;
}

type SentCaret = NonNullable<CaretPresence["caret"]>;

/** The carets of one editor. */
export class Carets {
  readonly #presence: PresenceHandle<CaretPresence>;
  readonly #shown = new Map<string, { sent: SentCaret; moves: number }>();
  readonly #stops: (() => void)[];
  #view: EditorView | null = null;
  #again: ReturnType<typeof setTimeout> | undefined;
  #wait: ReturnType<typeof setTimeout> | undefined;
  #hasWaited = false;
  /** A caret was put into a text that is older than the one it is in: with the next change it is looked for again. */
  #isEarly = false;
  /** The others see the own caret. */
  #isOut = false;

  constructor(
    readonly handle: DocumentHandle,
    readonly path: Path,
    readonly binding: TextBinding,
    readonly trail: TextTrail,
  ) {
    this.#presence = (handle as unknown as DocumentHandle<unknown, CaretPresence>).presence;
    this.#stops = [
      this.#presence.others.subscribe(() => this.show()),
      handle.on("join", () => this.#tellLater()),
      // What was ahead of the others is not any more.
      handle.on("ack", () => this.#isOut && this.#tellLater(TELL_SOON_MS)),
    ];
  }

  /** Belongs into the editor's extensions. */
  readonly extension = EditorView.updateListener.of((update) => this.#onUpdate(update));

  attach(view: EditorView): void {
    this.#view = view;
    this.show();
  }

  /** Puts the others' carets where they are now. The text that is being composed is not touched. */
  show(): void {
    const view = this.#view;
    if (!view || this.binding.isBehind) return;
    this.#isEarly = false;
    const carets = this.#presence.others.current.flatMap((peer) => this.#caretOf(peer));
    for (const id of this.#shown.keys()) {
      if (!carets.some((caret) => caret.id === id)) this.#shown.delete(id);
    }
    const next = JSON.stringify(carets);
    const before = JSON.stringify(caretsIn(view.state));
    if (next !== before) view.dispatch({ effects: setCarets.of(carets) });
  }

  stop(): void {
    this.#view = null;
    clearTimeout(this.#again);
    clearTimeout(this.#wait);
    for (const stop of this.#stops) stop();
    if (this.#isOut) this.#presence.update({ caret: null });
  }

  #caretOf({ user, presence: { caret }, activity }: Peer<CaretPresence>): Caret[] {
    if (!caret || caret.path !== this.path || activity === "away") return [];
    const before = this.#shown.get(user.id);
    // It has gone on in a text that is not here yet: until that comes it is where it was, with what is moved since.
    const sent = this.trail.has(caret) || !before ? caret : this.#waitFor(caret, before.sent);
    const isMoved = before?.sent.anchor !== sent.anchor || before.sent.head !== sent.head;
    const moves = (before?.moves ?? 0) + (isMoved ? 1 : 0);
    this.#shown.set(user.id, { sent, moves });
    if (this.trail.isBehind(sent)) this.#isEarly = true;
    const [anchor, head] = [this.trail.place(sent.anchor, sent), this.trail.place(sent.head, sent)];
    return [{ id: user.id, client: sent.client, name: user.name, color: user.color, anchor, head, moves }];
  }

  #waitFor(caret: SentCaret, before: SentCaret): SentCaret {
    if (this.#hasWaited) return caret;
    this.#wait ??= setTimeout(() => {
      this.#wait = undefined;
      this.#hasWaited = true;
      this.show();
      this.#hasWaited = false;
    }, WAIT_MS);
    return before;
  }

  #onUpdate(update: ViewUpdate): void {
    if (update.docChanged && this.#isEarly) queueMicrotask(() => this.show());
    const isOwn = (one: Transaction) =>
      !one.annotation(Transaction.remote) && (one.docChanged || one.selection);
    if (update.focusChanged || update.transactions.some(isOwn)) this.#tell();
    else if (update.docChanged) this.#tellLater();
  }

  #tellLater(delayMs = TELL_AGAIN_MS): void {
    this.#again ??= setTimeout(() => this.#tell(), delayMs);
  }

  #tell(): void {
    clearTimeout(this.#again);
    this.#again = undefined;
    const view = this.#view;
    if (!view) return;
    if (!view.hasFocus) {
      if (this.#isOut) this.#presence.update({ caret: null });
      this.#isOut = false;
      return;
    }
    this.#isOut = true;
    const { anchor, head } = view.state.selection.main;
    const { revision } = this.handle.sync.current;
    const client = this.#presence.self.current.clients[0] as ClientId;
    const ahead = this.trail.ahead(revision);
    const place = (at: number) => this.binding.placeOf(at);
    const caret = { path: this.path, client, revision, ahead, anchor: place(anchor), head: place(head) };
    this.#presence.update({ caret });
  }
}
