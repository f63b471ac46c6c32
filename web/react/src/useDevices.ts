/** The person's own devices. */
import type { Loaded, OwnDevice } from "@coboard/client";
import { useClient } from "./useClient.js";
import { useReadable } from "./useReadable.js";

/**
 * Where the person works besides here, and what is open there; kept up to date while mounted. "loading" without a
 * connection.
 *
 * @example
 * const devices = useDevices();
 * @public
 */
export function useDevices(): Loaded<readonly OwnDevice[]> {
  return useReadable(useClient().devices);
}
