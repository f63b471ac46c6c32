/** Oneself as others see one. */
import type { Peer } from "@coboard/client";
import { useHandle } from "./context.js";
import { useReadable } from "./useReadable.js";

/**
 * The own user, colour and presence.
 *
 * @example
 * const { user } = useSelf();
 * @public
 */
export function useSelf<P extends object>(): Peer<P> {
  return useReadable(useHandle<unknown, P>().presence.self);
}
