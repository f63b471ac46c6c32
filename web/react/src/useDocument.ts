/** A part of the Document's content. */
import type { Loaded } from "@coboard/client";
import { useMemo } from "react";
import { useHandle } from "./context.js";
import { useReadable } from "./useReadable.js";
import { useSelected } from "./useSelected.js";

/** Stands for "no content yet"; no selector can make it. */
const NOTHING: unique symbol = Symbol("nothing");

/**
 * What the selector takes from the content; renders only when that changes.
 *
 * @example
 * const title = useDocument((content: Dashboard) => content.title);
 * @public
 */
export function useDocument<T, V>(selector: (content: T) => V, isEqual?: (a: V, b: V) => boolean): Loaded<V> {
  const handle = useHandle<T>();
  const load = useReadable(handle.load);
  const value = useSelected<T | null, V | typeof NOTHING>(
    handle.content,
    (content) => (content === null ? NOTHING : selector(content)),
    (a, b) => Object.is(a, b) || (a !== NOTHING && b !== NOTHING && isEqual?.(a, b) === true),
  );
  return useMemo(() => {
    if (value !== NOTHING) return { status: "ready", value };
    if (load.state === "failed" && load.error) return { status: "failed", error: load.error };
    return { status: "loading", progress: load.bytesTotal ? load.bytes / load.bytesTotal : null };
  }, [value, load]);
}
