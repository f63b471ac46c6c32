/** CodeMirror in our type and colours; both themes come from the same variables. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const look = EditorView.theme({
  "&": { color: "var(--text)", backgroundColor: "transparent", fontSize: "12px" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-code)", lineHeight: "18px" },
  ".cm-content": { padding: "12px 0 8px", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 10px" },
  ".cm-cursor": { borderLeftColor: "var(--accent)", borderLeftWidth: "2px" },
  ".cm-selectionBackground, &.cm-focused .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent) 22%, transparent) !important",
  },
});

/** The colours of curves are for lines: letters need more contrast to what is behind them. */
const letters = (name: string) => `color-mix(in srgb, var(${name}) 60%, var(--text))`;

const colors = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "700" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: [tags.link, tags.url], color: "var(--accent)" },
  { tag: [tags.keyword, tags.operatorKeyword], color: letters("--series-6") },
  { tag: [tags.string, tags.monospace], color: letters("--series-3") },
  { tag: [tags.number, tags.bool, tags.null], color: letters("--series-2") },
  { tag: tags.propertyName, color: letters("--series-1") },
  { tag: [tags.comment, tags.processingInstruction, tags.meta], color: "var(--faint)" },
]);

export const codeTheme = [look, syntaxHighlighting(colors)];
