/** Makes a client: one connection, the catalogue, the joined Documents. */
import type { Client, ClientOptions } from "./api/client.js";
import { ClientCore } from "./clientCore.js";
import { loadCore, makeWasmCore } from "./core/load.js";
import { browserLocks } from "./device/locks.js";
import { browserPage, browserPersist } from "./support/page.js";
import { openSocketLink } from "./transport/socketLink.js";

/**
 * Makes a client. Nothing is sent before the first `join`, `connect` or look at `dashboards.all`.
 *
 * @example
 * const client = createClient({ url: location.origin, token: "open:ana:Ana" });
 * @public
 */
export function createClient(options: ClientOptions): Client {
  return new ClientCore(options, {
    loadCore: () => loadCore(options.core),
    makeCore: makeWasmCore,
    openLink: openSocketLink,
    page: browserPage,
    random: Math.random,
    locks: browserLocks(),
    persist: browserPersist(),
  });
}
