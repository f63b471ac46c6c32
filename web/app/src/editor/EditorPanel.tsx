/** The widget editor: it pushes the canvas, where the widget itself is the preview. */
import type { DocumentHandle, ForeignEdit, ItemId } from "@coboard/client";
import { useDocumentHandle } from "@coboard/react";
import { X } from "lucide-react";
import { useEffect } from "react";
import { nameOf, type WidgetNode } from "../dashboard/model";
import { pathIn } from "../dashboard/paths";
import { useUi, useUiStore } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { useEditors } from "../presence/usePeople";
import { testIds } from "../testIds";
import { Avatar } from "../ui/Avatar";
import { Button } from "../ui/Button";
import { IconButton } from "../ui/IconButton";
import { dismissToast, toastProblem } from "../ui/toast";
import { drawnType } from "../widgets/catalogue";
import { WidgetIcon } from "../widgets/WidgetIcon";
import { DataGroup } from "./DataGroup";
import { DisplayGroup } from "./DisplayGroup";
import styles from "./editor.module.css";
import { GeneralGroup } from "./GeneralGroup";
import { TextGroup } from "./TextGroup";
import { ThresholdsGroup } from "./ThresholdsGroup";

/** The topic of the toast. */
const TAKEN = "taken";

export function EditorPanel() {
  const ui = useUiStore();
  const editing = useUi((state) => state.editing);
  const { byItem } = useBoard();
  const node = editing === null ? undefined : byItem.get(editing);
  const handle = useDocumentHandle();
  useEffect(() => {
    if (editing === null || node) return;
    ui.setState({ editing: null });
    const by = handle.lastEdit(pathIn(editing));
    if (by) tellRemoved(handle, editing, by);
  }, [editing, node, handle, ui]);
  return node ? <Panel key={node.item} node={node} onClose={() => ui.setState({ editing: null })} /> : null;
}

/** It was taken away while one was editing it: one may have it back, with what one did. */
function tellRemoved(handle: DocumentHandle, item: ItemId, { name }: ForeignEdit): void {
  const bringBack = () => {
    handle.edit("bring back", (edit) => edit.restore(item));
    dismissToast(TAKEN);
  };
  toastProblem(
    TAKEN,
    `${name ?? "Somebody"} removed the widget you were editing`,
    <Button look="link" onClick={bringBack}>
      Bring it back, with my changes
    </Button>,
  );
}

function Panel({ node, onClose }: { readonly node: WidgetNode; readonly onClose: () => void }) {
  const others = useEditors(node.item);
  const drawn = drawnType(node.type);
  return (
    <aside
      className={styles.panel}
      aria-label={`Editor of ${nameOf(node)}`}
      data-testid={testIds.editorPanel}
    >
      <header className={styles.head}>
        <WidgetIcon type={node.type} />
        <h2 className={styles.headTitle}>{nameOf(node)}</h2>
        <span className={styles.here}>
          {others.map((person) => (
            <span key={person.id} title={`${person.name} is editing this too`}>
              <Avatar small name={person.name} color={person.color} />
            </span>
          ))}
        </span>
        <IconButton
          label="Close the editor"
          hint="Esc"
          icon={<X size={16} />}
          onClick={onClose}
          data-testid={testIds.editorClose}
        />
      </header>
      <div className={styles.scroll}>
        <GeneralGroup node={node} />
        {drawn === "text" && <TextGroup node={node} />}
        {!node.isRow && drawn !== "text" && <DataGroup node={node} />}
        {drawn !== null && drawn !== "text" && <DisplayGroup node={node} />}
        {drawn !== null && drawn !== "text" && drawn !== "timeseries" && <ThresholdsGroup node={node} />}
      </div>
    </aside>
  );
}
