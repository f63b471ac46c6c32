/** Opens the commands at Ctrl+K and "/", and all keys at "?"; a field to search in comes before them at "/". */
import { type ComponentType, lazy, Suspense, useEffect, useState } from "react";
import { testIds } from "../testIds";

const KeysDialog = lazy(() => import("./KeysDialog"));

export interface OpenedProps {
  readonly onClose: () => void;
}

interface CommandKeysProps {
  /** What can be done on this page. */
  readonly palette: ComponentType<OpenedProps>;
}

export function CommandKeys({ palette: Palette }: CommandKeysProps) {
  const [opened, setOpened] = useState<"palette" | "keys" | null>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const wanted = wantedBy(event);
      // A dialog or a menu that is open is answered first.
      if (!wanted || document.querySelector("[aria-modal='true'], [role='menu']")) return;
      event.preventDefault();
      const search =
        event.key === "/" && document.querySelector<HTMLElement>(`[data-testid="${testIds.search}"]`);
      if (search) search.focus();
      else setOpened(wanted);
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);
  const close = () => setOpened(null);
  return (
    <Suspense fallback={null}>
      {opened === "palette" && <Palette onClose={close} />}
      {opened === "keys" && <KeysDialog onClose={close} />}
    </Suspense>
  );
}

function wantedBy(event: KeyboardEvent): "palette" | "keys" | null {
  if (event.defaultPrevented || event.altKey) return null;
  if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === "k" ? "palette" : null;
  if (inField(event.target)) return null;
  return event.key === "/" ? "palette" : event.key === "?" ? "keys" : null;
}

/** Whether what is typed there is text. */
export function inField(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest("input, textarea, select, [contenteditable='true']") !== null
  );
}
