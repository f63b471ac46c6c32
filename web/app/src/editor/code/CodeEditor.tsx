/** A CodeMirror editor over a text of the document. */
import { useDocumentHandle } from "@coboard/react";
import { useEffect, useRef } from "react";
import { type EditorSettings, mountEditor } from "./mountEditor";

/** Mounted once per text: another text is another editor. */
export default function CodeEditor(settings: EditorSettings) {
  const handle = useDocumentHandle();
  const mount = useRef<HTMLDivElement>(null);
  const first = useRef(settings);
  useEffect(() => (mount.current ? mountEditor(handle, first.current, mount.current) : undefined), [handle]);
  return <div ref={mount} />;
}
