/** The SDK in Node against the real server: two clients, both transports, a server that dies under them. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createConnection, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@coboard/client";

const BINARY = process.env.COBOARD_BINARY;
const PATIENCE_MS = 10_000;

let data;
let port;
let server;

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await once(probe, "listening");
  const { port } = probe.address();
  probe.close();
  await once(probe, "close");
  return port;
}

async function startServer() {
  assert.ok(BINARY, "COBOARD_BINARY names the server");
  server = spawn(BINARY, ["serve", "--listen", `127.0.0.1:${port}`, "--data", data], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(server.stdout, "data");
}

async function stopServer(signal = "SIGTERM") {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill(signal);
  await once(server, "exit");
}

/** Waits until `check` holds; says what did not come true. */
async function until(what, check) {
  const end = Date.now() + PATIENCE_MS;
  while (!check()) {
    assert.ok(Date.now() < end, `not in time: ${what}`);
    await sleep(5);
  }
}

function connect(name, options = {}) {
  return createClient({ url: `http://127.0.0.1:${port}`, token: `open:${name}:${name}`, ...options });
}

/** Two clients in one fresh dashboard; gone when the run is over. */
async function withTwo(run, options = [{}, {}]) {
  const clients = [connect("ana", options[0]), connect("ben", options[1])];
  try {
    const panels = [{ title: "CPU", text: "hello" }, { title: "Memory" }];
    const made = await clients[0].dashboards.import({ title: "Two", count: 0, text: "", panels });
    assert.ok(made.ok);
    const [ana, ben] = clients.map((client) => client.join(made.value.id));
    await until("both have loaded", () => ana.content.current && ben.content.current);
    await run({ ana, ben, clients, id: made.value.id });
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
  }
}

async function converged({ ana, ben, clients, id }) {
  await Promise.all(clients.map((client) => client.whenNothingPending()));
  await until(
    "both are equal",
    () => JSON.stringify(ana.content.current) === JSON.stringify(ben.content.current),
  );
  const exported = await clients[0].dashboards.export(id);
  assert.deepEqual(exported.ok && exported.value, ana.content.current);
}

/** Hands everything on to the server but WebSockets, which get no answer at all. */
function swallowWebSockets(socket) {
  socket.on("error", () => {});
  socket.once("data", (first) => {
    if (String(first).includes("transport=websocket")) {
      socket.resume();
      return;
    }
    const upstream = createConnection(port, "127.0.0.1");
    upstream.on("error", () => socket.destroy());
    upstream.write(first);
    socket.pipe(upstream).pipe(socket);
  });
}

before(async () => {
  data = await mkdtemp(join(tmpdir(), "coboard-sdk-"));
  port = await freePort();
  await startServer();
});

after(async () => {
  await stopServer();
  await rm(data, { recursive: true, force: true });
});

describe("two clients of the SDK", () => {
  it("edit one dashboard, type into one text and undo only their own", () =>
    withTwo(async (two) => {
      const { ana, ben } = two;
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
      await converged(two);
    }));

  it("see each other and no longer when one leaves", () =>
    withTwo(async ({ ana, ben, clients }) => {
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

  it("edit while disconnected and converge afterwards", () =>
    withTwo(async (two) => {
      const { ana, ben, clients } = two;
      clients[1].disconnect();
      const edit = ben.edit("offline", (edit) => edit.set("@0/title", "Made offline"));
      assert.equal(ben.sync.current.state, "offline-pending");
      assert.equal(ben.queue.entries.current[0].label, "offline");
      await ana.edit("meanwhile", (edit) => edit.set("@0/other", [1, { a: 2 }])).server;
      clients[1].connect();
      assert.ok((await edit.server).ok);
      await converged(two);
      assert.equal(ana.content.current.title, "Made offline");
      assert.deepEqual(ben.content.current.other, [1, { a: 2 }]);
    }));

  it("work over polling alone", () =>
    withTwo(
      async (two) => {
        const { ana, ben, clients } = two;
        for (let round = 0; round < 20; round += 1) {
          ana.edit("count", (edit) => edit.add("@0/count", 1));
          ben.edit("count", (edit) => edit.add("@0/count", 1));
        }
        await converged(two);
        assert.equal(ana.content.current.count, 40);
        assert.deepEqual(
          clients.map(({ connection }) => connection.current.transport),
          ["polling", "websocket"],
        );
      },
      [{ transports: ["polling"] }, {}],
    ));

  it("get around a network that swallows WebSockets", async () => {
    const proxy = createServer(swallowWebSockets).listen(0, "127.0.0.1");
    await once(proxy, "listening");
    const client = connect("ana", { url: `http://127.0.0.1:${proxy.address().port}` });
    try {
      client.connect();
      const end = Date.now() + 3 * PATIENCE_MS;
      while (client.connection.current.state !== "connected" && Date.now() < end) await sleep(50);
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

  it("follow the list of dashboards", async () => {
    const client = connect("ana");
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

  it("lose nothing and double nothing while the server is stopped and killed", () =>
    withTwo(async (two) => {
      const { ana, ben } = two;
      let made = 0;
      const refused = [];
      const type = async (handle, letter, end) => {
        while (Date.now() < end) {
          made += 1;
          const { server } = handle.edit("type", (edit) => {
            edit.add("@0/count", 1);
            edit.text("@0/text", [0, letter]);
          });
          server.then((result) => result.ok || refused.push(result.error.code));
          await sleep(10 + 20 * Math.random());
        }
      };
      const end = Date.now() + 6_000;
      const typing = [type(ana, "a", end), type(ben, "b", end)];
      for (const signal of ["SIGTERM", "SIGKILL", "SIGKILL"]) {
        await sleep(1_200);
        await stopServer(signal);
        await sleep(300);
        await startServer();
      }
      await Promise.all(typing);
      await converged(two);
      assert.deepEqual(refused, []);
      assert.equal(ana.content.current.count, made);
      assert.equal(ana.content.current.text.length, made);
    }));
});
