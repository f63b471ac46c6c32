/** Redo of own work. */
import { useCallback } from "react";
import { useHandle } from "./context.js";
import { useReadable } from "./useReadable.js";

/**
 * Does again what was undone last.
 *
 * @example
 * const { redo, canRedo, label } = useRedo();
 * @public
 */
export function useRedo(): { redo(): void; canRedo: boolean; label: string | null } {
  const { history } = useHandle();
  const { count, label } = useReadable(history.redoable);
  const redo = useCallback(() => void history.redo(), [history]);
  return { redo, canRedo: count > 0, label };
}
