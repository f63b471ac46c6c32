/** The files of the application, as the build knows them. Pure: the worker and its tests read it. */

/** A file's path on the server, and a tag of its content. */
export type File = readonly [path: string, tag: string];

/** The files of this build; the page itself is "/". */
export const FILES: readonly File[] = ["__COBOARD_SHELL__"] as never;

/** Names of caches begin with it. */
const PREFIX = "coboard-shell-";

/** The cache of one build: another build, another name. */
export function cacheName(files: readonly File[]): string {
  let hash = 0x811c9dc5;
  for (const letter of JSON.stringify(files)) {
    hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
  }
  return `${PREFIX}${hash.toString(16).padStart(8, "0")}-${files.length}`;
}

/**
 * Caches that may go: all but this build's and the one before it, whose pages may still be open.
 *
 * @param names - In the order in which they were made.
 */
export function outdated(names: readonly string[], current: string): string[] {
  const shells = names.filter((name) => name.startsWith(PREFIX) && name !== current);
  return shells.slice(0, -1);
}

/** Whether a file's name carries a hash of its content: then it is the same in every cache. */
export function isHashed(path: string): boolean {
  return path.startsWith("/assets/");
}

/** What the worker does with a request. */
export type Route = "page" | "hashed" | "plain" | "none";

/** The server's own interfaces, and all that is no file of the application, are none of the worker's business. */
export function routeOf(request: { method: string; mode: string; url: string }, origin: string): Route {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== origin || isServer(url.pathname)) return "none";
  if (request.mode === "navigate") return "page";
  if (isHashed(url.pathname)) return "hashed";
  return FILES.some(([path]) => path === url.pathname) ? "plain" : "none";
}

function isServer(path: string): boolean {
  return ["/api", "/socket.io", "/healthz", "/readyz", "/metrics"].some(
    (prefix) => path === prefix || path.startsWith(`${prefix}/`),
  );
}
