/** Keeps what this tab shows of the dashboard, brings it back, and tells the person's other devices. */
import { useDocumentHandle } from "@coboard/react";
import { type RefObject, useEffect, useLayoutEffect, useRef } from "react";
import type { UiStore } from "../dashboard/uiStore";
import { receive, waitingView } from "./handOver";
import { placeOf, scrollTo } from "./scroll";
import { toTell } from "./told";
import { lastView, noteView, noteVisit, TOP, type View } from "./visits";

/** Somebody who scrolls has come to rest after so long. */
const REST_MS = 250;

/** What a dashboard that is opened now is to show first. */
export function firstView(id: string): View {
  return waitingView(id) ?? lastView(id) ?? TOP;
}

export function useView(canvas: RefObject<HTMLElement | null>, ui: UiStore, title: string): void {
  const handle = useDocumentHandle();
  const first = useRef<View>(null);
  first.current ??= firstView(handle.id);
  useEffect(() => noteVisit(handle.id, title), [handle, title]);
  // Before the page is painted, and while it is still there when it is left.
  useLayoutEffect(() => {
    const element = canvas.current;
    if (!element) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let stopScroll = () => {};
    let arriving = false;
    const note = () => {
      clearTimeout(timer);
      // On the way to a place it is not known where that will be.
      if (arriving || !element.isConnected) return;
      const { range, folds, variables } = ui.getState();
      const view = { ...placeOf(element), range, folds, variables };
      noteView(handle.id, view);
      handle.tellView(toTell(view));
    };
    const noteSoon = () => {
      clearTimeout(timer);
      timer = setTimeout(note, REST_MS);
    };
    const arrive = (view: View) => {
      stopScroll();
      arriving = true;
      ui.setState({ range: view.range, folds: view.folds, variables: view.variables });
      stopScroll = scrollTo(element, view, () => {
        arriving = false;
        noteSoon();
      });
    };
    arrive(first.current ?? TOP);
    const stopReceiving = receive(handle.id, arrive);
    const stopRange = ui.subscribe((state, { range, folds, variables }) => {
      if (state.range !== range || state.folds !== folds || state.variables !== variables) noteSoon();
    });
    element.addEventListener("scroll", noteSoon, { passive: true });
    window.addEventListener("pagehide", note);
    return () => {
      note();
      stopScroll();
      stopReceiving();
      stopRange();
      element.removeEventListener("scroll", noteSoon);
      window.removeEventListener("pagehide", note);
      clearTimeout(timer);
    };
  }, [canvas, ui, handle]);
}
