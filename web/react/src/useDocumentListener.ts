/** Events of the Document. */
import type { DocumentEvents } from "@coboard/client";
import { useEffect } from "react";
import { useHandle } from "./context.js";
import { useLatest } from "./useLatest.js";

/**
 * Runs on one kind of event of the Document.
 *
 * @example
 * useDocumentListener("reject", ({ error }) => toast(error.message));
 * @public
 */
export function useDocumentListener<K extends keyof DocumentEvents>(
  event: K,
  listener: (event: DocumentEvents[K]) => void,
): void {
  const handle = useHandle();
  const latest = useLatest(listener);
  useEffect(() => handle.on(event, (value) => latest.current(value)), [handle, event, latest]);
}
