/** What carries out a choice: the steps that bring one side of a conflict about, worked out while both are known. */
import type { ItemId, Json, Path } from "../api/basic.js";
import type { ConflictSide } from "../api/conflicts.js";
import type { Edit, Place } from "../api/document.js";
import type { WireValue } from "../core/boundary.js";
import type { Mirror } from "./mirror.js";

/** One step of a remedy. @internal */
export type RemedyStep =
  | { set: Path; value: Json }
  | { remove: Path }
  | { add: Path; by: number }
  | { move: ItemId; list: Path; at: Place }
  | { trash: ItemId }
  /** Brings back the outermost of these that is trashed. */
  | { bringBack: readonly { item: ItemId; list: Path; at: Place }[] };

/** Steps; none: it stands already. Null: it cannot be brought about here. @internal */
export type Remedy = readonly RemedyStep[] | null;

/** One side as it can be shown and brought about. @internal */
export interface SideView {
  value?: Json;
  remedy: Remedy;
}

/**
 * Reads one side of a conflict.
 *
 * @param text - How the text looked to whoever edited it, where that is known.
 * @internal
 */
export function viewOf(
  mirror: Mirror,
  side: ConflictSide,
  at: { item: ItemId; path: Path | null; text: string | undefined },
): SideView {
  const { item, path } = at;
  if ("location" in side && side.location !== undefined) return placed(mirror, item, side.location);
  if (path === null) return { remedy: null };
  if ("add" in side && side.add !== undefined)
    return { value: side.add, remedy: [{ add: path, by: side.add }] };
  if ("text" in side && side.text !== undefined) {
    const value = at.text ?? edited(mirror.read(path), side.text);
    return value === null ? { remedy: null } : { value, remedy: [{ set: path, value }] };
  }
  if (!("value" in side) || side.value === undefined) return { remedy: [{ remove: path }] };
  const value = mirror.plain(side.value as WireValue);
  return value === undefined ? { remedy: null } : { value, remedy: [{ set: path, value }] };
}

/** Makes the steps part of an edit. Something that is not there any more is left as it is. @internal */
export function apply(edit: Edit, mirror: Mirror, steps: readonly RemedyStep[]): void {
  for (const step of steps) {
    if ("set" in step) {
      edit.set(step.set, step.value);
    } else if ("remove" in step) {
      if (mirror.read(step.remove) !== undefined) edit.remove(step.remove);
    } else if ("add" in step) {
      edit.add(step.add, step.by);
    } else if ("move" in step) {
      edit.move(step.move, step.list, step.at);
    } else if ("trash" in step) {
      if (mirror.placeOf(step.trash)) edit.trash(step.trash);
    } else {
      const gone = [...step.bringBack].reverse().find(({ item }) => mirror.placeOf(item) === null);
      if (gone) edit.move(gone.item, gone.list, stays(mirror, gone.at) ? gone.at : "end");
    }
  }
}

function placed(mirror: Mirror, item: ItemId, location: readonly [string, string] | null): SideView {
  if (location === null) return { remedy: [{ trash: item }] };
  const list = mirror.listPath(location[0]);
  if (list === null) return { remedy: null };
  const now = mirror.places(item)[0];
  return { remedy: [{ move: item, list, at: now?.list === list ? now.at : "end" }] };
}

function stays(mirror: Mirror, at: Place): boolean {
  if (at === "start" || at === "end") return true;
  return mirror.placeOf("after" in at ? at.after : at.before) !== null;
}

/** A text with the steps of the wire applied, as far as they fit. */
function edited(before: Json | undefined, steps: readonly Json[]): string | null {
  if (typeof before !== "string") return null;
  const letters = [...before];
  let at = 0;
  let text = "";
  for (const step of steps) {
    if (typeof step === "number") {
      text += letters.slice(at, at + step).join("");
      at += step;
    } else if (typeof step === "string") {
      text += step;
    } else {
      const gone = (step as { d?: string | number } | null)?.d ?? 0;
      at += typeof gone === "number" ? gone : [...gone].length;
    }
  }
  return text + letters.slice(at).join("");
}
