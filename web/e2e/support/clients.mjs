/** Clients of the SDK in this very process, in dashboards of their own. */
import assert from "node:assert/strict";
import { createClient } from "@coboard/client";
import { claim } from "./network.mjs";
import { until } from "./until.mjs";

/** A client with a name. The caller destroys it. */
export function connect(url, name, options = {}) {
  const client = createClient({ url, token: `open:${name}:${name}`, ...options });
  client.connection.subscribe((status) => {
    if (status.state === "connected") claim(url, status.transport);
  });
  return client;
}

/**
 * Clients in one fresh dashboard; gone when the run is over.
 *
 * @param {string} url the server
 * @param {object} dashboard what is imported
 * @param {Record<string, object>} people options of the client by name
 * @param {(room: { handles: object[], clients: object[], id: string }) => Promise<void>} run
 */
export async function together(url, dashboard, people, run) {
  const clients = Object.entries(people).map(([name, options]) => connect(url, name, options));
  try {
    const made = await clients[0].dashboards.import(dashboard);
    assert.ok(made.ok, "the dashboard is imported");
    const handles = clients.map((client) => client.join(made.value.id));
    await until("all have loaded", () => handles.every(({ content }) => content.current));
    await run({ handles, clients, id: made.value.id });
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
  }
}

/** Waits until nothing is pending, and all hold what the server holds. Gives it. */
export async function agreed({ handles, clients, id }) {
  await Promise.all(clients.map((client) => client.whenNothingPending()));
  return until("all agree", async () => {
    const exported = await clients[0].dashboards.export(id);
    assert.ok(exported.ok);
    // Plain copies: the order of keys is no difference, and neither is sharing.
    for (const { content } of handles) assert.deepEqual(content.current, exported.value);
    return exported.value;
  });
}
