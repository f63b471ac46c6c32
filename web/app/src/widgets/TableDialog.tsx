/** The data of a widget as a table: every number of a chart, for people who cannot see it or want to read it. */
import { useMemo } from "react";
import { nameOf, type WidgetNode } from "../dashboard/model";
import { useBoard } from "../dashboard/useBoard";
import { useTimeWindow } from "../dashboard/useTimeWindow";
import type { Frame } from "../data/frame";
import { framesOf } from "../data/sources";
import { Dialog } from "../ui/Dialog";
import styles from "./TableDialog.module.css";
import { TableWidget } from "./TableWidget";
import { useWidgetData } from "./useWidgetData";

interface TableDialogProps {
  readonly node: WidgetNode;
  readonly onClose: () => void;
}

/** Mount it to open it. */
export default function TableDialog({ node, onClose }: TableDialogProps) {
  const data = useWidgetData(node.json, useTimeWindow(useBoard().root));
  const groups = useMemo(() => (data ? alike(framesOf(data)) : []), [data]);
  return (
    <Dialog title={`${nameOf(node)} as a table`} size={720} cross onClose={onClose}>
      {data && groups.length === 0 && <p>There is no data.</p>}
      {groups.map((frames) => (
        <section key={columnsOf(frames[0])} className={styles.table} aria-label={frames[0]?.name ?? "Data"}>
          <TableWidget json={node.json} frames={frames} />
        </section>
      ))}
    </Dialog>
  );
}

function columnsOf(frame: Frame | undefined): string {
  return JSON.stringify(frame?.fields.map(({ name }) => name));
}

/** Frames with the same columns are one table, the others have one each. */
function alike(frames: readonly Frame[]): Frame[][] {
  const groups = new Map<string, Frame[]>();
  for (const frame of frames) {
    const columns = columnsOf(frame);
    groups.set(columns, [...(groups.get(columns) ?? []), frame]);
  }
  return [...groups.values()];
}
