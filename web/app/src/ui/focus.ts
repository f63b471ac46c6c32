/** Where the focus goes when what has it goes away: back to where it came from, and never to the top of the page. */
import { type RefObject, useEffect, useState } from "react";

/** What had the focus before it came into a menu: the menu gives it back there, a moment after it is closed. */
let beforeMenu: EventTarget | null = null;

/** The element that has the focus; for an item of a menu, which goes away, what had it before, or the menu's button. */
function focused(): HTMLElement | null {
  const { activeElement } = document;
  const menu = activeElement?.closest("[role='menu']");
  const element = menu ? beforeOf(menu) : activeElement;
  return element instanceof HTMLElement && element !== document.body ? element : null;
}

function beforeOf(menu: Element): EventTarget | null {
  if (beforeMenu instanceof HTMLElement && beforeMenu.isConnected) return beforeMenu;
  return document.getElementById(menu.getAttribute("aria-labelledby") ?? "");
}

/** What had the focus last: what opens late, for it is fetched first, finds the menu that it came from closed. */
let last: HTMLElement | null = null;
globalThis.document?.addEventListener("focusin", ({ target, relatedTarget }) => {
  const menu = (target as Element).closest("[role='menu']");
  if (menu && !menu.contains(relatedTarget as Node | null)) beforeMenu = relatedTarget;
  last = focused() ?? last;
});

export function isNowhere(): boolean {
  return document.activeElement === null || document.activeElement === document.body;
}

/** Gives the focus back when this component goes, if nothing else took it; the returned function does so at once. */
export function useFocusBack(): () => void {
  const [origin] = useState(() => focused() ?? last);
  const [back] = useState(() => () => {
    if (isNowhere()) origin?.focus({ preventScroll: true });
  });
  useEffect(() => () => void setTimeout(back), [back]);
  return back;
}

/** Focuses what will be there once the page is drawn. */
export function focusSoon(find: () => HTMLElement | null | undefined): void {
  setTimeout(() => find()?.focus({ preventScroll: true }));
}

let pages = 0;

/** A page that is come to from another one gets the focus, and is named; the first page leaves it to the reader. */
export function useArrival(main: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    if (pages++ > 0 && isNowhere()) main.current?.focus({ preventScroll: true });
  }, [main]);
}
