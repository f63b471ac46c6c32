/** Who else is editing what. */
import type { Lease } from "@coboard/client";
import { useHandle } from "./context.js";
import { useReadable } from "./useReadable.js";

/**
 * The fields and widgets that others are editing at this moment. A warning, never a lock: each ends by itself.
 *
 * @example
 * const here = useLeases().filter((lease) => lease.path === path);
 * @public
 */
export function useLeases(): readonly Lease[] {
  return useReadable(useHandle().presence.leases);
}
