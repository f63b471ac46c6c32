/** The grid library's settings: our measures, our packing, our handle. Constant, so that nothing is set up twice. */
import { compact } from "@coboard/client";
import type { Compactor, Layout, LayoutItem } from "react-grid-layout";
import { COLUMNS, GAP_PX, type Placed, ROW_HEIGHT_PX } from "./rect";

export const GRID = {
  cols: COLUMNS,
  rowHeight: ROW_HEIGHT_PX,
  margin: [GAP_PX, GAP_PX] as const,
  containerPadding: [0, 0] as const,
  maxRows: Number.POSITIVE_INFINITY,
};

export const DRAG = {
  enabled: true,
  bounded: false,
  handle: ".drag-handle",
  cancel: ".no-drag",
  threshold: 4,
};
export const RESIZE = { enabled: true, handles: ["se"] as const };

/** What the grid shows while somebody drags is packed by the same rule as what everybody sees afterwards. */
export const COMPACTOR: Compactor = {
  type: "vertical",
  allowOverlap: false,
  compact: (layout: Layout, columns: number): Layout =>
    compact(
      layout.map((entry) => ({ ...entry, item: entry.i })),
      columns,
    ).map(({ item: _item, ...entry }): LayoutItem => ({ ...entry, moved: false })),
};

export function toPlaced(layout: Layout): Placed[] {
  return layout.map(({ i, x, y, w, h }) => ({ item: i, x, y, w, h }));
}
