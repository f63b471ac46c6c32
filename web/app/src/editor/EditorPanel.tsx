/** The widget editor: it pushes the canvas, where the widget itself is the preview. */
import { X } from "lucide-react";
import { useEffect } from "react";
import { nameOf, type WidgetNode } from "../dashboard/model";
import { useUi, useUiStore } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { useEditors } from "../presence/usePeople";
import { testIds } from "../testIds";
import { Avatar } from "../ui/Avatar";
import { IconButton } from "../ui/IconButton";
import { drawnType } from "../widgets/catalogue";
import { WidgetIcon } from "../widgets/WidgetIcon";
import { DataGroup } from "./DataGroup";
import { DisplayGroup } from "./DisplayGroup";
import styles from "./editor.module.css";
import { GeneralGroup } from "./GeneralGroup";
import { TextGroup } from "./TextGroup";
import { ThresholdsGroup } from "./ThresholdsGroup";

export function EditorPanel() {
  const ui = useUiStore();
  const editing = useUi((state) => state.editing);
  const { byItem } = useBoard();
  const node = editing === null ? undefined : byItem.get(editing);
  useEffect(() => {
    if (editing !== null && !node) ui.setState({ editing: null });
  }, [editing, node, ui]);
  return node ? <Panel key={node.item} node={node} onClose={() => ui.setState({ editing: null })} /> : null;
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
