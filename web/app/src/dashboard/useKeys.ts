/** Keys that work anywhere on the dashboard: undo, redo, and Escape. Fields that have an undo of their own keep it. */
import { useDocumentHandle } from "@coboard/react";
import { useEffect } from "react";
import type { UiStore } from "./uiStore";

export function useKeys(ui: UiStore): void {
  const { history } = useDocumentHandle();
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || inField(event.target)) return;
      const command = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (command && key === "z") {
        event.preventDefault();
        void (event.shiftKey ? history.redo() : history.undo());
      } else if (event.ctrlKey && key === "y") {
        event.preventDefault();
        void history.redo();
      } else if (event.key === "Escape") {
        ui.setState((state) => (state.editing !== null ? { editing: null } : { selected: null }));
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [history, ui]);
}

function inField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input, textarea, select, [contenteditable='true']") !== null
  );
}
