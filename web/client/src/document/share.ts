/** Structural sharing of plain JSON. */
import type { Json } from "../api/basic.js";

/**
 * `next`, with every part that equals the same part of `last` replaced by that very object.
 * Arrays are shared by identity only: they are lists, which the mirror shares by their id.
 * @internal
 */
export function share(last: Json | undefined, next: Json): Json {
  if (Object.is(last, next) || last === undefined) return next;
  if (!isObject(last) || !isObject(next)) return next;
  const keys = Object.keys(next);
  let same = keys.length === Object.keys(last).length;
  const shared: Record<string, Json> = {};
  for (const key of keys) {
    const before = Object.hasOwn(last, key) ? last[key] : undefined;
    const value = share(before, next[key] ?? null);
    if (!Object.is(before, value)) same = false;
    put(shared, key, value);
  }
  return same ? last : shared;
}

/** Sets a member; an assignment to "__proto__" would set the prototype instead. @internal */
export function put(object: Record<string, Json>, key: string, value: Json): void {
  if (key === "__proto__") {
    Object.defineProperty(object, key, { value, enumerable: true, writable: true, configurable: true });
  } else {
    object[key] = value;
  }
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
