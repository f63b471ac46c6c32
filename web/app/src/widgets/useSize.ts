/** The inner size of an element, followed as it changes. */
import { useCallback, useState } from "react";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Attach the first to an element; the second is 0 × 0 until it has been measured. */
export function useSize<E extends HTMLElement>(): [(element: E | null) => (() => void) | undefined, Size] {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 });
  const ref = useCallback((element: E | null) => {
    if (!element) return undefined;
    const read = () => {
      const width = Math.floor(element.clientWidth);
      const height = Math.floor(element.clientHeight);
      setSize((old) => (old.width === width && old.height === height ? old : { width, height }));
    };
    read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [ref, size];
}
