/**
 * The Document as plain JSON, kept from the flat items and lists that the core emits.
 * Immutable and structurally shared: only changed items and their ancestors are built anew.
 */
import type { ItemId, Json, Path } from "../api/basic.js";
import type { ItemPlace, Place } from "../api/document.js";
import type { ContentChange, WireValue } from "../core/boundary.js";
import { parsePath, segment } from "./path.js";
import { put, share } from "./share.js";

const ROOT: ItemId = "0";

/** A list inside an item: whose it is and where it hangs. */
interface ListPlace {
  owner: ItemId;
  path: Path;
}

/** Where an item stood before it was trashed. @internal */
export interface FormerPlace {
  list: Path;
  at: Place;
}

/** The JSON view of one Document. @internal */
export class Mirror {
  readonly #values = new Map<ItemId, WireValue>();
  readonly #orders = new Map<string, readonly ItemId[]>();
  /** Which list an item stands in. */
  readonly #listOf = new Map<ItemId, string>();
  /** The list of an item that stands in none any more, and the item that stood before it there. */
  readonly #left = new Map<ItemId, { list: string; after: ItemId | undefined }>();
  readonly #lists = new Map<string, ListPlace>();
  readonly #listsOfItem = new Map<ItemId, Set<string>>();
  /** Finished values of reachable items; absent: to be built. */
  readonly #built = new Map<ItemId, Json>();
  /** The last finished value, to share with. */
  readonly #last = new Map<ItemId, Json>();
  readonly #arrays = new Map<string, readonly Json[]>();
  readonly #ids = new WeakMap<object, ItemId>();
  #root: Json | null = null;

  /** The whole Document; null before the first content. */
  get root(): Json | null {
    return this.#root;
  }

  /** Takes new values and orders and builds what they change. */
  apply(change: ContentChange): void {
    if (change.reset) this.#forget();
    const dirty = new Set<ItemId>();
    for (const [item, value] of Object.entries(change.items)) {
      if (value === null && item !== ROOT && !this.#ordered(item, change)) this.#drop(item);
      else this.#values.set(item, value);
      dirty.add(item);
    }
    for (const [list, order] of Object.entries(change.lists)) this.#order(list, order, dirty);
    for (const item of dirty) this.#spoil(item);
    if (this.#values.has(ROOT)) this.#root = this.#build(ROOT);
  }

  /** The value of a reachable item. */
  item(id: ItemId): Json | undefined {
    return this.#reachable(id) ? this.#built.get(id) : undefined;
  }

  itemOf(value: unknown): ItemId | null {
    return typeof value === "object" && value !== null ? (this.#ids.get(value) ?? null) : null;
  }

  placeOf(id: ItemId): ItemPlace | null {
    const list = this.#listOf.get(id);
    const place = list === undefined ? undefined : this.#lists.get(list);
    if (list === undefined || !place || !this.#reachable(id)) return null;
    return { list: place.path, index: this.#orders.get(list)?.indexOf(id) ?? 0 };
  }

  /** Where to put a trashed item back; null where that is not known, or where it is not trashed. */
  formerPlace(id: ItemId): FormerPlace | null {
    const left = this.#left.get(id);
    const list = left && this.#lists.get(left.list)?.path;
    if (!left || list === undefined || this.#listOf.has(id)) return null;
    const { after } = left;
    const stays = after !== undefined && this.#listOf.get(after) === left.list;
    return { list, at: stays ? { after } : after === undefined ? "start" : "end" };
  }

  /** Where an item and all that contain it stand, or stood before they were trashed; the innermost first. */
  places(id: ItemId): ({ item: ItemId } & FormerPlace)[] {
    const places: ({ item: ItemId } & FormerPlace)[] = [];
    const seen = new Set<ItemId>();
    for (let at = id; at !== ROOT && !seen.has(at); ) {
      seen.add(at);
      const list = this.#listOf.get(at) ?? this.#left.get(at)?.list;
      const place = list === undefined ? undefined : this.#lists.get(list);
      if (list === undefined || !place) break;
      places.push({ item: at, list: place.path, at: this.#placeIn(list, at) });
      at = place.owner;
    }
    return places;
  }

  /** The path of a list, if it hangs somewhere. */
  listPath(list: string): Path | null {
    return this.#lists.get(list)?.path ?? null;
  }

  /** A value of the wire as plain JSON; undefined where an array in it is not known here. */
  plain(value: WireValue): Json | undefined {
    if (typeof value !== "object" || value === null) return value;
    if (typeof value.$l === "string") {
      const items = this.#orders.get(value.$l)?.map((item) => this.plain(this.#values.get(item) ?? null));
      return items?.includes(undefined) ? undefined : (items as Json[] | undefined);
    }
    const object: Record<string, Json> = {};
    for (const [key, member] of Object.entries(value)) {
      const plain = this.plain(member);
      if (plain === undefined) return undefined;
      put(object, key.startsWith("$$") ? key.slice(1) : key, plain);
    }
    return object;
  }

  read(path: Path): Json | undefined {
    const parts = parsePath(path);
    if (!parts) return undefined;
    let value = this.item(parts.item);
    for (const key of parts.keys) value = child(value, key);
    return value;
  }

  /** The text at a path; "" where there is none. */
  textAt(path: Path): string {
    const value = this.read(path);
    return typeof value === "string" ? value : "";
  }

  pathOf(json: readonly (string | number)[]): Path | null {
    let path: Path = `@${ROOT}`;
    let value: Json | undefined = this.#root ?? undefined;
    for (const key of json) {
      if (Array.isArray(value)) {
        const item = this.#orders.get(this.#listAt(path) ?? "")?.[Number(key)];
        if (item === undefined) return null;
        path = `@${item}`;
        value = this.#built.get(item);
      } else {
        value = child(value, String(key));
        if (value === undefined) return null;
        path += segment(String(key));
      }
    }
    return value === undefined ? null : path;
  }

  #placeIn(list: string, item: ItemId): Place {
    const order = this.#orders.get(list) ?? [];
    const index = order.indexOf(item);
    const after = index < 0 ? this.#left.get(item)?.after : order[index - 1];
    if (after === undefined) return "start";
    return this.#listOf.get(after) === list ? { after } : "end";
  }

  /** Finished values stay, to be shared with where the new content is the same. */
  #forget(): void {
    for (const map of [this.#values, this.#orders, this.#listOf, this.#lists, this.#listsOfItem, this.#built])
      map.clear();
  }

  /** Whether an item holds null, rather than being gone: then it stands in a list. */
  #ordered(item: ItemId, change: ContentChange): boolean {
    const list = this.#listOf.get(item);
    if (list !== undefined) return (change.lists[list] ?? this.#orders.get(list) ?? []).includes(item);
    return Object.values(change.lists).some((order) => order.includes(item));
  }

  #drop(item: ItemId): void {
    this.#values.delete(item);
    this.#last.delete(item);
  }

  #order(list: string, order: readonly ItemId[], dirty: Set<ItemId>): void {
    const before = this.#orders.get(list) ?? [];
    for (const [index, item] of before.entries()) {
      if (this.#listOf.get(item) !== list) continue;
      this.#listOf.delete(item);
      this.#left.set(item, { list, after: before[index - 1] });
    }
    this.#orders.set(list, order);
    for (const item of order) {
      this.#listOf.set(item, list);
      this.#left.delete(item);
    }
    const owner = this.#lists.get(list)?.owner;
    if (owner !== undefined) dirty.add(owner);
  }

  /** Marks an item and all that contain it as to be built. What is not built has no built container. */
  #spoil(item: ItemId): void {
    this.#built.delete(item);
    let at = this.#ownerOf(item);
    while (at !== undefined && this.#built.delete(at)) at = this.#ownerOf(at);
  }

  #ownerOf(item: ItemId): ItemId | undefined {
    const list = this.#listOf.get(item);
    return list === undefined ? undefined : this.#lists.get(list)?.owner;
  }

  /** Two moves, each of one item into the other, leave a circle that no root holds until the server repairs it. */
  #reachable(id: ItemId): boolean {
    const seen = new Set<ItemId>();
    let at = id;
    while (at !== ROOT) {
      if (seen.has(at)) return false;
      seen.add(at);
      const list = this.#listOf.get(at);
      const place = list === undefined ? undefined : this.#lists.get(list);
      if (list === undefined || !place || !this.#listsOfItem.get(place.owner)?.has(list)) return false;
      at = place.owner;
    }
    return true;
  }

  #build(item: ItemId): Json {
    const known = this.#built.get(item);
    if (known !== undefined) return known;
    this.#listsOfItem.set(item, new Set());
    const fresh = this.#plain(this.#values.get(item) ?? null, item, `@${item}`);
    const value = share(this.#last.get(item), fresh);
    this.#built.set(item, value);
    this.#last.set(item, value);
    if (typeof value === "object" && value !== null) this.#ids.set(value, item);
    return value;
  }

  #plain(value: WireValue, owner: ItemId, path: Path): Json {
    if (typeof value !== "object" || value === null) return value;
    const list = value.$l;
    if (typeof list === "string") return this.#array(list, owner, path);
    const object: Record<string, Json> = {};
    for (const [key, member] of Object.entries(value)) {
      const name = key.startsWith("$$") ? key.slice(1) : key;
      put(object, name, this.#plain(member, owner, path + segment(name)));
    }
    return object;
  }

  #array(list: string, owner: ItemId, path: Path): readonly Json[] {
    this.#lists.set(list, { owner, path });
    this.#listsOfItem.get(owner)?.add(list);
    const items = (this.#orders.get(list) ?? []).map((item) => this.#build(item));
    const last = this.#arrays.get(list);
    const same = last?.length === items.length && items.every((item, index) => Object.is(item, last[index]));
    const array = same && last ? last : items;
    this.#arrays.set(list, array);
    return array;
  }

  /** The list that hangs at a path. */
  #listAt(path: Path): string | undefined {
    const parts = parsePath(path);
    for (const list of this.#listsOfItem.get(parts?.item ?? "") ?? []) {
      if (this.#lists.get(list)?.path === path) return list;
    }
    return undefined;
  }
}

function child(value: Json | undefined, key: string): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, key) ? (value as { readonly [key: string]: Json })[key] : undefined;
}
