/** The newest callback, for listeners that must not be subscribed anew on each render. */
import { type RefObject, useLayoutEffect, useRef } from "react";

/** A reference to the value of the last committed render. @internal */
export function useLatest<T>(value: T): RefObject<T> {
  const latest = useRef(value);
  useLayoutEffect(() => {
    latest.current = value;
  }, [value]);
  return latest;
}
