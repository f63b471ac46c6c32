/** Errors that no call answers for. */
import type { CoboardError } from "@coboard/client";
import { useEffect } from "react";
import { useClient } from "./useClient.js";
import { useLatest } from "./useLatest.js";

/**
 * Runs on errors of the client: refused operations, ended sessions, a refused connection.
 *
 * @example
 * useErrorListener((error) => toast(error.message));
 * @public
 */
export function useErrorListener(listener: (error: CoboardError) => void): void {
  const client = useClient();
  const latest = useLatest(listener);
  useEffect(() => client.on("error", (error) => latest.current(error)), [client, latest]);
}
