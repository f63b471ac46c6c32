/** Lost and restored connections. */
import { useEffect } from "react";
import { useClient } from "./useClient.js";
import { useLatest } from "./useLatest.js";

/**
 * Runs when the connection has been gone for a while, and when that is over.
 *
 * @example
 * useLostConnectionListener((event) => event === "lost" && showBanner());
 * @public
 */
export function useLostConnectionListener(listener: (event: "lost" | "restored" | "failed") => void): void {
  const client = useClient();
  const latest = useLatest(listener);
  useEffect(() => client.on("lostConnection", (event) => latest.current(event)), [client, latest]);
}
