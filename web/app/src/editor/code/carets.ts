/** Other people's carets and selections inside a text, in their colours. */
import {
  Annotation,
  type EditorState,
  type Extension,
  StateEffect,
  StateField,
  type Transaction,
} from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";

export interface Caret {
  /** Whose. */
  readonly id: string;
  /** The page it is in. */
  readonly client: string;
  readonly name: string;
  readonly color: string;
  readonly anchor: number;
  readonly head: number;
  /** Raised each time that its owner moved it: the name is shown again. */
  readonly moves: number;
}

/** Replaces all carets shown. */
export const setCarets = StateEffect.define<readonly Caret[]>();

/** The client that made a remote change: it takes its own caret with it. */
export const changeAuthor = Annotation.define<string>();

class CaretWidget extends WidgetType {
  constructor(
    readonly name: string,
    readonly color: string,
    readonly moves: number,
  ) {
    super();
  }

  override eq(other: CaretWidget): boolean {
    return other.name === this.name && other.color === this.color && other.moves === this.moves;
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement("span");
    caret.className = "cm-otherCaret";
    caret.setAttribute("aria-hidden", "true");
    this.updateDOM(caret);
    return caret;
  }

  /** Another animation of the same kind begins anew. */
  override updateDOM(caret: HTMLElement): boolean {
    caret.style.setProperty("--person", this.color);
    caret.dataset.name = this.name;
    caret.dataset.turn = this.moves % 2 === 0 ? "even" : "odd";
    return true;
  }

  override get estimatedHeight(): number {
    return -1;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

interface Shown {
  readonly carets: readonly Caret[];
  readonly decorations: DecorationSet;
}

/** Between two messages of presence the carets move with the text. */
const field = StateField.define<Shown>({
  create: () => ({ carets: [], decorations: Decoration.none }),
  update(shown, transaction) {
    const effect = transaction.effects.findLast((one) => one.is(setCarets));
    if (!effect && (!transaction.docChanged || shown.carets.length === 0)) return shown;
    const { length } = transaction.newDoc;
    const carets = effect
      ? within(effect.value as readonly Caret[], length)
      : moved(shown.carets, transaction);
    return { carets, decorations: decorations(carets) };
  },
  provide: (own) => EditorView.decorations.from(own, ({ decorations }) => decorations),
});

/** The carets as they stand now. */
export function caretsIn(state: EditorState): readonly Caret[] {
  return state.field(field).carets;
}

/** What a caret was put into may not be here yet. A place outside of the text would break every change after it. */
function within(carets: readonly Caret[], length: number): readonly Caret[] {
  const clamp = (at: number) => Math.max(0, Math.min(at, length));
  return carets.map((caret) => ({ ...caret, anchor: clamp(caret.anchor), head: clamp(caret.head) }));
}

/** As their owners see it: a caret stays before what others write right there, and goes with what its owner writes. */
function moved(carets: readonly Caret[], transaction: Transaction): readonly Caret[] {
  const { changes } = transaction;
  const author = transaction.annotation(changeAuthor);
  return carets.map((caret) => {
    const side = caret.client === author ? 1 : -1;
    return { ...caret, anchor: changes.mapPos(caret.anchor, side), head: changes.mapPos(caret.head, side) };
  });
}

function decorations(carets: readonly Caret[]): DecorationSet {
  const ranges = carets.flatMap(({ name, color, moves, anchor, head }) => {
    const widget = Decoration.widget({ widget: new CaretWidget(name, color, moves), side: 1 }).range(head);
    if (anchor === head) return [widget];
    const mark = Decoration.mark({ attributes: { style: `background: ${color}33`, "data-of": name } });
    return [mark.range(Math.min(anchor, head), Math.max(anchor, head)), widget];
  });
  return Decoration.set(ranges, true);
}

/** The name is seen for three seconds, and then where somebody points at the caret. */
const nameFades = "0.6s ease-out 3s forwards";

const look = EditorView.baseTheme({
  ".cm-otherCaret": {
    position: "relative",
    borderLeft: "2px solid var(--person)",
    marginLeft: "-1px",
    marginRight: "-1px",
  },
  // A word joiner keeps the caret from becoming a place where a line may break. Neither it nor the name is text.
  ".cm-otherCaret::before": { content: '"\u2060"', padding: "0 4px", margin: "0 -4px" },
  ".cm-otherCaret::after": {
    content: "attr(data-name)",
    position: "absolute",
    zIndex: "5",
    bottom: "100%",
    left: "-2px",
    padding: "0 5px",
    borderRadius: "4px 4px 4px 0",
    background: "var(--person)",
    color: "var(--person-text)",
    fontFamily: "var(--font-text)",
    fontSize: "10px",
    fontWeight: "600",
    lineHeight: "14px",
    whiteSpace: "nowrap",
    pointerEvents: "none",
  },
  '.cm-otherCaret[data-turn="even"]::after': { animation: `cm-otherName ${nameFades}` },
  '.cm-otherCaret[data-turn="odd"]::after': { animation: `cm-otherNameAgain ${nameFades}` },
  ".cm-otherCaret:hover::after": { animation: "none !important" },
  "@keyframes cm-otherName": { to: { opacity: 0 } },
  "@keyframes cm-otherNameAgain": { to: { opacity: 0 } },
});

export const carets: Extension = [field, look];
