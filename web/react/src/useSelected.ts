/** A part of a readable, kept while an equality says that it is the same. */
import type { Readable } from "@coboard/client";
import { useCallback, useRef, useSyncExternalStore } from "react";

/**
 * `selector(readable.current)`; where `isEqual` says so, the same object as last time.
 * A change of the readable renders only what selects something new from it.
 *
 * @example
 * const count = useSelected(handle.content, (content) => content?.panels.length ?? 0);
 * @public
 */
export function useSelected<T, V>(
  readable: Readable<T>,
  selector: (value: T) => V,
  isEqual: (a: V, b: V) => boolean = Object.is,
): V {
  const last = useRef<{ value: V } | null>(null);
  const subscribe = useCallback((listener: () => void) => readable.subscribe(listener), [readable]);
  const current = () => {
    const value = selector(readable.current);
    if (last.current === null || !isEqual(last.current.value, value)) last.current = { value };
    return last.current.value;
  };
  return useSyncExternalStore(subscribe, current, current);
}
