/** Paths: `"@item/key/key"`, a JSON Pointer below an item. */
import type { ItemId, Path } from "../api/basic.js";

/** A path taken apart. @internal */
export interface PathParts {
  item: ItemId;
  keys: readonly string[];
}

/** Writes one key as a pointer segment. @internal */
export function segment(key: string): string {
  return `/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
}

/** Takes a path apart; null for what is no path. @internal */
export function parsePath(path: Path): PathParts | null {
  const match = /^@(\d+)((?:\/[^/]*)*)$/s.exec(path);
  if (!match) return null;
  const keys = (match[2] ?? "").split("/").slice(1);
  return { item: match[1] ?? "", keys: keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~")) };
}
