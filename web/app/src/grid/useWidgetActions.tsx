/** The actions of widgets, and the question that is asked before another person's work is taken away. */
import type { DocumentHandle, ForeignEdit, ItemId, User } from "@coboard/client";
import { useDocumentHandle } from "@coboard/react";
import { lazy, type ReactNode, Suspense, useCallback, useState } from "react";
import { duplicateWidget, removeWidget } from "../dashboard/edits";
import { nameOf, type WidgetNode } from "../dashboard/model";
import { pathIn } from "../dashboard/paths";
import { type UiStore, useUiStore } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { editorsOf } from "../presence/people";
import { justChanged } from "../review/words";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { ConfirmDialog } from "../ui/ConfirmDialog";
import { dismissToast, toastNews } from "../ui/toast";
import type { WidgetAction } from "./WidgetMenu";

const TableDialog = lazy(() => import("../widgets/TableDialog"));

/** The topic of the toast that brings a widget back. */
const REMOVED = "removed";

interface WidgetActions {
  readonly act: (action: WidgetAction, item: ItemId) => void;
  readonly dialog: ReactNode;
}

export function useWidgetActions(): WidgetActions {
  const handle = useDocumentHandle();
  const board = useBoard();
  const ui = useUiStore();
  const [asked, setAsked] = useState<{ node: WidgetNode; why: string } | null>(null);

  const [table, setTable] = useState<ItemId | null>(null);
  const inTable = table === null ? undefined : board.byItem.get(table);

  const remove = useCallback((node: WidgetNode) => removeAndTell(handle, ui, node), [handle, ui]);

  const act = useCallback(
    (action: WidgetAction, item: ItemId) => {
      const node = board.byItem.get(item);
      if (!node) return;
      switch (action) {
        case "edit":
          return ui.setState({ editing: item, selected: item });
        case "table":
          return setTable(item);
        case "rename":
          return ui.setState({ renaming: item, selected: item });
        case "move":
          return ui.setState({ moving: item, selected: item });
        case "duplicate": {
          const copy = duplicateWidget(handle, board, node);
          if (copy !== null) ui.setState({ selected: copy, roving: copy });
          return announce(`${nameOf(node)} duplicated`);
        }
        case "remove": {
          const why = whyAsk(node, editorsOf(handle, item), handle.lastEdit(pathIn(item)));
          return why === null ? remove(node) : setAsked({ node, why });
        }
      }
    },
    [board, handle, remove, ui],
  );

  const dialog = (
    <>
      <ConfirmDialog
        opened={asked !== null}
        title={`Remove "${asked ? nameOf(asked.node) : ""}"?`}
        confirm="Remove anyway"
        onClose={() => setAsked(null)}
        onConfirm={() => {
          if (asked) remove(asked.node);
          setAsked(null);
        }}
      >
        {asked?.why}
      </ConfirmDialog>
      <Suspense fallback={null}>
        {inTable && <TableDialog node={inTable} onClose={() => setTable(null)} />}
      </Suspense>
    </>
  );
  return { act, dialog };
}

function removeAndTell(handle: DocumentHandle, ui: UiStore, node: WidgetNode): void {
  removeWidget(handle, node);
  ui.setState(({ editing, selected }) => ({
    editing: editing === node.item ? null : editing,
    selected: selected === node.item ? null : selected,
  }));
  announce(`${nameOf(node)} removed`);
  const bringBack = () => {
    handle.edit(`bring back ${nameOf(node)}`, (edit) => edit.restore(node.item));
    dismissToast(REMOVED);
  };
  toastNews(
    REMOVED,
    `"${nameOf(node)}" removed`,
    <Button look="link" onClick={bringBack}>
      Bring it back
    </Button>,
  );
}

/** A reason to ask before a widget goes; `null` if there is none. */
function whyAsk(node: WidgetNode, editors: readonly User[], recent: ForeignEdit | null): string | null {
  if (editors[0])
    return `${editors.map((person) => person.name).join(", ")} ${editors.length === 1 ? "is" : "are"} editing this. Delete anyway?`;
  if (recent) return `${justChanged(recent, "changed")}. Delete anyway?`;
  if (node.children.length > 0) return `The ${node.children.length} widgets in this row go with it.`;
  return null;
}
