/** Keys that work anywhere on the dashboard: undo, redo, and Escape. Fields that have an undo of their own keep it. */
import { useDocumentHandle } from "@coboard/react";
import { useEffect } from "react";
import { inField } from "../keys/CommandKeys";
import { announce } from "../ui/announce";
import type { UiStore } from "./uiStore";

export function useKeys(ui: UiStore): void {
  const { history } = useDocumentHandle();
  useEffect(() => {
    const step = (redo: boolean) => {
      const { label } = (redo ? history.redoable : history.undoable).current;
      const done = redo ? history.redo() : history.undo();
      const verb = redo ? "Redone" : "Undone";
      announce(done ? `${verb}: ${label ?? "edit"}` : `There is nothing to ${redo ? "redo" : "undo"}`);
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || inField(event.target)) return;
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (command && key === "z") {
        event.preventDefault();
        step(event.shiftKey);
      } else if (event.ctrlKey && key === "y") {
        event.preventDefault();
        step(true);
      } else if (event.key === "Escape") {
        ui.setState((state) => (state.editing !== null ? { editing: null } : { selected: null }));
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [history, ui]);
}
