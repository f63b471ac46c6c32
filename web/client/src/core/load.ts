/** Loads the wasm core, once. */
import init, { DocumentCore as WasmDocument } from "../../core/coboard_core.js";
import type { CoreSource } from "../api/basic.js";
import { CoboardError } from "../errors.js";
import { toJsonText } from "../support/json.js";
import type { MakeCore } from "./boundary.js";

type Source = CoreSource | Promise<CoreSource>;

let defaultSource: () => Source = () => new URL("../../core/coboard_core_bg.wasm", import.meta.url);
let loading: Promise<void> | null = null;
let loaded = false;

/**
 * Loads the wasm core. Memoised: the first source wins, a failed load may be tried again.
 *
 * @param source - Bytes, Response, address or module; absent: the file next to the module.
 * @throws CoboardError with code E_CORE_LOAD.
 * @example
 * await loadCore(readFile("coboard_core_bg.wasm"));
 * @public
 */
export function loadCore(source?: Source): Promise<void> {
  loading ??= instantiate(source).catch((cause: unknown) => {
    loading = null;
    throw new CoboardError("E_CORE_LOAD", "the wasm core could not be loaded", {}, cause);
  });
  return loading;
}

/**
 * Whether the core is there: {@link loadCore} has ended, or a Document became ready.
 *
 * @example
 * const shown = isCoreLoaded() ? compact(stored) : stored;
 * @public
 */
export function isCoreLoaded(): boolean {
  return loaded;
}

/** Where the core comes from when nobody says so. @internal */
export function setDefaultSource(source: () => Source): void {
  defaultSource = source;
}

/** The machine of one Document; only after {@link loadCore}. @internal */
export const makeWasmCore: MakeCore = (config) => new WasmDocument(toJsonText(config));

async function instantiate(source: Source | undefined): Promise<void> {
  await init({ module_or_path: await (source ?? defaultSource()) });
  loaded = true;
}
