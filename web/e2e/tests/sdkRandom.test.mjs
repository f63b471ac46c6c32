/** Three clients of the SDK edit at random, also while disconnected: what each shows is what the server holds. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { agreed, connect, together } from "../support/clients.mjs";
import { CoboardServer } from "../support/server.mjs";
import { until } from "../support/until.mjs";

const ROUNDS = 400;
/** What the engine refuses because the step before it took the place away. */
const STALE = ["E_PATH", "E_TYPE", "E_INDEX"];
const INTO_ITSELF = "an item cannot be moved into itself";

let server;
before(async () => {
  server = await CoboardServer.start();
});
after(() => server.stop());

const BOARD = {
  panels: [
    { title: "a", list: [{ n: 1 }, { n: 2 }] },
    { title: "b", list: [] },
  ],
  other: [[1, [2]], "s"],
};

test("random edits of three clients converge, and every path resolves", async (context) => {
  const seed = Number(process.env.SEED ?? Date.now() % 1_000_000);
  context.diagnostic(`SEED=${seed}`);
  const random = generator(seed);
  await together(server.url, BOARD, { ana: {}, ben: {}, cleo: {} }, async (room) => {
    const trashed = [];
    const refused = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const index = random(room.handles.length);
      const submitted = act(random, room.clients[index], room.handles[index], trashed);
      submitted?.server.then((result) => result.ok || refused.push(result.error));
      if (random(4) === 0) await sleep(random(40));
    }
    for (const client of room.clients) client.connect();
    const content = await agreed(room);
    for (const handle of room.handles) placesOf(handle);
    assert.deepEqual(
      refused.filter(({ code, message }) => !STALE.includes(code) && message !== INTO_ITSELF),
      [],
    );
    const late = connect(server.url, "dan");
    const handle = late.join(room.id);
    await until("a late joiner sees the same", () => {
      assert.deepEqual(handle.content.current, content);
      return true;
    });
    await late.destroy();
  });
});

/** One thing that a person does: undo, redo, leave and enter the network, or an edit of one or two steps. */
function act(random, client, handle, trashed) {
  switch (random(12)) {
    case 0:
      return handle.history.undo();
    case 1:
      return handle.history.redo();
    case 2:
      if (client.connection.current.state === "connected") client.disconnect();
      else client.connect();
      return null;
    default: {
      const places = placesOf(handle);
      return handle.edit("random", (edit) => {
        step(random, edit, places, trashed);
        if (random(3) === 0) step(random, edit, places, trashed);
      });
    }
  }
}

function step(random, edit, { lists, cells, items }, trashed) {
  const pick = (all) => all[random(all.length)];
  const kind = random(11);
  if (kind < 4) {
    edit.insert(pick(lists), value(random, 2), pick(["start", "end"]));
  } else if (kind === 4 && items.length > 0) {
    const item = pick(items);
    trashed.push(item);
    edit.trash(item);
  } else if (kind < 7 && items.length > 0) {
    edit.move(pick(items), pick(lists));
  } else if (kind === 7 && trashed.length > 0) {
    try {
      edit.restore(pick(trashed));
    } catch {
      // It is not trashed any more, or was trashed before this client knew it.
    }
  } else if (kind === 8 && cells.length > 0) {
    edit.remove(pick(cells));
  } else {
    edit.set(pick([...cells, `@0/k${random(3)}`]), value(random, 2));
  }
}

function value(random, depth) {
  const kind = random(5);
  if (depth === 0 || kind < 2) return [random(9), `s${random(9)}`, null, true, "😀"][random(5)];
  const members = Array.from({ length: random(3) }, () => value(random, depth - 1));
  return kind === 2 ? members : Object.fromEntries(members.map((member, index) => [`k${index}`, member]));
}

/** Every list, cell and item of the content by its stable address; each address leads to its value and back. */
function placesOf(handle) {
  const found = { lists: [], cells: [], items: [] };
  const walk = (content, keys) => {
    const path = handle.pathOf(keys);
    assert.equal(handle.read(path), content);
    if (Array.isArray(content)) {
      found.lists.push(path);
      for (const [index, element] of content.entries()) {
        const item = handle.pathOf([...keys, index]).slice(1);
        assert.deepEqual(handle.placeOf(item), { list: path, index });
        if (element !== null && typeof element === "object") assert.equal(handle.itemOf(element), item);
        found.items.push(item);
        walk(element, [...keys, index]);
      }
    } else if (content !== null && typeof content === "object") {
      for (const key of Object.keys(content)) {
        // The list of panels stays, or soon there is nothing left to edit.
        if (keys.length > 0 || key !== "panels") found.cells.push(handle.pathOf([...keys, key]));
        walk(content[key], [...keys, key]);
      }
    }
  };
  walk(handle.content.current, []);
  return found;
}

/** Numbers from 0 to below `limit`, the same for the same seed. */
function generator(seed) {
  let state = seed;
  return (limit) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return Math.floor((state / 2_147_483_648) * limit);
  };
}
