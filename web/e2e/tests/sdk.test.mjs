/** The SDK in Node against the real server: two clients, and a server that dies under them. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createConnection, createServer } from "node:net";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { agreed, connect, together } from "../support/clients.mjs";
import { CoboardServer } from "../support/server.mjs";
import { until } from "../support/until.mjs";

const TWO = { ana: {}, ben: {} };
/** How long two people type while the server comes and goes. */
const TYPING_MS = 6_000;

let server;
before(async () => {
  server = await CoboardServer.start();
});
after(() => server.stop());

function board() {
  const panels = [{ title: "CPU", text: "hello" }, { title: "Memory" }];
  return { title: "Two", count: 0, text: "", panels };
}

test("two clients edit one dashboard, type into one text and undo only their own", () =>
  together(server.url, board(), TWO, async (room) => {
    const [ana, ben] = room.handles;
    const text = `${ana.pathOf(["panels", 0])}/text`;
    const [here, there] = [ana.text(text), ben.text(text)];
    here.apply([5, " 😀 from Ana"]);
    there.apply([5, " from Ben"]);
    const both = () => [" 😀 from Ana", " from Ben"].every((part) => here.value.current.includes(part));
    await until("both texts are in", () => both() && here.value.current === there.value.current);
    const added = ana.edit("add", (edit) =>
      edit.insert("@0/panels", { title: "Disk", tags: ["x"] }, "start"),
    );
    assert.ok((await added.server).ok);
    await until("Ben sees it", () => ben.item(added.value));
    ben.edit("rename", (edit) => edit.set(`@${added.value}/title`, "Disks"));
    await until("Ana sees the name", () => ana.item(added.value)?.title === "Disks");
    ana.history.undo();
    await until("it is gone for Ben", () => ben.item(added.value) === undefined);
    ana.history.redo();
    await until("it is back with Ben's name", () => ben.item(added.value)?.title === "Disks");
    await agreed(room);
  }));

test("a person sees what is open on their own devices, and nobody else's", () =>
  together(server.url, board(), TWO, async ({ handles: [there], clients: [away, ben], id }) => {
    const here = connect(server.url, "ana");
    try {
      const view = { anchor: "2", offset: 0.5, from: "now-1h", to: "now" };
      there.tellView({ anchor: null });
      there.tellView(view);
      let devices = [];
      here.devices.subscribe(({ value = [] }) => {
        devices = value;
      });
      const open = () => devices.flatMap(({ tabs }) => tabs).find(({ client }) => client === away.clientId);
      await until("the view is told", () => open()?.documents[0]?.view?.from === "now-1h");
      const [document] = open().documents;
      assert.deepEqual([document.id, document.title, document.view], [id, "Two", view]);
      assert.equal(devices[0].isThis, true);

      let ofBen = null;
      ben.devices.subscribe(({ value = null }) => {
        ofBen = value;
      });
      await until("Ben sees his own", () => ofBen);
      assert.deepEqual(
        ofBen.flatMap(({ tabs }) => tabs.map(({ client }) => client)),
        [ben.clientId],
      );
      there.leave();
      await until("it is closed", () => open()?.documents.length === 0);
    } finally {
      await here.destroy();
    }
  }));

test("two clients see each other, and no longer when one leaves", () =>
  together(server.url, board(), TWO, async ({ handles: [ana, ben], clients }) => {
    const left = [];
    ana.on("leave", (user) => left.push(user.id));
    ben.presence.update({ selection: ["2"] });
    await until("Ana sees Ben's selection", () => ana.presence.others.current[0]?.presence.selection);
    assert.equal(ana.presence.others.current[0].user.name, "ben");
    assert.match(ana.presence.self.current.user.color, /^#[0-9A-F]{6}$/);
    await clients[1].destroy();
    await until("Ben is gone", () => ana.presence.others.current.length === 0);
    assert.deepEqual(left, ["ben"]);
  }));

test("a client edits while disconnected and converges afterwards", () =>
  together(server.url, board(), TWO, async (room) => {
    const { handles, clients } = room;
    const [ana, ben] = handles;
    clients[1].disconnect();
    const edit = ben.edit("offline", (edit) => edit.set("@0/title", "Made offline"));
    assert.equal(ben.sync.current.state, "offline-pending");
    assert.equal(ben.queue.entries.current[0].label, "offline");
    await ana.edit("meanwhile", (edit) => edit.set("@0/other", [1, { a: 2 }])).server;
    clients[1].connect();
    assert.ok((await edit.server).ok);
    const { title, other } = await agreed(room);
    assert.deepEqual({ title, other }, { title: "Made offline", other: [1, { a: 2 }] });
  }));

test("a client gets around a network that swallows WebSockets", async () => {
  const proxy = createServer(swallowWebSockets).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const client = connect(`http://127.0.0.1:${proxy.address().port}`, "ana");
  try {
    client.connect();
    await until("it is connected", () => client.connection.current.state === "connected", 30_000);
    assert.equal(client.connection.current.transport, "polling");
    const made = await client.dashboards.import({ count: 0 });
    const handle = client.join(made.value.id);
    await until("it has loaded", () => handle.content.current);
    const edit = handle.edit("count", (edit) => edit.add("@0/count", 1));
    assert.ok((await edit.server).ok);
  } finally {
    await client.destroy();
    proxy.close();
  }
});

test("a client follows the list of dashboards", async () => {
  const client = connect(server.url, "ana");
  const titles = () => {
    const { current } = client.dashboards.all;
    return current.status === "ready" ? current.value.map(({ title }) => title) : [];
  };
  try {
    const stop = client.dashboards.all.subscribe(() => {});
    await until("it is connected", () => client.connection.current.state === "connected");
    const made = await client.dashboards.create({ title: "Listed" });
    await until("it is in the list", () => titles().includes("Listed"));
    await client.dashboards.rename(made.value.id, "Renamed");
    await until("it has its new name", () => titles().includes("Renamed"));
    await client.dashboards.delete(made.value.id);
    await until("it is gone", () => !titles().includes("Renamed"));
    stop();
  } finally {
    await client.destroy();
  }
});

test("nothing is lost and nothing doubled while the server is killed", () =>
  together(server.url, board(), TWO, async (room) => {
    let made = 0;
    const refused = [];
    const end = Date.now() + TYPING_MS;
    const type = async (handle) => {
      while (Date.now() < end) {
        made += 1;
        const { server } = handle.edit("type", (edit) => {
          edit.add("@0/count", 1);
          edit.text("@0/text", [0, "x"]);
        });
        server.then((result) => result.ok || refused.push(result.error.code));
        await sleep(10 + 20 * Math.random());
      }
    };
    const typing = room.handles.map(type);
    while (Date.now() < end - 1_000) {
      await sleep(1_000);
      await server.kill();
      await sleep(300);
      await server.launch();
    }
    await Promise.all(typing);
    const { count, text } = await agreed(room);
    assert.deepEqual(refused, []);
    assert.deepEqual({ count, length: text.length }, { count: made, length: made });
  }));

/** Hands everything on to the server but WebSockets, which get no answer at all. */
function swallowWebSockets(socket) {
  socket.on("error", () => {});
  socket.once("data", (first) => {
    if (String(first).includes("transport=websocket")) {
      socket.resume();
      return;
    }
    const upstream = createConnection(server.port, "127.0.0.1");
    upstream.on("error", () => socket.destroy());
    upstream.write(first);
    socket.pipe(upstream).pipe(socket);
  });
}
