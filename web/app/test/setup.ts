/** What the page has when it draws a grid: the core. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { loadCore } from "@coboard/client";

await loadCore(readFile(join(import.meta.dirname, "../../client/core/coboard_core_bg.wasm")));
