/** Adds a widget, and leads there. */
import { useDocumentHandle } from "@coboard/react";
import { testIds } from "../testIds";
import { announce } from "../ui/announce";
import { focusSoon } from "../ui/focus";
import { type AddableType, typeLabel } from "../widgets/catalogue";
import { addWidget } from "./edits";
import { useUiStore } from "./uiStore";
import { useBoard } from "./useBoard";

export function useAdd(): (type: AddableType) => void {
  const handle = useDocumentHandle();
  const board = useBoard();
  const ui = useUiStore();
  return (type) => {
    const item = addWidget(handle, board, type);
    ui.setState({ selected: item, roving: item });
    announce(`${typeLabel(type)} added at the end`);
    focusSoon(() => {
      const frame = document.querySelector<HTMLElement>(`[data-testid="${testIds.widget(item)}"]`);
      frame?.scrollIntoView({ block: "nearest" });
      return frame?.dataset.item ? frame : frame?.querySelector("button");
    });
  };
}
