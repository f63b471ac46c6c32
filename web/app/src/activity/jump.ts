/** Brings a widget before the eyes, also out of a folded row. */
import type { ItemId } from "@coboard/client";
import type { Board } from "../dashboard/model";
import type { UiStore } from "../dashboard/uiStore";
import { flash } from "../presence/useFlash";

/** A widget that is not drawn by then does not come. */
const FRAMES_MAX = 60;

/** Whether it is there to be shown. */
export function isThere(board: Board, item: ItemId | null): item is ItemId {
  return item !== null && board.byItem.has(item);
}

export function jumpTo(ui: UiStore, board: Board, item: ItemId): void {
  const row = rowOf(board, item);
  ui.setState(({ folds }) => ({
    selected: item,
    roving: item,
    ...(row === null ? {} : { folds: { ...folds, [row]: false } }),
  }));
  let frames = 0;
  const step = () => {
    const frame = document.querySelector<HTMLElement>(`[data-item="${CSS.escape(item)}"]`);
    frames += 1;
    if (!frame && frames < FRAMES_MAX) requestAnimationFrame(step);
    if (!frame) return;
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    frame.scrollIntoView({ block: "center", behavior: still ? "auto" : "smooth" });
    frame.focus({ preventScroll: true });
    flash(frame, "var(--accent)");
  };
  requestAnimationFrame(step);
}

/** The row that a widget is in, if it is in one: stored in it, or below its header. */
function rowOf({ nodes, byItem }: Board, item: ItemId): ItemId | null {
  const node = byItem.get(item);
  if (!node || node.isRow) return null;
  const holder = nodes.find(({ children }) => children.some((child) => child.item === item));
  if (holder) return holder.item;
  const above = nodes.filter((row) => row.isRow && row.y <= node.y);
  const nearest = above.reduce<(typeof above)[number] | null>(
    (best, row) => (best === null || row.y > best.y ? row : best),
    null,
  );
  return nearest && !nearest.collapsed ? nearest.item : null;
}
