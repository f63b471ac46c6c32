/** What is shown where: the document's layout with this viewer's folds. */
import { useCallback, useMemo } from "react";
import type { WidgetNode } from "../dashboard/model";
import { useUi } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import type { Placed } from "./rect";
import { type IsFolded, visibleLayout } from "./sections";

export interface GridView {
  readonly placed: readonly Placed[];
  readonly isFolded: IsFolded;
  /** The shown widgets, in the order of the document: a move never moves page elements about. */
  readonly shown: readonly WidgetNode[];
}

export function useGridView(): GridView {
  const board = useBoard();
  const folds = useUi((state) => state.folds);
  const isFolded = useCallback(
    (item: string) => folds[item] ?? board.byItem.get(item)?.collapsed ?? false,
    [folds, board],
  );
  return useMemo(() => {
    const placed = visibleLayout(board.nodes, isFolded);
    const visible = new Set(placed.map((place) => place.item));
    const shown = [...board.byItem.values()].filter((node) => visible.has(node.item));
    return { placed, isFolded, shown };
  }, [board, isFolded]);
}
