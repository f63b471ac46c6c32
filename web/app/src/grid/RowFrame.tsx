/** The header of a row: folds and unfolds what it owns, for this viewer. */
import { ChevronDown, GripVertical } from "lucide-react";
import { memo, useState } from "react";
import type { WidgetNode } from "../dashboard/model";
import { useUi, useUiStore } from "../dashboard/uiStore";
import type { Scope } from "../data/scope";
import { SelectionRing } from "../presence/SelectionRing";
import { testIds } from "../testIds";
import styles from "./grid.module.css";
import { type WidgetAction, WidgetMenu } from "./WidgetMenu";
import { WidgetTitle } from "./WidgetTitle";

export interface RowFrameProps {
  readonly node: WidgetNode;
  readonly folded: boolean;
  readonly scope: Scope | null;
  /** How many widgets a folded row hides. */
  readonly hiddenCount: number;
  readonly still: boolean;
  readonly onAction: (action: WidgetAction, item: string) => void;
}

export const RowFrame = memo(function RowFrame({
  node,
  folded,
  scope,
  hiddenCount,
  still,
  onAction,
}: RowFrameProps) {
  const ui = useUiStore();
  const renaming = useUi((state) => state.renaming === node.item);
  const [menu, setMenu] = useState(false);
  const { item } = node;
  const fold = () => ui.setState((state) => ({ folds: { ...state.folds, [item]: !folded } }));
  return (
    <section
      className={styles.row}
      aria-label={`Row ${node.title}`}
      data-testid={testIds.widget(item)}
      data-type="row"
    >
      {renaming ? (
        <WidgetTitle node={node} scope={scope} />
      ) : (
        <button
          type="button"
          className={`${styles.fold} ${folded ? styles.folded : ""} no-drag`}
          aria-expanded={!folded}
          onClick={fold}
          onDoubleClick={() => ui.setState({ renaming: item })}
        >
          <ChevronDown size={16} aria-hidden="true" />
          <WidgetTitle node={node} scope={scope} />
          {folded && hiddenCount > 0 && <span className={`${styles.rowCount} num`}>{hiddenCount}</span>}
        </button>
      )}
      <span className={styles.rowLine} aria-hidden="true" />
      <span className={styles.tools}>
        {folded && !still && (
          <span className={`${styles.grip} drag-handle`} data-testid={testIds.dragHandle} aria-hidden="true">
            <GripVertical size={14} />
          </span>
        )}
        <WidgetMenu
          label={node.title || "row"}
          opened={menu}
          canMove={false}
          onChange={setMenu}
          onAction={(action) => onAction(action, item)}
        />
      </span>
      <SelectionRing item={item} />
    </section>
  );
});
