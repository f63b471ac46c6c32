/** What leaves the device: Documents of long ago, never one with work or one that is open; identities nobody uses. */
import { beforeEach, expect, it } from "vitest";
import { type Database, openDatabase } from "../../src/device/database.js";
import { CLIENT_UNUSED_MS_MAX } from "../../src/device/limits.js";
import { forgetOldClients, forgetOldDocuments } from "../../src/device/tidy.js";
import { freshDevice } from "./fakes.js";

let database: Database;
beforeEach(async () => {
  freshDevice();
  database = await openDatabase("coboard test", () => {});
});

const place = (document: string) => ({ user: "u", document });
const queued = (document: string, client: string) => ({
  ...place(document),
  client,
  sequence: 1,
  base: 1,
  text: "{}",
});

async function opened(document: string, openedAtMs: number): Promise<void> {
  await database.put("documents", { ...place(document), title: null, openedAtMs });
  const snapshot = { lineage: "L", revision: 1, takenAtMs: openedAtMs, text: "{}" };
  await database.put("snapshots", { ...place(document), ...snapshot });
}

it("keeps those opened last, those with work or with something refused, and those that are open", async () => {
  for (const [index, document] of ["a", "b", "c", "d", "e", "f"].entries()) await opened(document, index);
  await database.put("queue", queued("a", "c1"));
  await database.put("refused", { ...queued("b", "c1"), error: { code: "E_OP" }, refusedAtMs: 1 });
  const gone = await forgetOldDocuments(database, "u", 2, (document) => document === "c");
  expect(gone).toEqual(["d"]);
  const left = await database.getAllKeys("snapshots");
  expect(left.map(([, document]) => document)).toEqual(["a", "b", "c", "e", "f"]);
});

it("does not touch what another person has", async () => {
  await opened("a", 1);
  expect(await forgetOldDocuments(database, "v", 0, () => false)).toEqual([]);
  expect(await database.count("documents")).toBe(1);
});

it("forgets identities that nobody has used for long, unless they live or have work", async () => {
  for (const client of ["old", "busy", "alive", "young"]) {
    await database.put("clients", { user: "u", client, usedAtMs: client === "young" ? 2 : 0 });
    const numbers = { client_number: 1, sequence: 1, counter: 1 };
    await database.put("seats", { ...place("a"), client, lineage: "L", at: 1, numbers });
  }
  await database.put("queue", queued("a", "busy"));
  await forgetOldClients(database, "u", CLIENT_UNUSED_MS_MAX + 1, (client) => client === "alive");
  const left = (await database.getAllKeys("clients")).map(([, client]) => client);
  expect(left).toEqual(["alive", "busy", "young"]);
  expect(await database.count("seats")).toBe(3);
});
