/** The frame of a widget: title, menu, drawing, and who else is at it. */

import { Tooltip } from "@mantine/core";
import { Info } from "lucide-react";
import { type KeyboardEvent, memo, useMemo, useState } from "react";
import { nameOf, type WidgetNode } from "../dashboard/model";
import { useUi, useUiStore } from "../dashboard/uiStore";
import { asString } from "../data/json";
import type { Scope } from "../data/scope";
import { isLive } from "../data/sources";
import type { TimeWindow } from "../data/timeRange";
import { SelectionRing } from "../presence/SelectionRing";
import { testIds } from "../testIds";
import { hasTable, typeLabel } from "../widgets/catalogue";
import { WidgetBody } from "../widgets/WidgetBody";
import styles from "./grid.module.css";
import { type WidgetAction, WidgetMenu } from "./WidgetMenu";
import { WidgetTitle } from "./WidgetTitle";

export interface WidgetFrameProps {
  readonly node: WidgetNode;
  readonly window: TimeWindow;
  readonly scope: Scope | null;
  /** The one frame that Tab leads to. */
  readonly reachable: boolean;
  /** No dragging: one column on a narrow screen. */
  readonly still: boolean;
  readonly onAction: (action: WidgetAction, item: string) => void;
  /** Keys that the grid knows; answers whether it took one. */
  readonly onKey: (item: string, key: string, shift: boolean) => boolean;
}

const ACTION_KEYS: Readonly<Record<string, WidgetAction>> = {
  e: "edit",
  F2: "rename",
  d: "duplicate",
  m: "move",
  t: "table",
  Delete: "remove",
  Backspace: "remove",
};

export const WidgetFrame = memo(function WidgetFrame(props: WidgetFrameProps) {
  const { node, window, scope, reachable, still, onAction, onKey } = props;
  const { item } = node;
  const ui = useUiStore();
  const tried = useUi((state) => (state.tried?.item === item ? state.tried : null));
  const json = tried?.json ?? node.json;
  const selected = useUi((state) => state.selected === item);
  const moving = useUi((state) => state.moving === item);
  const [menu, setMenu] = useState(false);
  const drawn = useMemo(() => scope?.fillWidget(json) ?? json, [json, scope]);
  const description = asString(json.description);

  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget) return;
    if (onKey(item, event.key, event.shiftKey)) {
      event.preventDefault();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const action = ACTION_KEYS[event.key];
    if (event.key === "Enter") setMenu(true);
    else if (action && !(still && action === "move") && !(action === "table" && !hasTable(node.type)))
      onAction(action, item);
    else return;
    event.preventDefault();
  };

  return (
    <section
      className={[
        styles.frame,
        selected ? styles.selected : "",
        moving ? styles.moving : "",
        still ? styles.still : "",
      ].join(" ")}
      aria-label={`${scope?.fillText(nameOf(node)) ?? nameOf(node)}, ${typeLabel(node.type)}`}
      tabIndex={reachable ? 0 : -1}
      onKeyDown={onKeyDown}
      onFocus={(event) => event.target === event.currentTarget && ui.setState({ roving: item })}
      onPointerDown={() => ui.setState({ selected: item, roving: item })}
      data-testid={testIds.widget(item)}
      data-item={item}
      data-type={node.type}
    >
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the menu and F2 rename too */}
      <header
        className={`${styles.head} ${still ? "" : "drag-handle"}`}
        data-testid={testIds.dragHandle}
        onDoubleClick={() => onAction("rename", item)}
      >
        <WidgetTitle node={node} {...(tried ? { shown: asString(json.title) ?? "" } : {})} scope={scope} />
        {description && (
          <Tooltip label={description} multiline maw={320}>
            <span className={styles.info}>
              <Info size={13} aria-label="Description" />
            </span>
          </Tooltip>
        )}
        {isLive(json) && (
          <span
            className={styles.sample}
            title="Seeded sample numbers: the same for everybody, and not measured"
          >
            sample
          </span>
        )}
        {tried && (
          <span className={styles.sample} title="Only those who have it open in the editor see it so">
            {tried.by === null ? "your draft" : `draft of ${tried.by}`}
          </span>
        )}
        <span className={styles.space} />
        <span className={styles.tools}>
          <WidgetMenu
            label={nameOf(node)}
            opened={menu}
            reachable={reachable}
            hasData={hasTable(node.type)}
            canMove={!still}
            onChange={setMenu}
            onAction={(action) => onAction(action, item)}
          />
        </span>
      </header>
      <div className={styles.body}>
        <WidgetBody json={drawn} window={window} />
      </div>
      <SelectionRing item={item} />
    </section>
  );
});
