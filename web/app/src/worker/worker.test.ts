/** What the worker keeps, when it answers, and that builds are never mixed. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { cacheName, type File, outdated, routeOf } from "./files";
import { activate, hashed, install, page } from "./serve";

const ORIGIN = "https://boards.example";
const OLD: readonly File[] = [
  ["/", "1"],
  ["/assets/index-a.js", "a"],
];
const NEW: readonly File[] = [
  ["/", "2"],
  ["/assets/index-b.js", "b"],
];
const pageOf = (script: string) => `<!doctype html><script src="/assets/${script}"></script>`;

/** The part of the Cache API that the worker uses. */
class FakeCaches {
  readonly #caches = new Map<string, Map<string, Response>>();

  has = async (name: string) => this.#caches.has(name);
  keys = async () => [...this.#caches.keys()];
  delete = async (name: string) => this.#caches.delete(name);
  match = async (request: string | Request) => {
    for (const cache of this.#caches.values()) {
      const found = cache.get(pathOf(request));
      if (found) return found.clone();
    }
    return undefined;
  };

  open = async (name: string) => {
    const cache = this.#caches.get(name) ?? new Map<string, Response>();
    this.#caches.set(name, cache);
    return {
      keys: async () => [...cache.keys()],
      put: async (request: string | Request, response: Response) => void cache.set(pathOf(request), response),
      match: async (request: string | Request) => cache.get(pathOf(request))?.clone(),
    };
  };
}

function pathOf(request: string | Request): string {
  return new URL(typeof request === "string" ? request : request.url, ORIGIN).pathname;
}

let served: Record<string, string | number>;
let asked: string[];

beforeEach(() => {
  served = {};
  asked = [];
  vi.stubGlobal("caches", new FakeCaches());
  vi.stubGlobal("fetch", async (request: string | Request) => {
    const path = pathOf(request);
    asked.push(path);
    const body = served[path];
    if (body === undefined) throw new TypeError("no network");
    return typeof body === "number" ? new Response("", { status: body }) : new Response(body);
  });
});
afterEach(() => void vi.unstubAllGlobals());

const at = (path: string) => new Request(ORIGIN + path);

describe("requests", () => {
  const route = (path: string, more = {}) =>
    routeOf({ method: "GET", mode: "cors", url: ORIGIN + path, ...more }, ORIGIN);

  it("to the server's interfaces go past it", () => {
    expect(route("/api/dashboards")).toBe("none");
    expect(route("/api", { mode: "navigate" })).toBe("none");
    expect(route("/socket.io/?EIO=4")).toBe("none");
    expect(route("/healthz")).toBe("none");
    expect(route("/d/1", { method: "POST", mode: "navigate" })).toBe("none");
    expect(routeOf({ method: "GET", mode: "navigate", url: "https://other.example/" }, ORIGIN)).toBe("none");
  });

  it("for pages and files are its own", () => {
    expect(route("/d/abc", { mode: "navigate" })).toBe("page");
    expect(route("/", { mode: "navigate" })).toBe("page");
    expect(route("/assets/index-a.js")).toBe("hashed");
  });
});

describe("a build", () => {
  it("is kept as a whole or not at all", async () => {
    served = { "/": pageOf("index-a.js") };
    await expect(install(OLD)).rejects.toThrow();
    expect(await caches.keys()).toEqual([]);
    served["/assets/index-a.js"] = "a";
    await install(OLD);
    expect(await caches.keys()).toEqual([cacheName(OLD)]);
  });

  it("is not kept with the page of another", async () => {
    served = { "/": pageOf("index-b.js"), "/assets/index-a.js": "a" };
    await expect(install(OLD)).rejects.toThrow("another build");
  });

  it("takes the same file over from the one before, and stays until nobody can need it", async () => {
    served = { "/": pageOf("index-a.js"), "/assets/index-a.js": "a" };
    await install(OLD);
    const third: readonly File[] = [...NEW, ["/assets/index-a.js", "a"]];
    served = { "/": pageOf("index-b.js"), "/assets/index-b.js": "b" };
    await install(third);
    await activate(third);
    expect(await caches.keys()).toEqual([cacheName(OLD), cacheName(third)]);
    expect(
      outdated(["coboard-shell-1", "coboard-shell-2", "other", "coboard-shell-3"], "coboard-shell-3"),
    ).toEqual(["coboard-shell-1"]);
  });
});

describe("an answer", () => {
  beforeEach(async () => {
    served = { "/": pageOf("index-a.js"), "/assets/index-a.js": "a", "/d/1": "fresh" };
    await install(OLD);
  });

  it("is the server's while it answers", async () => {
    expect(await (await page(at("/d/1"), OLD)).text()).toBe("fresh");
  });

  it("is the kept page without a network, and where a proxy says that the server is away", async () => {
    served["/d/1"] = 502;
    expect(await (await page(at("/d/1"), OLD)).text()).toBe(pageOf("index-a.js"));
    served = {};
    expect(await (await page(at("/d/1"), OLD)).text()).toBe(pageOf("index-a.js"));
  });

  it("is the kept file where the name says what is in it", async () => {
    asked = [];
    expect(await (await hashed(at("/assets/index-a.js"), OLD)).text()).toBe("a");
    expect(asked).toEqual([]);
    served["/assets/rare.woff2"] = "font";
    await hashed(at("/assets/rare.woff2"), OLD);
    served = {};
    expect(await (await hashed(at("/assets/rare.woff2"), OLD)).text()).toBe("font");
  });
});
