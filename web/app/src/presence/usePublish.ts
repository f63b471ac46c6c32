/** Tells the others where this person is: selection, editor field, pointer. */
import { useDocumentHandle } from "@coboard/react";
import { type RefObject, useEffect } from "react";
import { pathIn } from "../dashboard/paths";
import { useUi } from "../dashboard/uiStore";
import { type GridMetrics, pointInCells } from "../grid/metrics";

/** Selection and the widget in the editor. Fields say more by themselves while they have the focus. */
export function usePublishSelection(): void {
  const { presence } = useDocumentHandle();
  const selected = useUi((state) => state.selected);
  const editing = useUi((state) => state.editing);
  useEffect(() => {
    presence.update({ selection: selected === null ? null : [selected] });
  }, [presence, selected]);
  useEffect(() => {
    presence.update({ focus: editing === null ? null : pathIn(editing) });
  }, [presence, editing]);
}

/** The pointer over the grid; a finger is no pointer. */
export function usePublishCursor(grid: RefObject<HTMLElement | null>, metrics: GridMetrics): void {
  const { presence } = useDocumentHandle();
  useEffect(() => {
    const element = grid.current;
    if (!element) return;
    const area = element.parentElement ?? element;
    const move = (event: PointerEvent) => {
      if (event.pointerType === "touch") return;
      const box = element.getBoundingClientRect();
      presence.update({ cursor: pointInCells(event.clientX - box.left, event.clientY - box.top, metrics) });
    };
    const leave = () => presence.update({ cursor: null });
    area.addEventListener("pointermove", move, { passive: true });
    area.addEventListener("pointerleave", leave);
    window.addEventListener("blur", leave);
    return () => {
      area.removeEventListener("pointermove", move);
      area.removeEventListener("pointerleave", leave);
      window.removeEventListener("blur", leave);
      leave();
    };
  }, [presence, grid, metrics]);
}
