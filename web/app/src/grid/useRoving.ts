/** One stop for Tab, arrows from widget to widget in reading order; focus is never moved by others. */
import type { ItemId } from "@coboard/client";
import { type RefObject, useCallback, useEffect, useMemo, useRef } from "react";
import { nameOf } from "../dashboard/model";
import { useUi } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { announce } from "../ui/announce";
import { readingOrder } from "./rect";
import type { GridView } from "./useGridView";

interface Roving {
  /** The widget that Tab leads to. */
  readonly reachable: ItemId | null;
  readonly onKey: (item: ItemId, key: string) => boolean;
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export function useRoving(grid: RefObject<HTMLElement | null>, view: GridView): Roving {
  const board = useBoard();
  const roving = useUi((state) => state.roving);
  const order = useMemo(
    () =>
      readingOrder(view.placed)
        .filter((place) => !board.byItem.get(place.item)?.isRow)
        .map((place) => place.item),
    [view, board],
  );
  const focusOn = useCallback(
    (item: ItemId | undefined) => {
      const frame =
        item === undefined ? null : grid.current?.querySelector<HTMLElement>(`[data-item="${item}"]`);
      frame?.focus();
      frame?.scrollIntoView({ block: "nearest" });
      return frame !== null && frame !== undefined;
    },
    [grid],
  );
  const onKey = useCallback(
    (item: ItemId, key: string) => {
      const at = order.indexOf(item);
      if (key === "Home") return focusOn(order[0]);
      if (key === "End") return focusOn(order[order.length - 1]);
      const step = STEPS[key];
      return step !== undefined && at >= 0 && focusOn(order[at + step]);
    },
    [order, focusOn],
  );
  useFocusKept(order, roving, focusOn, (item) => {
    const node = board.byItem.get(item);
    announce(`The widget was removed. Now at ${node ? nameOf(node) : "the next one"}`);
  });
  const reachable = roving !== null && order.includes(roving) ? roving : (order[0] ?? null);
  return { reachable, onKey };
}

/** Where the focused widget has gone, focus goes to the one that took its place in reading order. */
function useFocusKept(
  order: readonly ItemId[],
  roving: ItemId | null,
  focusOn: (item: ItemId | undefined) => boolean,
  tell: (item: ItemId) => void,
): void {
  const before = useRef(order);
  useEffect(() => {
    const was = before.current;
    before.current = order;
    if (roving === null || order.includes(roving) || !was.includes(roving)) return;
    if (document.activeElement !== document.body) return;
    const next = order[Math.min(was.indexOf(roving), order.length - 1)];
    if (focusOn(next) && next !== undefined) tell(next);
  }, [order, roving, focusOn, tell]);
}
