/** What somebody else has just changed lights up, in their colour. */
import type { Change, DocumentHandle } from "@coboard/client";
import { useDocumentHandle, useDocumentListener } from "@coboard/react";
import type { RefObject } from "react";
import { widgetAround } from "./people";

const FLASH_MS = 1_200;
/** Where so much changes at once, nothing of it stands out. */
const FLASHES_MAX = 12;

export function useFlash(grid: RefObject<HTMLElement | null>): void {
  const handle = useDocumentHandle();
  useDocumentListener("change", (change) => {
    if (change.origin !== "remote") return;
    const color = colorOf(handle, change);
    // What was added is drawn first.
    requestAnimationFrame(() => {
      const frames = framesOf(handle, change, grid.current);
      if (frames.length <= FLASHES_MAX) for (const frame of frames) flash(frame, color);
    });
  });
}

function colorOf({ presence }: DocumentHandle, { author }: Change): string {
  return presence.others.current.find(({ user }) => user.id === author)?.user.color ?? "var(--accent)";
}

/** The frames of the widgets that were changed, or something in them. */
function framesOf(handle: DocumentHandle, { items }: Change, grid: HTMLElement | null): HTMLElement[] {
  const frameOf = (item: string) => grid?.querySelector<HTMLElement>(`[data-item="${CSS.escape(item)}"]`);
  const found = items.map((item) => {
    const shown = widgetAround(handle, item, (one) => Boolean(frameOf(one)));
    return shown === null ? null : frameOf(shown);
  });
  return [...new Set(found)].filter((frame) => frame instanceof HTMLElement);
}

/** An outline that fades; where less motion is asked for it stands still, and goes. */
export function flash(frame: HTMLElement, color: string): void {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const animation = frame.animate(
    [
      { outline: `2px solid ${color}`, outlineOffset: "1px" },
      { outline: "2px solid transparent", outlineOffset: "1px" },
    ],
    { duration: FLASH_MS, easing: still ? "steps(1, end)" : "ease-in" },
  );
  frame.dataset.flash = color;
  animation.onfinish = () => {
    if (frame.getAnimations().length === 0) delete frame.dataset.flash;
  };
}
