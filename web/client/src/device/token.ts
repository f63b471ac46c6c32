/** Tokens are not kept: the device knows one it has seen by its digest. */

/** A token of open access, `open:USER:NAME`: who renames themselves is the same person. */
const OPEN = /^open:[^:]*/;

/** SHA-256 of a token in hex; null where the browser cannot make one, as in a page that came without TLS. @internal */
export async function digestOf(token: string): Promise<string | null> {
  const subtle = globalThis.crypto?.subtle;
  if (!subtle || token === "") return null;
  const digest = await subtle.digest("SHA-256", new TextEncoder().encode(OPEN.exec(token)?.[0] ?? token));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
