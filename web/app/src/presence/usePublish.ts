/** Tells the others where this person is: selection, editor field, pointer, taps. */
import type { PresencePoint } from "@coboard/client";
import { useDocumentHandle } from "@coboard/react";
import { type RefObject, useEffect } from "react";
import { useUi } from "../dashboard/uiStore";
import { type GridMetrics, pointInCells, shareOf } from "../grid/metrics";
import { deviceWord } from "./people";

/** What is selected. The editor says by itself which widget it has open, and where in it one is. */
export function usePublishSelection(): void {
  const { presence } = useDocumentHandle();
  const selected = useUi((state) => state.selected);
  useEffect(() => presence.update({ device: deviceWord(navigator.userAgent) }), [presence]);
  useEffect(() => {
    presence.update({ selection: selected === null ? null : [selected] });
  }, [presence, selected]);
}

/** The pointer over the grid. A finger is no pointer: only its taps are told. */
export function usePublishCursor(
  grid: RefObject<HTMLElement | null>,
  metrics: GridMetrics,
  narrow: boolean,
): void {
  const { presence } = useDocumentHandle();
  useEffect(() => {
    const element = grid.current;
    if (!element) return;
    const area = element.parentElement ?? element;
    const pointOf = (event: PointerEvent): PresencePoint | null => {
      // A widget that is dragged stands still for everybody else.
      const over = presence.self.current.presence.drag ? null : frameAt(event.target);
      if (over) return { widget: over.dataset.item ?? "", ...shareOf(event, over.getBoundingClientRect()) };
      // In one column nothing is where it is on a grid.
      if (narrow) return null;
      const box = element.getBoundingClientRect();
      return pointInCells(event.clientX - box.left, event.clientY - box.top, metrics);
    };
    const move = (event: PointerEvent) => {
      if (event.pointerType !== "touch") presence.update({ cursor: pointOf(event) });
    };
    const tap = (event: PointerEvent) => {
      const point = event.pointerType === "touch" ? pointOf(event) : null;
      const count = (presence.self.current.presence.tap?.count ?? 0) + 1;
      if (point) presence.update({ tap: { ...point, count } });
    };
    const leave = () => presence.update({ cursor: null });
    area.addEventListener("pointermove", move, { passive: true });
    area.addEventListener("pointerup", tap, { passive: true });
    area.addEventListener("pointerleave", leave);
    window.addEventListener("blur", leave);
    return () => {
      area.removeEventListener("pointermove", move);
      area.removeEventListener("pointerup", tap);
      area.removeEventListener("pointerleave", leave);
      window.removeEventListener("blur", leave);
      leave();
    };
  }, [presence, grid, metrics, narrow]);
}

function frameAt(target: EventTarget | null): HTMLElement | null {
  return target instanceof Element ? target.closest<HTMLElement>("[data-item]") : null;
}
