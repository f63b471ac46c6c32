/** The same SDK for Node: the wasm core is read from the file system. */
import { readFile } from "node:fs/promises";
import { setDefaultSource } from "./core/load.js";

setDefaultSource(() => readFile(new URL("../core/coboard_core_bg.wasm", import.meta.url)));

export * from "./index.js";
