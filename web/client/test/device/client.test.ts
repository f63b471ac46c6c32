/** A client with a device: who it is, what it restores, what it says of the safety of work. */
import { forceCloseDatabase } from "fake-indexeddb";
import { unwrap } from "idb";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { CoreConfig, KeptOperation, Output } from "../../src/core/boundary.js";
import { lastPerson } from "../../src/device/lastPerson.js";
import type { Locks } from "../../src/device/locks.js";
import { FakeCore, type FakeLink, fakeClient, note } from "../fakes.js";
import { type FakeLocks, freshDevice } from "./fakes.js";

let device: FakeLocks;
beforeEach(() => {
  device = freshDevice();
  sessionStorageOf();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

/** A tab's own storage, empty. */
function sessionStorageOf(): void {
  const entries = new Map<string, string>();
  vi.stubGlobal("sessionStorage", {
    getItem: (key: string) => entries.get(key) ?? null,
    setItem: (key: string, value: string) => void entries.set(key, value),
  });
}

const SNAPSHOT = JSON.stringify({ lineage: "L1", document: "d1", revision: 3, content: { items: {} } });
const content: Output = {
  type: "changed",
  reset: true,
  items: { "0": { title: "CPU" } },
  lists: {},
  change: null,
};

const nothing = { type: "keep" as const, snapshot: false, put: [], drop: [], reserve: null };

function operation(client: string, sequence: number): KeptOperation {
  return {
    id: { client, sequence },
    base: 3,
    components: { n: sequence },
    meta: { label: "rename" },
    at_ms: 5,
  };
}

/** A tab of this browser with a core that keeps what it is told; it lives until it dies. */
function openTab(more: { token?: string; locks?: Locks | null; persist?: () => Promise<boolean> } = {}) {
  const locks = device.tab();
  const configs: CoreConfig[] = [];
  const cores: FakeCore[] = [];
  const parts = fakeClient(
    { token: more.token ?? "open:ana:Ana" },
    {
      locks: more.locks === undefined ? locks : more.locks,
      persist: more.persist ?? null,
      makeCore: (config) => {
        configs.push(config);
        const core = new FakeCore();
        let pending = 0;
        core.answers = ({ type, operations }) => {
          if (type !== "restore") return [];
          pending = (operations as unknown[]).length;
          return [content, note({ revision: 3, pending_count: pending, joined: false })];
        };
        let sequence = (config.resume?.sequence ?? 0) + 1;
        core.editAnswer = () => {
          pending += 1;
          const made = operation(config.client, sequence);
          core.queued.push({
            id: made.id,
            label: "rename",
            item: null,
            at_ms: 5,
            inflight: false,
            sent: false,
          });
          sequence += 1;
          return {
            id: made.id,
            created: [],
            outputs: [
              note({ revision: 3, pending_count: pending }),
              { type: "keep", snapshot: false, put: [made], drop: [], reserve: null },
            ],
          };
        };
        cores.push(core);
        return core;
      },
    },
  );
  const core = async () => {
    await vi.waitFor(() => expect(cores).not.toHaveLength(0));
    return cores[0] as FakeCore;
  };
  const link = async () => {
    await vi.waitFor(() => expect(parts.server.links).not.toHaveLength(0));
    return parts.server.last();
  };
  const hello = async (): Promise<string> => {
    (await link()).events.opened("websocket");
    return String(parts.server.last().asked.find(({ event }) => event === "hello")?.payload.client);
  };
  /** The core says these at the next best moment. */
  const feed = async (outputs: Output[]) => {
    const made = await core();
    const before = made.answers;
    made.answers = () => outputs;
    parts.server.last().events.message("head", { document: "d1", revision: 99 });
    made.answers = before;
  };
  return { ...parts, locks, configs, cores, madeCore: core, link, hello, feed, die: () => locks.die() };
}

/** Joins d1 over a server that answers, so that the device has it. */
async function online(tab: ReturnType<typeof openTab>) {
  vi.stubGlobal("fetch", async () => new Response(SNAPSHOT));
  const handle = tab.client.join<{ title: string }>("d1");
  (await tab.link()).accept();
  await tab.madeCore();
  await tab.feed([
    { type: "session", session: "s1", role: "editor", client_number: 7, presence: [] },
    { ...nothing, reserve: { sequence: 20_000, counter: 20_000 } },
    { type: "fetch_snapshot", url: "/s", etag: '"L1.d1.3"' },
  ]);
  const core = await tab.madeCore();
  await vi.waitFor(() => expect(core.inputs.some(({ type }) => type === "snapshot")).toBe(true));
  core.snapshotText = SNAPSHOT;
  await tab.feed([content, note({ revision: 3 }), { ...nothing, snapshot: true }]);
  return handle;
}

/** As if the tab had work waiting in another Document, which nobody has open. */
async function leaveWorkIn(document: string, tab: ReturnType<typeof openTab>) {
  const writer = (await tab.client.device.scope)?.writer;
  const client = tab.client.clientId;
  const place = { user: "ana", document, lineage: "L1" };
  const numbers = { client_number: 7, sequence: 1_000, counter: 1_000 };
  const text = JSON.stringify(operation(client, 1));
  writer?.put("snapshots", { ...place, revision: 3, takenAtMs: 0, text: SNAPSHOT }, true);
  writer?.put("seats", { ...place, client, at: 3, numbers }, true);
  writer?.put("queue", { user: "ana", document, client, sequence: 1, base: 3, text }, true);
  await writer?.flush();
}

/** Lets the connection go. */
function cut(link: FakeLink): void {
  link.events.closed("closed");
}

describe("work", () => {
  it("is on the device soon, and the client says so", async () => {
    const tab = openTab();
    const handle = await online(tab);
    cut(tab.server.last());
    const edit = handle.edit("rename", (steps) => steps.set("@0/title", "x"));
    expect(handle.sync.current).toMatchObject({ state: "offline-pending", reason: "memory-only" });
    expect(tab.page.unload()).toBe(true);
    expect(await edit.client).toEqual({ ok: true, value: { durability: "device" } });
    expect(handle.sync.current).toMatchObject({
      state: "offline-pending",
      reason: "saved-on-device",
      durability: "device",
    });
    expect(tab.page.unload()).toBe(false);
  });

  it("that was refused with its document is listed in the next session of it, and safe", async () => {
    const tab = openTab();
    const handle = await online(tab);
    const { id, client } = handle.edit("rename", (steps) => steps.set("@0/title", "x"));
    await client;
    const ended = { type: "ended" as const, error: { code: "E_FORBIDDEN", message: "no longer" } };
    await tab.feed([ended]);
    const numbers = { pendingCount: 0, conflictCount: 1, durability: "server" };
    expect(handle.sync.current).toMatchObject({ state: "blocked", ...numbers });
    expect(tab.page.unload()).toBe(false);
    handle.leave();
    const again = tab.client.join("d1");
    await vi.waitFor(() => expect(tab.cores).toHaveLength(2));
    expect(tab.cores[0]?.freed).toBe(true);
    await vi.waitFor(() => expect(again.load.current).toMatchObject({ state: "ready", from: "device" }));
    expect(again.queue.refused.current.map((entry) => entry.id)).toEqual([id]);
    expect(again.sync.current).toMatchObject({ pendingCount: 0, conflictCount: 1 });
    again.queue.dismiss(id);
    again.leave();
    await tab.client.destroy();
  });

  it("is in memory alone when the data of the site was cleared, and whoever closes the page is asked", async () => {
    const tab = openTab();
    const handle = await online(tab);
    cut(tab.server.last());
    await handle.edit("rename", (steps) => steps.set("@0/title", "x")).client;
    expect(handle.sync.current.durability).toBe("device");
    const scope = await tab.client.device.scope;
    if (scope) forceCloseDatabase(unwrap(scope.database) as never);
    await vi.waitFor(() =>
      expect(handle.sync.current).toMatchObject({ state: "offline-pending", reason: "memory-only" }),
    );
    expect(tab.page.unload()).toBe(true);
    expect(tab.client.device.status.current).toMatchObject({ state: "unavailable" });
    const more = handle.edit("rename", (steps) => steps.set("@0/title", "y"));
    expect(await more.client).toEqual({ ok: true, value: { durability: "memory" } });
  });

  it("goes on after the tab has died, without a network, under the same name", async () => {
    const first = openTab();
    const handle = await online(first);
    const { client } = await handle.edit("rename", (steps) => steps.set("@0/title", "x"));
    await client;
    const name = first.client.clientId;
    first.die();

    const second = openTab();
    const again = second.client.join<{ title: string }>("d1");
    await vi.waitFor(() => expect(again.load.current).toMatchObject({ state: "ready", from: "device" }));
    expect(second.client.clientId).toBe(name);
    expect(second.configs[0]).toMatchObject({
      client: name,
      user: { id: "ana", name: "Ana" },
      keep: true,
      resume: { client_number: 7, sequence: 20_000, counter: 20_000 },
    });
    expect((await second.madeCore()).inputs[0]).toEqual({
      type: "restore",
      snapshot: JSON.parse(SNAPSHOT),
      messages: [],
      operations: [operation(name, 1)],
    });
    expect(again.content.current).toEqual({ title: "CPU" });
    expect(again.sync.current).toMatchObject({ state: "offline-pending", reason: "saved-on-device" });
    const more = again.edit("rename", (steps) => steps.set("@0/title", "y"));
    expect(more.id.sequence).toBe(20_001);
    expect(await more.client).toEqual({ ok: true, value: { durability: "device" } });
  });

  it("is listed and can be taken away as a file, also of other tabs", async () => {
    const first = openTab();
    const handle = await online(first);
    await handle.edit("rename", (steps) => steps.set("@0/title", "x")).client;
    const file = JSON.parse(await (await handle.queue.exportJson()).text());
    expect(file.documents).toEqual([
      { document: "d1", waiting: [operation(first.client.clientId, 1)], refused: [] },
    ]);
    const other = openTab();
    other.client.connect();
    await vi.waitFor(() => expect(other.client.device.documents.current).toHaveLength(1));
    expect(other.client.device.documents.current[0]).toMatchObject({
      id: "d1",
      title: "CPU",
      pendingCount: 1,
    });
    const all = JSON.parse(await (await other.client.exportUnsaved()).text());
    expect(all.documents).toEqual(file.documents);
  });

  it("that was refused is listed until it is dismissed, also after a reload", async () => {
    const first = openTab();
    const handle = await online(first);
    const { id } = handle.edit("rename", (steps) => steps.set("@0/title", "x"));
    await first.feed([
      {
        type: "reject",
        ...operation(id.client, id.sequence),
        error: { code: "E_SCHEMA", message: "no" },
      },
      note({ revision: 3 }),
      { ...nothing, drop: [id.sequence] },
    ]);
    expect(handle.queue.refused.current).toMatchObject([
      { id, label: "rename", error: { code: "E_SCHEMA" } },
    ]);
    await (await first.client.device.scope)?.writer.flush();
    first.die();
    const second = openTab();
    const again = second.client.join("d1");
    await vi.waitFor(() => expect(again.queue.refused.current).toHaveLength(1));
    again.queue.dismiss(id);
    expect(again.queue.refused.current).toEqual([]);
    await second.client.destroy();
    second.die();
    const third = openTab().client.join("d1");
    await vi.waitFor(() => expect(third.load.current.from).toBe("device"));
    expect(third.queue.refused.current).toEqual([]);
  });

  it("that was never sent can be given up, and is listed apart from what was refused", async () => {
    const tab = openTab();
    const handle = await online(tab);
    cut(tab.server.last());
    const { id, server } = handle.edit("rename", (steps) => steps.set("@0/title", "x"));
    expect(handle.queue.entries.current).toMatchObject([{ id, discardable: true }]);
    const core = await tab.madeCore();
    const errors: unknown[] = [];
    tab.client.on("error", (error) => errors.push(error));
    core.answers = ({ type }) =>
      type === "discard"
        ? [
            {
              type: "reject",
              ...operation(id.client, id.sequence),
              error: { code: "E_DISCARDED", message: "it was discarded before it was sent" },
            },
            note({ revision: 3 }),
            { ...nothing, drop: [id.sequence] },
          ]
        : [];
    handle.queue.discard(id);
    expect(core.inputs.at(-1)).toEqual({ type: "discard", id });
    expect(handle.sync.current).toMatchObject({ state: "synced", conflictCount: 0 });
    expect(handle.queue.refused.current).toEqual([]);
    expect(handle.queue.discarded.current).toMatchObject([{ id, label: "rename" }]);
    expect(await server).toMatchObject({ ok: false, error: { code: "E_DISCARDED" } });
    expect(errors).toEqual([]);
    handle.queue.dismiss(id);
    expect(handle.queue.discarded.current).toEqual([]);
  });

  it("that met something tells so once, though a reload comes before the device has its entry", async () => {
    const first = openTab();
    const handle = await online(first);
    const { id, client } = handle.edit("rename", (steps) => steps.set("@0/title", "x"));
    await client;
    // The answer to the submit says what it met; its entry comes later, or after the reload.
    const met: Output = {
      type: "conflicts",
      id,
      revision: 4,
      conflicts: ["@0/title", "@0/unit"].map((cell) => ({
        kind: "lost_write",
        cell,
        before: { value: "a" },
        theirs: { value: "b" },
        mine: { value: "x" },
        winner: "theirs",
        policy: "first",
        operations: [id, { client: "c-ben", sequence: 9 }],
      })),
    };
    await first.feed([met]);
    expect(handle.conflicts.open.current.map(({ id: one }) => one)).toEqual(["4.0", "4.1"]);
    handle.conflicts.dismiss("4.1");
    await (await first.client.device.scope)?.writer.flush();
    first.die();

    const second = openTab();
    const again = second.client.join("d1");
    const heard = vi.fn();
    again.on("conflict", heard);
    await vi.waitFor(() => expect(again.load.current).toMatchObject({ state: "ready", from: "device" }));
    (await second.link()).accept();
    await second.feed([met, { ...nothing, drop: [id.sequence] }]);
    expect(again.conflicts.open.current.map(({ id: one }) => one)).toEqual(["4.0"]);
    expect(heard).not.toHaveBeenCalled();
  });

  it("that was refused or met something is decided once, though several tabs list it", async () => {
    const first = openTab();
    const handle = await online(first);
    const { id } = handle.edit("rename", (steps) => steps.set("@0/title", "x"));
    const met: Output = {
      type: "conflicts",
      id,
      revision: 4,
      conflicts: [
        {
          kind: "lost_write",
          cell: "@0/title",
          before: { value: "a" },
          theirs: { value: "b" },
          mine: { value: "x" },
          winner: "theirs",
          policy: "first",
          operations: [id, { client: "c-ben", sequence: 9 }],
        },
      ],
    };
    await first.feed([
      met,
      { type: "reject", ...operation(id.client, id.sequence), error: { code: "E_SCHEMA", message: "no" } },
      note({ revision: 3 }),
      { ...nothing, drop: [id.sequence] },
    ]);
    await (await first.client.device.scope)?.writer.flush();
    sessionStorageOf();
    const again = openTab().client.join("d1");
    await vi.waitFor(() => expect(again.queue.refused.current).toHaveLength(1));
    await vi.waitFor(() => expect(again.conflicts.open.current).toHaveLength(1));
    handle.queue.dismiss(id);
    handle.conflicts.dismiss("4.0");
    await vi.waitFor(() => expect(again.queue.refused.current).toEqual([]));
    await vi.waitFor(() => expect(again.conflicts.open.current).toEqual([]));
    expect(again.queue.retry(id)).toBeNull();
  });

  it("that the core does not take back is listed, and can be exported", async () => {
    const first = openTab();
    await (await online(first)).edit("rename", (steps) => steps.set("@0/title", "x")).client;
    first.die();
    vi.spyOn(FakeCore.prototype, "handle").mockImplementation(() =>
      JSON.stringify([{ type: "restore_failed", error: { code: "E_DEVICE_STORAGE" } }]),
    );
    const second = openTab();
    const again = second.client.join("d1");
    await vi.waitFor(() => expect(again.queue.refused.current).toHaveLength(1));
    expect(again.queue.refused.current[0]?.error.code).toBe("E_DEVICE_STORAGE");
    expect(again.load.current).toMatchObject({ state: "loading", from: "server" });
  });
});

describe("identities", () => {
  it("that were never connected in a Document can read it, and nothing is lost by trying more", async () => {
    const first = openTab();
    await online(first);
    await (await first.client.device.scope)?.writer.flush();
    sessionStorageOf();
    const second = openTab();
    const handle = second.client.join<{ title: string }>("d1");
    await vi.waitFor(() => expect(handle.content.current).toEqual({ title: "CPU" }));
    expect(handle.sync.current).toMatchObject({
      state: "blocked",
      reason: "read-only",
      error: { code: "E_UNAVAILABLE" },
    });
    const edit = handle.edit("rename", (steps) => steps.set("@0/title", "x"));
    expect(await edit.server).toMatchObject({ ok: false, error: { code: "E_UNAVAILABLE" } });
    expect((await second.madeCore()).edits).toEqual([]);
    // Connected is not enough: nothing can be made before the server has let us in.
    (await second.link()).accept();
    expect(handle.sync.current).toMatchObject({ state: "syncing", reason: "loading" });
    const session = {
      type: "session",
      session: "s2",
      role: "editor",
      client_number: 8,
      presence: [],
    } as const;
    await second.feed([session, note({ revision: 3 })]);
    expect(handle.sync.current).toMatchObject({ state: "synced" });
  });

  it("of a tab that is gone go on in the Document that they know, whoever the page is", async () => {
    const [first, other] = [openTab(), openTab()];
    await (await online(first)).edit("rename", (steps) => steps.set("@0/title", "x")).client;
    const name = first.client.clientId;
    // The identity of the page is that of the other tab, which never saw the Document.
    sessionStorageOf();
    other.client.connect();
    await other.hello();
    (await other.link()).accept();
    await vi.waitFor(() => expect(other.client.device.status.current.state).toBe("ready"));
    const page = other.client.clientId;
    expect(page).not.toBe(name);
    first.die();
    const handle = other.client.join<{ title: string }>("d1");
    await vi.waitFor(() => expect(handle.content.current).toEqual({ title: "CPU" }));
    expect(other.client.clientId).toBe(page);
    expect(other.configs[0]).toMatchObject({ client: name, resume: { client_number: 7 } });
    expect(handle.edit("rename", (steps) => steps.set("@0/title", "y")).id.client).toBe(name);
  });

  it("of a tab that is gone send what it had elsewhere, though this page holds them for one Document", async () => {
    const [first, other] = [openTab(), openTab()];
    await online(first);
    const name = first.client.clientId;
    await leaveWorkIn("d2", first);
    sessionStorageOf();
    other.client.connect();
    await other.hello();
    (await other.link()).accept();
    await vi.waitFor(() => expect(other.client.device.status.current.state).toBe("ready"));
    first.die();
    const handle = other.client.join("d1");
    await vi.waitFor(() => expect(handle.load.current.state).toBe("ready"));
    expect(other.configs.map(({ document, client }) => [document, client])).toEqual([["d1", name]]);
    // A new connection makes it look for what waits.
    other.client.reconnect();
    await vi.waitFor(() => expect(other.server.links).toHaveLength(2));
    other.server.last().accept();
    await vi.waitFor(() => expect(other.configs).toHaveLength(2), { timeout: 3_000 });
    expect(other.configs[1]).toMatchObject({ document: "d2", client: name, resume: { client_number: 7 } });
    // Where somebody opens it meanwhile, nobody is that client a second time.
    const again = other.client.join("d2");
    await vi.waitFor(() => expect(again.load.current.state).toBe("ready"));
    expect(other.configs[2]?.client).toBe(other.client.clientId);
  });

  it("of a tab that is gone go on in all Documents that they know", async () => {
    const [first, other] = [openTab(), openTab()];
    await online(first);
    const name = first.client.clientId;
    await leaveWorkIn("d2", first);
    sessionStorageOf();
    other.client.connect();
    await other.hello();
    (await other.link()).accept();
    await vi.waitFor(() => expect(other.client.device.status.current.state).toBe("ready"));
    first.die();
    for (const document of ["d1", "d2"]) {
      const handle = other.client.join(document);
      await vi.waitFor(() => expect(handle.load.current.state).toBe("ready"));
    }
    expect(other.configs.map(({ document, client }) => [document, client])).toEqual([
      ["d1", name],
      ["d2", name],
    ]);
  });

  it("whose numbers cannot be read are not used: somebody new gives no number twice", async () => {
    const first = openTab();
    await (await online(first)).edit("rename", (steps) => steps.set("@0/title", "x")).client;
    const name = first.client.clientId;
    first.die();
    const second = openTab();
    second.client.connect();
    expect(await second.hello()).toBe(name);
    const scope = await second.client.device.scope;
    if (!scope) throw new Error("the device is there");
    vi.spyOn(scope.database, "getAll").mockRejectedValue(new DOMException("gone", "UnknownError"));
    const handle = await online(second);
    const { id } = handle.edit("rename", (steps) => steps.set("@0/title", "y"));
    expect(second.configs[0]?.resume).toBeUndefined();
    expect(id.client).toBe(second.configs[0]?.client);
    expect(id.client).not.toBe(name);
    expect(second.client.device.status.current.state).toBe("unavailable");
  });

  it("are never those of a tab that lives", async () => {
    const first = openTab();
    await online(first);
    sessionStorageOf();
    const second = openTab();
    second.client.connect();
    expect(await second.hello()).not.toBe(first.client.clientId);
  });

  it("with work that waits come first", async () => {
    const [busy, idle] = [openTab(), openTab()];
    await (await online(busy)).edit("rename", (steps) => steps.set("@0/title", "x")).client;
    sessionStorageOf();
    await online(idle);
    await (await idle.client.device.scope)?.writer.flush();
    for (const tab of [busy, idle]) tab.die();
    sessionStorageOf();
    const next = openTab();
    next.client.connect();
    expect(await next.hello()).toBe(busy.client.clientId);
  });

  it("are known, and the tab connects, while another tab holds up the list of what is here", async () => {
    const first = openTab();
    await online(first);
    const scope = await first.client.device.scope;
    await scope?.writer.flush();
    const held = scope?.database.transaction("lists", "readwrite");
    let isHeld = true;
    const holding = (async () => {
      while (isHeld) await held?.store.get("nobody");
    })();
    sessionStorageOf();
    const second = openTab();
    second.client.connect();
    expect(await second.hello()).toBe(second.client.clientId);
    expect(second.client.device.status.current.state).toBe("ready");
    isHeld = false;
    await holding;
  });

  it("belong to a person: another token gets nothing of it", async () => {
    const first = openTab();
    await online(first);
    await (await first.client.device.scope)?.writer.flush();
    first.die();
    const stranger = openTab({ token: "open:eve:Eve" });
    const handle = stranger.client.join("d1");
    expect(await stranger.hello()).not.toBe(first.client.clientId);
    expect(stranger.client.device.status.current).toEqual({ state: "waiting" });
    expect(stranger.client.device.documents.current).toEqual([]);
    expect(handle.load.current.state).toBe("loading");
  });
});

describe("the device", () => {
  it("knows who was here last", async () => {
    const url = "http://127.0.0.1:7420";
    expect(await lastPerson(url)).toBeNull();
    const tab = openTab();
    await online(tab);
    await (await tab.client.device.scope)?.writer.flush();
    expect(await lastPerson(url)).toEqual({ id: "ana", name: "Ana" });
  });

  it("is asked to keep what it has with the first edit that waits", async () => {
    const persist = vi.fn(async () => true);
    const tab = openTab({ persist });
    const handle = await online(tab);
    await handle.edit("rename", (steps) => steps.set("@0/title", "x")).client;
    expect(persist).not.toHaveBeenCalled();
    cut(tab.server.last());
    await handle.edit("rename", (steps) => steps.set("@0/title", "y")).client;
    expect(persist).toHaveBeenCalledTimes(1);
    await vi.waitFor(() =>
      expect(tab.client.device.status.current).toEqual({ state: "ready", persisted: true }),
    );
  });

  it("may be missing: work lives in memory, and the status says why", async () => {
    const tab = openTab({ locks: null });
    const handle = await online(tab);
    expect(tab.client.device.status.current).toMatchObject({
      state: "unavailable",
      error: { code: "E_DEVICE_STORAGE" },
    });
    const edit = handle.edit("rename", (steps) => steps.set("@0/title", "x"));
    expect(await edit.client).toEqual({ ok: true, value: { durability: "memory" } });
    expect(handle.sync.current.durability).toBe("memory");
    expect(tab.page.unload()).toBe(true);
  });
});

it("sends what waits for a tab that is gone, under its name, when nobody opens the Document", async () => {
  const first = openTab();
  await (await online(first)).edit("rename", (steps) => steps.set("@0/title", "x")).client;
  const name = first.client.clientId;
  sessionStorageOf();
  const second = openTab();
  second.client.connect();
  (await second.link()).accept();
  const waited = vi.waitFor(() => expect(second.configs).toHaveLength(1), { timeout: 9_000 });
  // It still lives: nothing is sent.
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(second.configs).toEqual([]);
  first.die();
  // A page that reloads has a while to come back; a new connection makes it look at once.
  const looks = setInterval(() => {
    second.client.reconnect();
    setTimeout(() => second.server.last().accept(), 50);
  }, 1_000);
  await waited;
  clearInterval(looks);
  expect(second.configs[0]).toMatchObject({ client: name, document: "d1" });
  expect(second.client.clientId).not.toBe(name);
  const core = await second.madeCore();
  await vi.waitFor(() => expect(core.inputs.map(({ type }) => type)).toContain("connected"));
  expect(core.inputs[0]).toMatchObject({
    type: "restore",
    operations: [{ id: { client: name, sequence: 1 } }],
  });
}, 12_000);
