/** Who changed something a moment ago. */
import type { ForeignEdit, Path } from "@coboard/client";
import { useEffect, useState } from "react";
import { useHandle } from "./context.js";
import { useDocumentListener } from "./useDocumentListener.js";

/** How often it is looked at whether a change is still recent. */
const LOOK_EVERY_MS = 1_000;

/**
 * The last change of somebody else at a path, in it or around it, while it is recent: worth a word before one
 * overwrites it. Null otherwise.
 *
 * @example
 * const edit = useLastEdit("@17/unit");
 * @public
 */
export function useLastEdit(path: Path): ForeignEdit | null {
  const handle = useHandle();
  const [edit, setEdit] = useState<ForeignEdit | null>(() => handle.lastEdit(path));
  const look = () => setEdit((before) => newer(before, handle.lastEdit(path)));
  useDocumentListener("change", ({ origin }) => origin !== "local" && look());
  useEffect(() => {
    setEdit(handle.lastEdit(path));
  }, [handle, path]);
  useEffect(() => {
    if (edit === null) return;
    const timer = setInterval(() => setEdit((before) => newer(before, handle.lastEdit(path))), LOOK_EVERY_MS);
    return () => clearInterval(timer);
  }, [edit, handle, path]);
  return edit;
}

function newer(before: ForeignEdit | null, now: ForeignEdit | null): ForeignEdit | null {
  return before && now && before.atMs === now.atMs && before.name === now.name ? before : now;
}
