/** The conflict inbox of the joined Document. */
import type { Conflicts, OpenConflict } from "@coboard/client";
import { useHandle } from "./context.js";
import { useReadable } from "./useReadable.js";

/** What nobody has decided yet, and the decisions. @public */
export interface ConflictInbox extends Omit<Conflicts, "open" | "older"> {
  open: readonly OpenConflict[];
  /** How many more there were than are kept. */
  older: number;
}

/**
 * Conflicts in which an intent was lost, until somebody decides.
 *
 * @example
 * const { open, resolve, dismiss } = useConflicts();
 * @public
 */
export function useConflicts(): ConflictInbox {
  const { conflicts } = useHandle();
  const open = useReadable(conflicts.open);
  const older = useReadable(conflicts.older);
  return {
    open,
    older,
    resolve: (id, choice) => conflicts.resolve(id, choice),
    resolveSimilar: (id, choice) => conflicts.resolveSimilar(id, choice),
    dismiss: (id) => conflicts.dismiss(id),
    dismissOlder: () => conflicts.dismissOlder(),
  };
}
