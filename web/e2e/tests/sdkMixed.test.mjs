/** Clients of the SDK at one server, each by another transport. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { agreed, together } from "../support/clients.mjs";
import { CoboardServer } from "../support/server.mjs";

let server;
before(async () => {
  server = await CoboardServer.start({ transport: "mixed" });
});
after(() => server.stop());

test("one on polling alone and one on a WebSocket work together", () =>
  together(server.url, { count: 0 }, { ana: { transports: ["polling"] }, ben: {} }, async (room) => {
    for (let round = 0; round < 20; round += 1) {
      for (const handle of room.handles) handle.edit("count", (edit) => edit.add("@0/count", 1));
    }
    const { count } = await agreed(room);
    assert.equal(count, 40);
    const transports = room.clients.map(({ connection }) => connection.current.transport);
    assert.deepEqual(transports, ["polling", "websocket"]);
  }));
