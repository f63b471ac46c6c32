/** Undo of own work. */
import { useCallback } from "react";
import { useHandle } from "./context.js";
import { useReadable } from "./useReadable.js";

/**
 * Takes back the last own edit.
 *
 * @example
 * const { undo, canUndo, label } = useUndo();
 * @public
 */
export function useUndo(): { undo(): void; canUndo: boolean; label: string | null } {
  const { history } = useHandle();
  const { count, label } = useReadable(history.undoable);
  const undo = useCallback(() => void history.undo(), [history]);
  return { undo, canUndo: count > 0, label };
}
