/** Whether work is saved. */
import type { SyncStatus } from "@coboard/client";
import { useEffect, useMemo, useState } from "react";
import { useHandle } from "./context.js";
import { useClient } from "./useClient.js";
import { useReadable } from "./useReadable.js";

/** "Saving…" shows only after so long. */
const SMOOTH_MS = 1_000;

/**
 * The sync status of the Document. With `smooth`, "syncing" after "synced" shows only when it has lasted a second.
 *
 * @example
 * const { state, retry } = useSyncStatus({ smooth: true });
 * @public
 */
export function useSyncStatus(options: { smooth?: boolean } = {}): SyncStatus & { retry(): void } {
  const client = useClient();
  const status = useReadable(useHandle().sync);
  const shown = useSmooth(status, options.smooth === true);
  return useMemo(() => ({ ...shown, retry: () => client.reconnect() }), [shown, client]);
}

function useSmooth(status: SyncStatus, smooth: boolean): SyncStatus {
  const brief = smooth && status.state === "syncing" && status.reason !== "loading";
  const [lasted, setLasted] = useState(false);
  const [synced, setSynced] = useState(status);
  if (status.state === "synced" && synced !== status) setSynced(status);
  if (!brief && lasted) setLasted(false);
  useEffect(() => {
    if (!brief) return;
    const timer = setTimeout(() => setLasted(true), SMOOTH_MS);
    return () => clearTimeout(timer);
  }, [brief]);
  return brief && !lasted && synced.state === "synced" ? synced : status;
}
