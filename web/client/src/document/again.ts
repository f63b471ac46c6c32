/** Makes an operation again, out of what is kept of a refused one. */
import type { ItemId, Json, Path } from "../api/basic.js";
import type { Edit } from "../api/document.js";
import type { WireValue } from "../core/boundary.js";
import type { Mirror } from "./mirror.js";
import { apply, viewOf } from "./remedy.js";

/** A change of a cell on the wire. @internal */
export interface WireChange {
  s?: readonly WireValue[];
  a?: number;
  t?: readonly Json[];
  e?: "map" | "list";
}

interface WireItem {
  n?: readonly [WireValue, Location];
  m?: readonly (Location | null)[];
}

type Location = readonly [list: string, key: string];

/** The changes of an operation as they are kept. @internal */
export interface WireComponents {
  cells?: { readonly [path: Path]: WireChange };
  items?: { readonly [item: ItemId]: WireItem };
}

/** Repeats the changes as steps of an edit; new items get new ids. @internal */
export function again(edit: Edit, mirror: Mirror, { cells = {}, items = {} }: WireComponents): void {
  for (const [item, change] of Object.entries(items)) {
    if (change.n) insert(edit, mirror, change.n, items);
    else if (change.m) {
      const side = { location: change.m.at(-1) ?? null };
      apply(edit, mirror, viewOf(mirror, side, { item, path: null, text: undefined }).remedy ?? []);
    }
  }
  for (const [path, change] of Object.entries(cells)) {
    if (change.e && mirror.read(path) === undefined) edit.set(path, change.e === "map" ? {} : []);
    const side = sideOf(change, items);
    if (side === null) continue;
    apply(edit, mirror, viewOf(mirror, side, { item: "", path, text: undefined }).remedy ?? []);
  }
}

function sideOf({ s, a, t }: WireChange, items: NonNullable<WireComponents["items"]>) {
  if (a !== undefined) return { add: a };
  if (t !== undefined) return { text: t };
  if (s === undefined) return null;
  const value = s.at(-1);
  // `[]` as the new one stands for "absent".
  if (value === undefined || Array.isArray(value)) return {};
  return { value: whole(value, items) as Json };
}

/** A new item whose list is new as well comes with what contains it. */
function insert(
  edit: Edit,
  mirror: Mirror,
  [value, [list]]: readonly [WireValue, Location],
  items: NonNullable<WireComponents["items"]>,
): void {
  const path = mirror.listPath(list);
  if (path !== null) edit.insert(path, whole(value, items), "end");
}

function whole(value: WireValue, items: NonNullable<WireComponents["items"]>): Json {
  if (typeof value !== "object" || value === null) return value;
  const { $l: list } = value;
  if (typeof list === "string") {
    const inside = Object.values(items).flatMap(({ n }) => (n && n[1][0] === list ? [n] : []));
    return inside.sort((a, b) => (a[1][1] < b[1][1] ? -1 : 1)).map(([one]) => whole(one, items));
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key.startsWith("$$") ? key.slice(1) : key,
      whole(member, items),
    ]),
  );
}
