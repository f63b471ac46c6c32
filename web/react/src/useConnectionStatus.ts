/** The state of the connection. */
import type { ConnectionStatus } from "@coboard/client";
import { useClient } from "./useClient.js";
import { useReadable } from "./useReadable.js";

/**
 * The connection's state, with its reason.
 *
 * @example
 * const status = useConnectionStatus();
 * @public
 */
export function useConnectionStatus(): ConnectionStatus {
  return useReadable(useClient().connection);
}
