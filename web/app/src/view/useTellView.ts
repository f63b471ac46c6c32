/** Tells everybody who is here what this tab shows, so that they can follow. */
import { useDocumentHandle } from "@coboard/react";
import { type RefObject, useEffect } from "react";
import type { UiStore } from "../dashboard/uiStore";
import type { TimeRange } from "../data/timeRange";
import { hover } from "./hover";
import { placeOf } from "./scroll";

/** Measuring where widgets are is not for every frame of a scroll. */
const TELL_AFTER_MS = 100;
/** Presence has room for 8 kB in all; a character may take three. */
const TOLD_LENGTH_MAX = 2_000;
const NOTHING = { variables: {}, folds: {} };

export function useTellView(canvas: RefObject<HTMLElement | null>, ui: UiStore, own: TimeRange): void {
  const { presence } = useDocumentHandle();
  const { from, to } = own;
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const tell = () => {
      timer = undefined;
      const element = canvas.current;
      // Alone nobody is told, and nothing has to be measured.
      if (!element || presence.others.current.length === 0) return;
      const { range, folds, variables } = ui.getState();
      const { ownMs } = hover.getState();
      const place = placeOf(element);
      const chosen =
        JSON.stringify([variables, folds]).length <= TOLD_LENGTH_MAX ? { variables, folds } : NOTHING;
      const pointing = ownMs !== null && isFollowed() ? { hoverAtMs: ownMs } : {};
      presence.update({ view: { ...(range ?? { from, to }), ...chosen, ...place, ...pointing } });
    };
    const soon = () => {
      timer ??= setTimeout(tell, TELL_AFTER_MS);
    };
    const isFollowed = () => {
      const self = presence.self.current.user.id;
      return presence.others.current.some(({ presence: state }) => state.following === self);
    };
    let known = 0;
    const stops = [
      ui.subscribe((state, before) => {
        const { range, folds, variables } = before;
        if (state.range !== range || state.folds !== folds || state.variables !== variables) soon();
      }),
      hover.subscribe((state, before) => state.ownMs !== before.ownMs && isFollowed() && soon()),
      presence.others.subscribe(({ length }) => {
        if (length !== known) soon();
        known = length;
      }),
    ];
    const element = canvas.current;
    element?.addEventListener("scroll", soon, { passive: true });
    soon();
    return () => {
      clearTimeout(timer);
      for (const stop of stops) stop();
      element?.removeEventListener("scroll", soon);
    };
  }, [presence, canvas, ui, from, to]);
}
