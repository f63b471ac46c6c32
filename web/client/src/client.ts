/** Makes a client: one connection, the catalogue, the joined Documents. */
import type { Client, ClientOptions } from "./api/client.js";
import { ClientCore } from "./clientCore.js";
import { loadCore, makeWasmCore } from "./core/load.js";
import { browserLocks } from "./device/locks.js";
import { browserPage, browserPersist } from "./support/page.js";
import { browserTabs } from "./tabs/tabs.js";
import { openSocketLink } from "./transport/socketLink.js";

/**
 * Makes a client. Nothing is sent before the first `join`, `connect` or look at `dashboards.all`.
 *
 * @example
 * const client = createClient({ url: location.origin, token: "open:ana:Ana" });
 * @public
 */
export function createClient(options: ClientOptions): Client {
  const locks = browserLocks();
  return new ClientCore(options, {
    loadCore: () => loadCore(options.core),
    makeCore: makeWasmCore,
    openLink: openSocketLink,
    tabs: browserTabs(locks, openSocketLink),
    page: browserPage,
    random: Math.random,
    locks,
    persist: browserPersist(),
  });
}
