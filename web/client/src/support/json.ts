/** JSON text for the core and the wire. */

/** `JSON.stringify`, with lone surrogates replaced: the core cannot hold them. @internal */
export function toJsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes("\\ud")
    ? text.replace(/\\(?:u[dD][89a-fA-F][0-9a-fA-F]{2}|.)/g, replaceSurrogate)
    : text;
}

/** `JSON.stringify` writes a lone surrogate, and nothing else, as an escape of six characters in that range. */
function replaceSurrogate(sequence: string): string {
  return sequence.length === 6 ? "\ufffd" : sequence;
}

/** Parses JSON text, or gives undefined. @internal */
export function fromJsonText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** Whether two JSON values are the same, key order aside. @internal */
export function jsonEqual(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every(
    (key) =>
      Object.hasOwn(b, key) &&
      jsonEqual((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
