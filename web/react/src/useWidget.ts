/** One item of the Document. */
import type { ItemId } from "@coboard/client";
import { useHandle } from "./context.js";
import { useSelected } from "./useSelected.js";

/**
 * What the selector takes from an item; null where the item is not there.
 *
 * @example
 * const title = useWidget(item, (panel: Panel) => panel.title);
 * @public
 */
export function useWidget<W, V = W>(
  item: ItemId,
  selector?: (widget: W) => V,
  isEqual: (a: V, b: V) => boolean = Object.is,
): V | null {
  const handle = useHandle();
  return useSelected(
    handle.content,
    () => {
      // The application knows what its items hold.
      const widget = handle.item(item) as W | undefined;
      if (widget === undefined) return null;
      return selector ? selector(widget) : (widget as unknown as V);
    },
    (a, b) => Object.is(a, b) || (a !== null && b !== null && isEqual(a, b)),
  );
}
