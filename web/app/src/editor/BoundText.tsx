/** A plain text field bound to a text of the document: what two people type into it merges. */
import type { ItemId } from "@coboard/client";
import { useDocumentHandle, useReadable } from "@coboard/react";
import { type ChangeEvent, useEffect, useLayoutEffect, useRef, useState } from "react";
import { setValue } from "../dashboard/edits";
import { pathIn } from "../dashboard/paths";
import styles from "./editor.module.css";
import { piecesOf } from "./pieces";
import { mapOffset, textDelta } from "./textDelta";

export interface BoundTextProps {
  readonly id: string;
  readonly item: ItemId;
  readonly keys: readonly string[];
  /** What undo calls it. */
  readonly label: string;
  readonly multiline?: boolean;
  readonly placeholder?: string;
  readonly testId?: string;
}

type Element = HTMLInputElement | HTMLTextAreaElement;

export function BoundText({ id, item, keys, label, multiline = false, placeholder, testId }: BoundTextProps) {
  const handle = useDocumentHandle();
  const path = pathIn(item, ...keys);
  const text = handle.text(path);
  const value = useReadable(text.value);
  const element = useRef<Element>(null);
  const caret = useRef<[number, number] | null>(null);
  const [gesture] = useState(() => crypto.randomUUID());

  useEffect(
    () =>
      text.on("delta", (delta) => {
        const field = element.current;
        if (!field || document.activeElement !== field) return;
        const { selectionStart, selectionEnd } = field;
        caret.current = [mapOffset(delta, selectionStart ?? 0), mapOffset(delta, selectionEnd ?? 0)];
      }),
    [text],
  );
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caret is put back after each new text
  useLayoutEffect(() => {
    if (caret.current) element.current?.setSelectionRange(...caret.current);
    caret.current = null;
  }, [value]);

  const onChange = (event: ChangeEvent<Element>) => {
    const next = event.currentTarget.value.toWellFormed().replace(/\r\n?/g, "\n");
    if (typeof handle.read(path) !== "string") return setValue(handle, item, label, keys, next, gesture);
    for (const piece of piecesOf(textDelta(value, next), value)) {
      handle.edit(label, (edit) => edit.text(path, piece), { gesture });
    }
    caret.current = null;
    return undefined;
  };
  const shared = { id, className: styles.input, value, placeholder, onChange, "data-testid": testId };
  return multiline ? (
    <textarea {...shared} rows={2} ref={element as React.RefObject<HTMLTextAreaElement>} />
  ) : (
    <input {...shared} ref={element as React.RefObject<HTMLInputElement>} />
  );
}
