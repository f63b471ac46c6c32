/** The whole history of own work. */
import type { History } from "@coboard/client";
import { useHandle } from "./context.js";

/**
 * Undo, redo, and pause and resume for a drag that shall be one step.
 *
 * @example
 * const history = useHistory();
 * @public
 */
export function useHistory(): History {
  return useHandle().history;
}
