/** Who else is in a field, the news that somebody changed it, and telling others that one is in it oneself. */
import type { ItemId, Path, User } from "@coboard/client";
import { useDocumentHandle, useDocumentListener, useLeases } from "@coboard/react";
import { useEffect, useMemo, useState } from "react";
import { pathIn } from "../dashboard/paths";

const FLASH_MS = 1_200;

interface FieldPresence {
  readonly people: readonly User[];
  /** Somebody else changed the field a moment ago. */
  readonly flash: boolean;
  readonly onFocus: () => void;
  readonly onBlur: () => void;
}

/** `owner` is the widget that the field belongs to for the eyes of others, `path` the field itself. */
export function useFieldPresence(owner: ItemId, path: Path): FieldPresence {
  const { presence } = useDocumentHandle();
  const leases = useLeases();
  const people = useMemo(
    () => leases.filter((lease) => lease.path === path).map(({ user }) => user),
    [leases, path],
  );
  const [flashes, setFlashes] = useState(0);
  useDocumentListener("change", (change) => {
    if (change.origin !== "local" && change.paths.some((changed) => touches(changed, path))) {
      setFlashes((count) => count + 1);
    }
  });
  const [shownFlash, setShownFlash] = useState(0);
  useEffect(() => {
    if (flashes === shownFlash) return;
    const timer = setTimeout(() => setShownFlash(flashes), FLASH_MS);
    return () => clearTimeout(timer);
  }, [flashes, shownFlash]);
  return {
    people,
    flash: flashes !== shownFlash,
    onFocus: () => presence.update({ focus: path }),
    onBlur: () => presence.update({ focus: pathIn(owner) }),
  };
}

function touches(changed: Path, path: Path): boolean {
  return changed === path || changed.startsWith(`${path}/`) || path.startsWith(`${changed}/`);
}
