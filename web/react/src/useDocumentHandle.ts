/** The handle itself. */
import type { DocumentHandle, Json } from "@coboard/client";
import { useHandle } from "./context.js";

/**
 * The handle of the Document: paths, edits, events.
 *
 * @example
 * const handle = useDocumentHandle<Dashboard>();
 * @public
 */
export function useDocumentHandle<T = Json>(): DocumentHandle<T> {
  return useHandle<T>();
}
