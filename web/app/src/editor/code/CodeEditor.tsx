/** A CodeMirror editor over a text of the document. */
import { useDocumentHandle } from "@coboard/react";
import { type FocusEvent, type KeyboardEvent, useEffect, useRef } from "react";
import { announce } from "../../ui/announce";
import { type EditorSettings, mountEditor } from "./mountEditor";

/** Mounted once per text: another text is another editor. */
export default function CodeEditor(settings: EditorSettings) {
  const handle = useDocumentHandle();
  const mount = useRef<HTMLDivElement>(null);
  const first = useRef(settings);
  useEffect(() => (mount.current ? mountEditor(handle, first.current, mount.current) : undefined), [handle]);
  const onFocus = ({ currentTarget, relatedTarget }: FocusEvent) => {
    if (!currentTarget.contains(relatedTarget))
      announce("Tab goes on to the next field, Escape leaves the text");
  };
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.closest<HTMLElement>("[tabindex='-1']")?.focus();
  };
  // biome-ignore lint/a11y/noStaticElementInteractions: it listens to the focus and the keys of the editor inside it
  return <div ref={mount} onFocus={onFocus} onKeyDown={onKeyDown} />;
}
