/** Follow mode: this tab shows what somebody else looks at, until its own person does something. */
import type { DocumentHandle, PresenceView } from "@coboard/client";
import { useDocumentHandle } from "@coboard/react";
import { type RefObject, useEffect } from "react";
import { type UiState, type UiStore, useUiStore } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { rangeOf, type TimeRange } from "../data/timeRange";
import { toastNews } from "../ui/toast";
import { glideTo } from "./glide";
import { setFollowedHover } from "./hover";
import { viewOf } from "./visits";

const SCROLL_KEYS = [
  "ArrowUp",
  "ArrowDown",
  "ArrowLeft",
  "ArrowRight",
  "PageUp",
  "PageDown",
  "Home",
  "End",
  " ",
  "Tab",
];

export function useFollowing(canvas: RefObject<HTMLElement | null>): void {
  const handle = useDocumentHandle();
  const ui = useUiStore();
  const { from, to } = rangeOf(useBoard().root);
  useEffect(() => {
    const { presence } = handle;
    let stop = () => {};
    let followed: { id: string; name: string } | null = null;
    const look = (user: string | null) => {
      stop();
      if (user === null && followed) tellEnd(handle, followed.id, followed.name);
      followed = presence.others.current.find((peer) => peer.user.id === user)?.user ?? null;
      const element = canvas.current;
      stop = user !== null && element ? follow(handle, user, element, ui, { from, to }) : () => {};
    };
    look(presence.following.current);
    const unsubscribe = presence.following.subscribe(look);
    return () => {
      unsubscribe();
      stop();
    };
  }, [handle, canvas, ui, from, to]);
}

/** Says why it is over, where this person did not end it. */
function tellEnd({ presence }: DocumentHandle, user: string, name: string): void {
  const peer = presence.others.current.find((one) => one.user.id === user);
  const { editors, viewers, listed } = presence.audience.current;
  const isWhole = listed >= editors + viewers;
  if (!peer && isWhole) toastNews("following", `${name} left`, "You look around by yourself again.");
  // In a large room somebody may be here and not be told one by one any more.
  else if (!peer) toastNews("following", `${name} cannot be followed any more`, "Too many people are here.");
  else if (peer.presence.following === presence.self.current.user.id)
    toastNews("following", `${name} follows you now`, "You no longer follow them.");
}

function follow(
  { presence }: DocumentHandle,
  user: string,
  canvas: HTMLElement,
  ui: UiStore,
  own: TimeRange,
): () => void {
  let shown = "";
  let glide = () => {};
  /** What is set here is no choice of this person. */
  let setting = false;
  const show = () => {
    const peer = presence.others.current.find((one) => one.user.id === user);
    const view = peer?.presence.view;
    setFollowedHover(view?.hoverAtMs ?? null);
    if (!view) return;
    const { hoverAtMs: _, ...rest } = view;
    const key = JSON.stringify(rest);
    if (key === shown) return;
    shown = key;
    setting = true;
    ui.setState((before) => stateOf(view, own, before));
    setting = false;
    glide();
    glide = glideTo(canvas, { anchor: view.anchor, offset: view.offset ?? 0 });
  };
  const end = () => presence.follow(null);
  const stopOthers = presence.others.subscribe(show);
  const stopUi = ui.subscribe((state, before) => {
    const chosen =
      state.range !== before.range || state.folds !== before.folds || state.variables !== before.variables;
    if (chosen && !setting) end();
  });
  const stopOwn = onOwnMove(canvas, end);
  show();
  return () => {
    glide();
    stopOthers();
    stopUi();
    stopOwn();
    setFollowedHover(null);
  };
}

/** Careful with what somebody else's program said. What is as before stays the same object: nothing is drawn anew. */
function stateOf(view: PresenceView, own: TimeRange, before: UiState): Partial<UiState> {
  const isOwn = view.from === own.from && view.to === own.to;
  const range = isOwn ? null : { from: view.from, to: view.to };
  const read = viewOf({ ...view, range });
  const next = { range: read?.range ?? null, folds: read?.folds ?? {}, variables: read?.variables ?? {} };
  const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);
  return {
    range: same(next.range, before.range) ? before.range : next.range,
    folds: same(next.folds, before.folds) ? before.folds : next.folds,
    variables: same(next.variables, before.variables) ? before.variables : next.variables,
  };
}

/** Wheel, finger, scroll bar, a drag, and keys that go somewhere. */
function onOwnMove(canvas: HTMLElement, end: () => void): () => void {
  const onKey = (event: KeyboardEvent) => {
    const target = event.target instanceof Element ? event.target : document.body;
    // Where Escape closes something, or keys write, they do that.
    if (target.closest("input, textarea, [contenteditable], [role=dialog], [role=menu]")) return;
    if (event.key === "Escape") event.stopPropagation();
    else if (!SCROLL_KEYS.includes(event.key) || !(canvas.contains(target) || target === document.body))
      return;
    end();
  };
  const moves = ["wheel", "touchmove", "pointerdown"] as const;
  for (const move of moves) canvas.addEventListener(move, end, { passive: true });
  window.addEventListener("keydown", onKey, true);
  return () => {
    for (const move of moves) canvas.removeEventListener(move, end);
    window.removeEventListener("keydown", onKey, true);
  };
}
