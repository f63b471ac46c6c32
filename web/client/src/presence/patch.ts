/** What a patch says, and what becomes of a state by it. */
import type { Json } from "../api/basic.js";
import { jsonEqual } from "../support/json.js";

/** Members of a state that change; null removes one. @internal */
export type Patch = Record<string, Json>;

/** The part of a patch that says something new. Undefined members say nothing. @internal */
export function changes(state: object, patch: Patch): Patch {
  const known = state as Patch;
  const entries = Object.entries(patch).filter(
    ([key, value]) => value !== undefined && !jsonEqual(known[key] ?? null, value),
  );
  return Object.fromEntries(entries);
}

/** Shallow merge; null removes a key. @internal */
export function merge(state: object, patch: Patch): object {
  const entries = Object.entries({ ...(state as Patch), ...patch });
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}
