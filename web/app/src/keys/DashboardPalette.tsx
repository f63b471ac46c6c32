/** What can be done on a dashboard. Loaded when the palette is first opened. */
import { useState } from "react";
import { useLocation } from "wouter";
import { nameOf } from "../dashboard/model";
import { useUiStore } from "../dashboard/uiStore";
import { useAdd } from "../dashboard/useAdd";
import { useBoard } from "../dashboard/useBoard";
import { readingOrder } from "../grid/rect";
import { testIds } from "../testIds";
import { focusSoon } from "../ui/focus";
import { ADDABLE, typeLabel } from "../widgets/catalogue";
import type { OpenedProps } from "./CommandKeys";
import { EVERYWHERE, ofButtons } from "./commands";
import { Palette } from "./Palette";

export default function DashboardPalette({ onClose }: OpenedProps) {
  const ui = useUiStore();
  const add = useAdd();
  const { nodes, byItem } = useBoard();
  const [, navigate] = useLocation();
  const widgets = readingOrder(nodes).flatMap(({ item }) => {
    const node = byItem.get(item);
    return node && !node.isRow ? [node] : [];
  });
  // As they were when the palette was opened: what others do meanwhile does not move the list.
  const [commands] = useState(() => [
    ...ofButtons([
      ["Undo", testIds.undo, "Ctrl+Z"],
      ["Redo", testIds.redo, "Ctrl+Shift+Z"],
      ["Rename the dashboard", testIds.dashboardTitle],
      ["Time range…", testIds.range],
      ["Sync status…", testIds.statusPill],
      ["Activity", testIds.activityButton],
      ["Policies", testIds.policiesButton],
    ]),
    {
      id: "review",
      label: "Review",
      run: () => ui.setState({ review: true, policies: false, activity: false }),
    },
    ...ADDABLE.map((type) => ({
      id: `add-${type}`,
      label: `Add ${typeLabel(type).toLowerCase()}`,
      run: () => add(type),
    })),
    ...widgets.flatMap((node) => [
      {
        id: `go-${node.item}`,
        label: `Go to ${nameOf(node)}`,
        run: () => focusSoon(() => document.querySelector<HTMLElement>(`[data-item="${node.item}"]`)),
      },
      {
        id: `edit-${node.item}`,
        label: `Edit ${nameOf(node)}`,
        run: () => ui.setState({ editing: node.item, selected: node.item, roving: node.item }),
      },
    ]),
    ...ofButtons([["Export JSON", testIds.export], ["Share: copy the link", testIds.share], ...EVERYWHERE]),
    { id: "list", label: "All dashboards", run: () => navigate("/") },
  ]);
  return <Palette commands={commands} onClose={onClose} />;
}
