/** Any readable of the client as React state. */
import type { Readable } from "@coboard/client";
import { useCallback, useSyncExternalStore } from "react";

/**
 * The present value of a readable.
 *
 * @example
 * const role = useReadable(handle.role);
 * @public
 */
export function useReadable<T>(readable: Readable<T>): T {
  const subscribe = useCallback((listener: () => void) => readable.subscribe(listener), [readable]);
  const current = () => readable.current;
  return useSyncExternalStore(subscribe, current, current);
}
