/** How many people are here. */
import type { Audience } from "@coboard/client";
import { useHandle } from "./context.js";
import { useReadable } from "./useReadable.js";

/**
 * How many edit and how many look on, oneself included, and how many of them `useOthers` tells one by one.
 *
 * @example
 * const { editors, viewers, listed } = useAudience();
 * const more = editors + viewers - listed;
 * @public
 */
export function useAudience(): Audience {
  return useReadable(useHandle().presence.audience);
}
