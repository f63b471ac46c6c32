/** Addresses inside a document. */
import type { Edit, ItemId, Json, Path } from "@coboard/client";
import { isObject } from "../data/json";

/** The path of a value inside an item: JSON Pointer, with its escapes. */
export function pathIn(item: ItemId, ...keys: readonly string[]): Path {
  return `@${item}${keys.map((key) => `/${key.replace(/~/g, "~0").replace(/\//g, "~1")}`).join("")}`;
}

/** The dashboard itself. */
export const ROOT: ItemId = "0";
/** The list of its widgets. */
export const PANELS: Path = pathIn(ROOT, "panels");

/** The item a path is about. */
export function itemOfPath(path: Path): ItemId {
  return path.slice(1).split("/", 1)[0] ?? "";
}

/**
 * Sets a value deep inside an item. Where objects on the way are missing, the first of them is set whole, so that the
 * edit touches nothing that somebody else may be changing.
 */
export function setIn(
  edit: Edit,
  item: ItemId,
  value: Json | undefined,
  keys: readonly string[],
  next: Json,
): void {
  let here: Json | undefined = value;
  for (const [depth, key] of keys.entries()) {
    const last = depth === keys.length - 1;
    const child: Json | undefined = isObject(here) ? here[key] : undefined;
    if (last || !isObject(child)) {
      edit.set(pathIn(item, ...keys.slice(0, depth + 1)), nest(keys.slice(depth + 1), next));
      return;
    }
    here = child;
  }
}

function nest(keys: readonly string[], value: Json): Json {
  return keys.reduceRight<Json>((inner, key) => ({ [key]: inner }), value);
}
