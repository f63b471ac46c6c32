/** Other people's carets and selections inside a text, in their colours. */
import { type Extension, RangeSetBuilder, StateEffect, StateField } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView, WidgetType } from "@codemirror/view";

export interface Caret {
  readonly id: string;
  readonly name: string;
  readonly color: string;
  readonly anchor: number;
  readonly head: number;
}

/** Replaces all carets shown. */
export const setCarets = StateEffect.define<readonly Caret[]>();

class CaretWidget extends WidgetType {
  constructor(
    readonly name: string,
    readonly color: string,
  ) {
    super();
  }

  override eq(other: CaretWidget): boolean {
    return other.name === this.name && other.color === this.color;
  }

  override toDOM(): HTMLElement {
    const caret = document.createElement("span");
    caret.className = "cm-otherCaret";
    caret.style.setProperty("--person", this.color);
    caret.setAttribute("aria-hidden", "true");
    caret.dataset.name = this.name;
    return caret;
  }

  override get estimatedHeight(): number {
    return -1;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

/** Between two messages of presence the carets move with the text. */
const field = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(shown, transaction) {
    const moved = shown.map(transaction.changes);
    const effect = transaction.effects.findLast((one) => one.is(setCarets));
    return effect ? decorations(effect.value as readonly Caret[], transaction.newDoc.length) : moved;
  },
  provide: (own) => EditorView.decorations.from(own),
});

function decorations(carets: readonly Caret[], length: number): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  const parts = carets.flatMap((caret) => {
    const head = clamp(caret.head, length);
    const [from, to] = [
      Math.min(clamp(caret.anchor, length), head),
      Math.max(clamp(caret.anchor, length), head),
    ];
    const widget = Decoration.widget({ widget: new CaretWidget(caret.name, caret.color), side: 1 });
    const mark = Decoration.mark({ attributes: { style: `background: ${caret.color}33` } });
    return [
      { from: head, to: head, decoration: widget, side: 1 },
      ...(from < to ? [{ from, to, decoration: mark, side: 0 }] : []),
    ];
  });
  for (const part of parts.sort((a, b) => a.from - b.from || a.side - b.side)) {
    builder.add(part.from, part.to, part.decoration);
  }
  return builder.finish();
}

function clamp(offset: number, length: number): number {
  return Math.max(0, Math.min(length, offset));
}

const look = EditorView.baseTheme({
  ".cm-otherCaret": {
    position: "relative",
    borderLeft: "2px solid var(--person)",
    marginLeft: "-1px",
    marginRight: "-1px",
  },
  // A word joiner keeps the caret from becoming a place where a line may break. Neither it nor the name is text.
  ".cm-otherCaret::before": { content: '"\u2060"' },
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
    animation: "cm-otherName 3.6s ease-out forwards",
  },
  ".cm-otherCaret:hover::after": { animation: "none" },
  "@keyframes cm-otherName": { "0%": { opacity: 1 }, "83%": { opacity: 1 }, "100%": { opacity: 0 } },
});

export const carets: Extension = [field, look];
