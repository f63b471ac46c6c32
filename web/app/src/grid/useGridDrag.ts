/** Dragging and resizing: presence while it lasts, one edit when it ends. */
import type { DocumentHandle, ItemId } from "@coboard/client";
import { useDocumentHandle } from "@coboard/react";
import { useEffect, useMemo, useRef, useState } from "react";
import type { EventCallback, Layout } from "react-grid-layout";
import { placeWidgets } from "../dashboard/edits";
import { nameOf } from "../dashboard/model";
import { pathIn } from "../dashboard/paths";
import { useUiStore } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { justChanged } from "../review/words";
import { toPlaced } from "./gridConfig";
import { placeChanges } from "./sections";
import type { GridView } from "./useGridView";

interface GridDrag {
  readonly handlers: DragHandlers;
  /** Grows when a held widget was taken away by somebody else: the grid has to let go of it, and starts anew. */
  readonly epoch: number;
}

interface DragHandlers {
  readonly onDragStart: EventCallback;
  readonly onDrag: EventCallback;
  readonly onDragStop: EventCallback;
  readonly onResizeStart: EventCallback;
  readonly onResize: EventCallback;
  readonly onResizeStop: EventCallback;
}

/** The handlers keep their identity, so that the grid redraws only what moved. */
export function useGridDrag(view: GridView): GridDrag {
  const handle = useDocumentHandle();
  const board = useBoard();
  const ui = useUiStore();
  const latest = useRef({ board, view });
  latest.current = { board, view };
  const held = useRef<ItemId | null>(null);
  const [epoch, setEpoch] = useState(0);
  useEffect(() => {
    if (held.current === null || board.byItem.has(held.current)) return;
    held.current = null;
    handle.presence.update({ drag: null });
    ui.setState({ dragWarning: null });
    setEpoch((count) => count + 1);
  }, [board, handle, ui]);
  const handlers = useMemo(() => {
    let before: Layout = [];
    const start: EventCallback = (layout, old) => {
      before = layout.map((entry) => ({ ...entry }));
      held.current = old?.i ?? null;
      if (old) {
        ui.setState({ selected: old.i, roving: old.i, dragWarning: warningFor(handle, old.i) });
      }
    };
    const during: EventCallback = (_layout, _old, item) => {
      if (!item) return;
      const { i, x, y, w, h } = item;
      handle.presence.update({ drag: { widget: i, x, y, w, h } });
    };
    const stop = (verb: string): EventCallback => {
      return (layout, old) => {
        held.current = null;
        handle.presence.update({ drag: null });
        ui.setState({ dragWarning: null });
        if (!old) return;
        const { board: current, view: shown } = latest.current;
        const node = current.byItem.get(old.i);
        if (!node) return; // Somebody removed it meanwhile.
        const changes = placeChanges(
          current.nodes,
          shown.isFolded,
          toPlaced(before),
          toPlaced(layout),
          old.i,
        );
        placeWidgets(handle, current, `${verb} ${nameOf(node)}`, known(changes, current.byItem));
      };
    };
    return {
      onDragStart: start,
      onDrag: during,
      onDragStop: stop("move"),
      onResizeStart: start,
      onResize: during,
      onResizeStop: stop("resize"),
    };
  }, [handle, ui]);
  return { handlers, epoch };
}

/** Somebody holds it at this moment, or has put it there a moment ago. It only says so. */
function warningFor(handle: DocumentHandle, item: ItemId): string | null {
  const holder = handle.presence.others.current.find(({ presence }) => presence.drag?.widget === item);
  if (holder) return `${holder.user.name} is moving this too`;
  const edit = handle.lastEdit(pathIn(item, "gridPos")) ?? handle.lastEdit(pathIn(item));
  return edit && justChanged(edit, "changed");
}

function known<T extends { readonly item: ItemId }>(
  changes: readonly T[],
  items: ReadonlyMap<ItemId, unknown>,
): T[] {
  return changes.filter((change) => items.has(change.item));
}
