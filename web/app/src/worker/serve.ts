/** How the worker answers: from the network while there is one, from the cache of one build where there is none. */
import { cacheName, type File, isHashed, outdated } from "./files";

/** A server that has not begun to answer by then is taken to be away; the page is in the cache. */
const PAGE_MS_MAX = 3_000;

/** Puts all files of a build into a cache of their own: all or none. */
export async function install(files: readonly File[]): Promise<void> {
  const name = cacheName(files);
  if (await isComplete(name, files)) return;
  const cache = await caches.open(name);
  try {
    await Promise.all(files.map(([path]) => add(cache, path, files)));
  } catch (cause) {
    await caches.delete(name);
    throw cause;
  }
}

async function isComplete(name: string, files: readonly File[]): Promise<boolean> {
  if (!(await caches.has(name))) return false;
  const kept = await (await caches.open(name)).keys();
  return kept.length >= files.length;
}

async function add(cache: Cache, path: string, files: readonly File[]): Promise<void> {
  const known = isHashed(path) ? await caches.match(path) : undefined;
  const response = known ?? (await fetch(path, { cache: isHashed(path) ? "default" : "no-cache" }));
  if (!response.ok) throw new Error(`${path}: ${response.status}`);
  // The server may have been renewed since this worker was loaded: its page belongs to other files then.
  if (path === "/" && !(await belongs(response.clone(), files)))
    throw new Error("the page is of another build");
  await cache.put(path, response);
}

async function belongs(page: Response, files: readonly File[]): Promise<boolean> {
  const wanted = [...(await page.text()).matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path);
  return wanted.length > 0 && wanted.every((path) => files.some(([file]) => file === path));
}

/** Takes away the caches of builds that no page uses any more. */
export async function activate(files: readonly File[]): Promise<void> {
  await Promise.all(outdated(await caches.keys(), cacheName(files)).map((name) => caches.delete(name)));
}

/** The page: the server's, or the kept one where it does not answer. */
export async function page(request: Request, files: readonly File[]): Promise<Response> {
  const kept = await (await caches.open(cacheName(files))).match("/");
  if (!kept) return fetch(request);
  try {
    const response = await inTime(fetch(request));
    return response.status >= 500 ? kept : response;
  } catch {
    return kept;
  }
}

/** A file whose name says what is in it. */
export async function hashed(request: Request, files: readonly File[]): Promise<Response> {
  const known = await caches.match(request, { ignoreVary: true });
  if (known) return known;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(cacheName(files))).put(request, response.clone());
  return response;
}

/** A file that may have changed. */
export async function plain(request: Request, files: readonly File[]): Promise<Response> {
  try {
    const response = await fetch(request);
    if (response.ok) return response;
  } catch {
    // Then the kept one.
  }
  const kept = await (await caches.open(cacheName(files))).match(request, { ignoreVary: true });
  return kept ?? Response.error();
}

function inTime(answer: Promise<Response>): Promise<Response> {
  const late = new Promise<never>((_, reject) => setTimeout(() => reject(new Error("late")), PAGE_MS_MAX));
  return Promise.race([answer, late]);
}
