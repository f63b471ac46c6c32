/**
 * The algebra, the codec and the hash as WebAssembly, on the vectors that the native build wrote.
 *
 * The module is a test build of the test kit and never shipped. `cargo xtask vectors` makes it and
 * names it in the environment; without it there is nothing to run.
 */

import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { describe, expect, it } from "vitest";

interface Vectors {
  again(file: string, line: string): string;
}

const module = process.env.COBOARD_VECTORS_WASM;
const folder = new URL("../../../vectors/", import.meta.url);

describe.skipIf(module === undefined)("vectors", () => {
  const vectors = (): Vectors => createRequire(import.meta.url)(String(module)) as Vectors;
  const files = readdirSync(folder).filter((name) => name.endsWith(".jsonl"));

  it("are all here", () => {
    expect(files.sort()).toEqual([
      "apply.jsonl",
      "codec.jsonl",
      "commit.jsonl",
      "compose.jsonl",
      "hash.jsonl",
      "invert.jsonl",
      "transform.jsonl",
    ]);
  });

  // Compared as text: `1` and `1.0` differ here.
  it.each(files)("come out of WebAssembly as of the native build: %s", (file) => {
    const lines = readFileSync(new URL(file, folder), "utf8").trimEnd().split("\n");
    expect(lines.length).toBeGreaterThanOrEqual(40);
    const { again } = vectors();
    expect(lines.map((line) => again(file, line))).toEqual(lines);
  });
});
