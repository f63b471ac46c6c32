/**
 * Repeats what clients of simulated runs were told, in the browser's core under Node, and compares
 * every answer with that of the native engine. Lines of `coboard-sim trace` come on standard input.
 *
 *   node trace.mjs web/client/core
 */

import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]);
const core = await import(pathToFileURL(`${folder}/coboard_core.js`).href);
core.initSync({ module: readFileSync(`${folder}/coboard_core_bg.wasm`) });

/** FNV-1a, 32 bit, over UTF-8. */
function hashOf(text) {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash >>> 0;
}

function call(document, [now, name, argument]) {
  if (name === "handle") return document.handle(now, JSON.stringify(argument));
  if (name === "edit") return document.edit(now, JSON.stringify(argument));
  return name === "undo" ? document.undo(now) : document.redo(now);
}

let seeds = 0;
let calls = 0;
for await (const line of createInterface({ input: process.stdin })) {
  const tape = JSON.parse(line);
  let document = new core.DocumentCore(JSON.stringify(tape.config));
  for (const step of tape.calls) {
    if (step[1] === "begin") {
      // The tab ended: another machine goes on.
      document.free();
      document = new core.DocumentCore(JSON.stringify(step[2]));
      continue;
    }
    const answer = call(document, step);
    calls += 1;
    if (hashOf(answer) !== step[3]) {
      console.error(`seed ${tape.seed}: the answer to ${JSON.stringify(step).slice(0, 500)} is ${answer.slice(0, 2000)}`);
      process.exit(1);
    }
  }
  document.free();
  seeds += 1;
}
console.log(`${seeds} seeds, ${calls} calls, the same answers natively and as WebAssembly`);
