/** A named edit with arguments. */
import type { Edit, Submitted } from "@coboard/client";
import { useCallback } from "react";
import { useHandle } from "./context.js";

/**
 * A function that makes one Operation. It is the same function while `deps` are the same.
 *
 * @example
 * const rename = useMutation("rename", (edit, title: string) => edit.set(`@${item}/title`, title), [item]);
 * @public
 */
export function useMutation<A extends unknown[], R>(
  label: string,
  change: (edit: Edit, ...args: A) => R,
  deps: readonly unknown[],
): (...args: A) => Submitted<R> {
  const handle = useHandle();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller lists what `change` depends on
  return useCallback(
    (...args: A) => handle.edit(label, (edit) => change(edit, ...args)),
    [handle, label, ...deps],
  );
}
