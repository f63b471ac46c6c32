/** Own presence. */
import type { BuiltInPresence } from "@coboard/client";
import { useCallback } from "react";
import { useHandle } from "./context.js";
import { useSelected } from "./useSelected.js";

/**
 * Own presence and how to change it.
 *
 * @example
 * const [presence, update] = usePresence();
 * update({ focus: "@17/title" });
 * @public
 */
export function usePresence<P extends object>(): [
  P & BuiltInPresence,
  (patch: Partial<P> & BuiltInPresence) => void,
] {
  const { presence } = useHandle<unknown, P>();
  const own = useSelected(presence.self, (self) => self.presence);
  const update = useCallback((patch: Partial<P> & BuiltInPresence) => presence.update(patch), [presence]);
  return [own, update];
}
