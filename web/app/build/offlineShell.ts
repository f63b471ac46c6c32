/** Tells the service worker which files the application is made of. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

/** Stands in the worker until the build knows better. */
const PLACEHOLDER = /\[\s*["'`]__COBOARD_SHELL__["'`]\s*\]/;
/** The name of the worker's file: its address must stay the same. */
export const WORKER_FILE = "sw.js";
/** Files of the public folder that the page asks for. */
const PUBLIC_FILES = ["favicon.svg", "theme.js"];
/** Alphabets that not every page shows are fetched when one does. */
const RARE_FONT = /\.woff2$/;
const COMMON_FONT = /-latin-wght-/;

/** A file, and a tag of its content. */
type Entry = readonly [path: string, tag: string];

/** Puts the list of files into the worker. */
export function offlineShell(): Plugin {
  return {
    name: "coboard-offline-shell",
    apply: "build",
    enforce: "post",
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const worker = bundle[WORKER_FILE];
        if (worker?.type !== "chunk") return;
        const entries: Entry[] = PUBLIC_FILES.map((path) => [
          `/${path}`,
          tag(readFileSync(join("public", path))),
        ]);
        for (const [path, output] of Object.entries(bundle)) {
          if (path === WORKER_FILE || path.startsWith(".vite/") || isRare(path)) continue;
          entries.push([
            path === "index.html" ? "/" : `/${path}`,
            tag(output.type === "chunk" ? output.code : output.source),
          ]);
        }
        if (!entries.some(([path]) => path === "/")) this.error("the page is not in the bundle");
        const files = JSON.stringify(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
        const code = worker.code.replace(PLACEHOLDER, () => files);
        if (code === worker.code) this.error("the worker has no place for the list of files");
        worker.code = code;
      },
    },
  };
}

function isRare(path: string): boolean {
  return RARE_FONT.test(path) && !COMMON_FONT.test(path);
}

function tag(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex").slice(0, 16);
}
