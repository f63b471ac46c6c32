/** Everybody else. */
import type { Peer } from "@coboard/client";
import { useHandle } from "./context.js";
import { useReadable } from "./useReadable.js";

/**
 * The others in the Document, one entry per user. Renders on each of their moves: prefer `useOthersMapped`.
 *
 * @example
 * const others = useOthers();
 * @public
 */
export function useOthers<P extends object>(): readonly Peer<P>[] {
  return useReadable(useHandle<unknown, P>().presence.others);
}
