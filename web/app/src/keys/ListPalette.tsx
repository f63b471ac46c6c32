/** What can be done on the list of dashboards. Loaded when the palette is first opened. */
import { useDashboards } from "@coboard/react";
import { useState } from "react";
import { useLocation } from "wouter";
import { testIds } from "../testIds";
import type { OpenedProps } from "./CommandKeys";
import { EVERYWHERE, ofButtons } from "./commands";
import { Palette } from "./Palette";

export default function ListPalette({ onClose }: OpenedProps) {
  const dashboards = useDashboards();
  const [, navigate] = useLocation();
  const rows = dashboards.status === "ready" ? dashboards.value : [];
  // As they were when the palette was opened: what others do meanwhile does not move the list.
  const [commands] = useState(() => [
    ...ofButtons([["New dashboard", testIds.newDashboard]]),
    ...rows.map(({ id, title }) => ({
      id,
      label: `Open ${title || "Untitled"}`,
      run: () => navigate(`/d/${id}`),
    })),
    ...ofButtons(EVERYWHERE),
  ]);
  return <Palette commands={commands} onClose={onClose} />;
}
