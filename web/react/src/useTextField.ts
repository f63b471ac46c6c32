/** One text of the Document. */
import type { Path, TextHandle } from "@coboard/client";
import { useMemo } from "react";
import { useHandle } from "./context.js";

/**
 * The text at a path. Read its value with `useReadable(text.value)`, or bind an editor to its deltas.
 *
 * @example
 * const text = useTextField(`@${item}/options/content`);
 * @public
 */
export function useTextField(path: Path): TextHandle {
  const handle = useHandle();
  return useMemo(() => handle.text(path), [handle, path]);
}
