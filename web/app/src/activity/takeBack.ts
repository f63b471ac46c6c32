/** Takes back what somebody else did: an ordinary edit of one's own, which can be undone. */
import type { ActivityEntry, DocumentHandle, Json } from "@coboard/client";
import { pathIn } from "../dashboard/paths";
import { isObject } from "../data/json";

const PLACE = "/gridPos";

/** Whether the entry says enough to take it back. */
export function canTakeBack({ verb, kind, item, path, before, after }: ActivityEntry): boolean {
  if (kind === "undo" || kind === "redo" || kind === "restore") return false;
  if (verb === "deleted") return item !== null;
  return path !== null && (before !== undefined || after !== undefined);
}

/** Whether it was taken back: what has changed since stays as it is. */
export function takeBack(handle: DocumentHandle, entry: ActivityEntry): boolean {
  const { verb, item, path, title, before, after } = entry;
  const label = `take back a change of ${title || "the dashboard"}`;
  try {
    if (verb === "deleted") {
      if (item === null || handle.item(item) !== undefined) return false;
      handle.edit(`bring back ${title}`, (edit) => edit.restore(item));
      return true;
    }
    if (path === null || !sameJson(handle.read(path), after)) return false;
    handle.edit(label, (edit) => {
      if (path.endsWith(PLACE) && item !== null && isObject(before)) {
        for (const [key, value] of Object.entries(before)) edit.set(pathIn(item, "gridPos", key), value);
      } else if (before === undefined) edit.remove(path);
      else edit.set(path, before);
    });
    return true;
  } catch {
    // It was deleted before this page was opened, so that nobody here knows where it stood.
    return false;
  }
}

/** Keys in any order. */
function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b))
    return a.length === b.length && a.every((value, index) => sameJson(value, b[index]));
  if (!isObject(a) || !isObject(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => key in b && sameJson(a[key], b[key]));
}
