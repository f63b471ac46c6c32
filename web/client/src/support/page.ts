/** What the SDK wants to know of the page it runs in, if it runs in one. */
import type { Unsubscribe } from "../api/basic.js";

/** The page, or its absence; tests give their own. @internal */
export interface Page {
  readonly hidden: boolean;
  readonly online: boolean;
  /** The device is a phone, or the browser says that its line is slow or its traffic to be saved. */
  readonly thrifty: boolean;
  onOnline(listener: () => void): Unsubscribe;
  onOffline(listener: () => void): Unsubscribe;
  onVisibility(listener: () => void): Unsubscribe;
  /** {@link Page.thrifty} may have changed. */
  onThrift(listener: () => void): Unsubscribe;
  /** The page is left, closed or frozen: the last moment to write something. */
  onPageHide(listener: () => void): Unsubscribe;
  /** The page stands still from now on, perhaps for good. */
  onFreeze(listener: () => void): Unsubscribe;
  /** The page goes on. */
  onResume(listener: () => void): Unsubscribe;
  /** The page asks the user before it closes while `isNeeded` says so. */
  askBeforeUnload(isNeeded: () => boolean): Unsubscribe;
}

/** The real page; outside a browser it is always visible and online. @internal */
export const browserPage: Page = {
  get hidden() {
    return typeof document !== "undefined" && document.visibilityState === "hidden";
  },
  get online() {
    return typeof navigator === "undefined" || navigator.onLine !== false;
  },
  get thrifty() {
    const { saveData = false, effectiveType = "" } = line() ?? {};
    return saveData || SLOW_LINES.includes(effectiveType) || (pointer()?.matches ?? false);
  },
  onOnline: (listener) => listen(globalThis.window, "online", listener),
  onOffline: (listener) => listen(globalThis.window, "offline", listener),
  onVisibility: (listener) => listen(globalThis.document, "visibilitychange", listener),
  onThrift: (listener) => both(listen(line(), "change", listener), listen(pointer(), "change", listener)),
  onPageHide: (listener) => listen(globalThis.window, "pagehide", listener),
  onFreeze: (listener) => both(listen(globalThis.document, "freeze", listener), onKept("pagehide", listener)),
  onResume: (listener) => both(listen(globalThis.document, "resume", listener), onKept("pageshow", listener)),
  askBeforeUnload: (isNeeded) =>
    listen(globalThis.window, "beforeunload", (event) => {
      if (isNeeded()) event.preventDefault();
    }),
};

/** What the browser says of its line; not every browser does. */
type Line = EventTarget & { saveData?: boolean; effectiveType?: string };

/** Of "slow-2g", "2g", "3g" and "4g". */
const SLOW_LINES = ["slow-2g", "2g", "3g"];

function line(): Line | undefined {
  return (globalThis.navigator as (Navigator & { connection?: Line }) | undefined)?.connection;
}

/** The query that a phone's finger answers. */
function pointer(): MediaQueryList | undefined {
  return globalThis.window?.matchMedia?.("(pointer: coarse)");
}

/** How to ask that the browser does not clear this site's storage by itself; null where it cannot be asked. @internal */
export function browserPersist(): (() => Promise<boolean>) | null {
  const storage = globalThis.navigator?.storage as StorageManager | undefined;
  return storage?.persist ? () => storage.persist() : null;
}

/** A page that the browser keeps to go back to, and shows again. */
function onKept(name: "pagehide" | "pageshow", listener: () => void): Unsubscribe {
  return listen(globalThis.window, name, (event) => (event as PageTransitionEvent).persisted && listener());
}

function both(first: Unsubscribe, second: Unsubscribe): Unsubscribe {
  return () => {
    first();
    second();
  };
}

function listen(
  target: EventTarget | undefined,
  name: string,
  listener: (event: Event) => void,
): Unsubscribe {
  target?.addEventListener(name, listener);
  return () => target?.removeEventListener(name, listener);
}
