/** Equality one level deep, for selectors that make arrays or objects. */

/**
 * Whether two values are the same, or have the same members.
 *
 * @example
 * useDocument((content: Dashboard) => content.panels.map((panel) => panel.type), shallowEqual);
 * @public
 */
export function shallowEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every(
      (key) => Object.hasOwn(b, key) && Object.is(a[key as keyof typeof a], b[key as keyof typeof b]),
    )
  );
}
