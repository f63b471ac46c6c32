/** A joined Document over a fake core: outputs become state first and news afterwards. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Conflict } from "../src/api/conflicts.js";
import type { ChangeNote, Output } from "../src/core/boundary.js";
import { SNAPSHOT_STALL_MS } from "../src/document/snapshotFetch.js";
import { CoboardError } from "../src/errors.js";
import { fakeClient, note, settle } from "./fakes.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const change = (over: Partial<ChangeNote> = {}): ChangeNote => ({
  revision: 4,
  origin: "remote",
  author: "ben",
  client: "c-ben",
  at_ms: 5,
  label: "rename",
  kind: "edit",
  count: 1,
  paths: ["@0/title"],
  items: ["0"],
  ...over,
});

const loaded: Output[] = [
  { type: "session", session: "s1", role: "editor", client_number: 1, presence: [] },
  {
    type: "changed",
    reset: true,
    items: { "0": { title: "CPU", panels: { $l: "3" } }, "17": { text: "hello" } },
    lists: { "3": ["17"] },
    change: null,
  },
  note({ revision: 3 }),
];

const ended = (code: string): Output => ({ type: "ended", error: { code, message: "gone" } });

interface Content {
  title: string;
  panels: { text: string }[];
}

/** A client that has joined "d1" and loaded it. */
async function joined() {
  const parts = fakeClient();
  const handle = parts.client.join<Content>("d1");
  await settle();
  parts.server.last().accept();
  parts.server.last().answer("ping", { ok: true, value: { heads: [] } });
  await settle();
  const core = parts.core();
  const feed = (outputs: Output[]) => {
    core.answers = () => outputs;
    parts.server.last().events.message("head", { document: "d1", revision: 99 });
    core.answers = () => [];
  };
  feed(loaded);
  return { ...parts, handle, core, feed };
}

describe("joining", () => {
  it("connects, makes the core after the handshake and feeds it", async () => {
    const { client, server, cores } = fakeClient();
    const handle = client.join("d1");
    expect(handle.load.current.state).toBe("loading");
    expect(handle.content.current).toBeNull();
    expect(handle.sync.current).toMatchObject({ state: "syncing", reason: "loading" });
    await settle();
    expect(cores).toHaveLength(0);
    server.last().accept();
    expect(cores[0]?.inputs).toEqual([{ type: "connected" }]);
    expect(() => handle.edit("x", (edit) => edit.remove("@0/title"))).toThrow("not loaded yet");
  });

  it("tells when it can be read and edited", async () => {
    const parts = fakeClient();
    const handle = parts.client.join<Content>("d1");
    const told: unknown[] = [];
    void handle.whenLoaded().then((answer) => told.push([answer, handle.content.current?.title]));
    await settle();
    parts.server.last().accept();
    await settle();
    expect(told).toEqual([]);
    parts.core().answers = () => loaded;
    parts.server.last().events.message("head", { document: "d1", revision: 99 });
    parts.core().answers = () => [];
    await settle();
    const loadedOk = { ok: true, value: undefined };
    expect(told).toEqual([[loadedOk, "CPU"]]);
    expect(await handle.whenLoaded()).toEqual(loadedOk);
    handle.leave();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await handle.whenLoaded()).toMatchObject({ ok: false, error: { code: "E_UNAVAILABLE" } });
  });

  it("tells that it cannot be loaded, or was left before it was", async () => {
    const { client, server, core } = fakeClient();
    const gone = client.join("d1").whenLoaded();
    await settle();
    server.last().accept();
    core().answers = () => [ended("E_NOT_FOUND")];
    server.last().events.message("head", { document: "d1", revision: 99 });
    expect(await gone).toMatchObject({ ok: false, error: { code: "E_NOT_FOUND" } });
    expect(await client.join("d1").whenLoaded()).toMatchObject({ ok: false, error: { code: "E_NOT_FOUND" } });
    const second = client.join("d2");
    const left = second.whenLoaded();
    second.leave();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await left).toMatchObject({ ok: false, error: { code: "E_UNAVAILABLE" } });
  });

  it("tries to load the core again with the next connection", async () => {
    const loadCore = vi.fn(async () => {});
    loadCore.mockRejectedValueOnce(new CoboardError("E_CORE_LOAD", "blocked"));
    const { client, server, cores } = fakeClient({}, { loadCore });
    const errors: string[] = [];
    client.on("error", ({ code }) => errors.push(code));
    const handle = client.join("d1");
    await settle();
    expect(handle.load.current).toMatchObject({ state: "failed", error: { code: "E_CORE_LOAD" } });
    expect(errors).toEqual(["E_CORE_LOAD"]);
    server.last().accept();
    await settle();
    expect(cores[0]?.inputs).toEqual([{ type: "connected" }]);
  });

  it("sends what the core asks and feeds the answer", async () => {
    const { core, server, feed } = await joined();
    feed([{ type: "request", request: 7, event: "catch_up", payload: { document: "d1", since: 3 } }]);
    expect(server.last().asked.at(-1)).toMatchObject({ event: "catch_up", payload: { since: 3 } });
    server.last().answer("catch_up", { ok: true, value: { catch_up: {} } });
    expect(core.inputs.at(-1)).toEqual({
      type: "answer",
      request: 7,
      answer: { ok: true, value: { catch_up: {} } },
    });
  });

  it("wakes the core when its time has come", async () => {
    const { core, feed } = await joined();
    core.timeout = Date.now() + 1_000;
    feed([]);
    core.inputs.length = 0;
    core.timeout = undefined;
    await vi.advanceTimersByTimeAsync(999);
    expect(core.inputs).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(core.inputs).toEqual([{ type: "timeout" }]);
  });

  it("tells the core that the connection is gone, and back", async () => {
    const { core, server } = await joined();
    core.inputs.length = 0;
    server.last().events.closed("closed");
    await vi.advanceTimersByTimeAsync(250);
    server.last().accept();
    expect(core.inputs.map(({ type }) => type)).toEqual(["disconnected", "connected"]);
  });

  it("is shared and counted, and leaves a while after the last one has left", async () => {
    const { client, handle, core, server } = await joined();
    expect(client.join("d1")).toBe(handle);
    handle.leave();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(core.freed).toBe(false);
    handle.leave();
    await vi.advanceTimersByTimeAsync(500);
    client.join("d1");
    await vi.advanceTimersByTimeAsync(2_000);
    expect(core.freed).toBe(false);
    handle.leave();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(core.freed).toBe(true);
    expect(server.last().sent.at(-1)).toEqual({ event: "leave", payload: { document: "d1", session: "s1" } });
  });

  it("stays, though left, until its work is committed", async () => {
    const { handle, core, feed } = await joined();
    feed([note({ pending_count: 1 })]);
    handle.leave();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(core.freed).toBe(false);
    feed([note({ pending_count: 0 })]);
    await vi.advanceTimersByTimeAsync(10);
    expect(core.freed).toBe(true);
  });
});

describe("changes", () => {
  it("gives new content and one change event, after the state is complete", async () => {
    const { handle, feed } = await joined();
    const seen: unknown[] = [];
    handle.content.subscribe((content) => seen.push([content?.title, handle.sync.current.revision]));
    handle.on("change", (event) => seen.push(event));
    feed([
      {
        type: "changed",
        items: { "0": { title: "Memory", panels: { $l: "3" } } },
        lists: {},
        change: change(),
      },
      note({ revision: 4 }),
    ]);
    expect(seen).toEqual([
      ["Memory", 4],
      expect.objectContaining({ origin: "remote", author: "ben", atMs: 5, revision: 4 }),
    ]);
  });

  it("tells what a listener causes after what it was told", async () => {
    const { handle, core, feed } = await joined();
    const order: string[] = [];
    core.editAnswer = () => ({
      id: { client: "c", sequence: 1 },
      created: [],
      outputs: [
        {
          type: "changed",
          items: { "0": { title: "inner", panels: { $l: "3" } } },
          lists: {},
          change: change({ label: "inner" }),
        },
      ],
    });
    handle.on("change", ({ label }) => {
      order.push(`first ${label}`);
      if (label === "outer") handle.edit("inner", (edit) => edit.set("@0/title", "inner"));
    });
    handle.on("change", ({ label }) => order.push(`second ${label}`));
    feed([
      {
        type: "changed",
        items: { "0": { title: "outer", panels: { $l: "3" } } },
        lists: {},
        change: change({ label: "outer" }),
      },
    ]);
    expect(order).toEqual(["first outer", "second outer", "first inner", "second inner"]);
    expect(handle.content.current?.title).toBe("inner");
  });

  it("tells of a reset after the first load", async () => {
    const { handle, feed } = await joined();
    const reset = vi.fn();
    handle.on("reset", reset);
    feed([...loaded, note({ revision: 9 })]);
    expect(reset).toHaveBeenCalledWith({ to: 9 });
  });

  it("ends with a deleted Document and answers what was on its way", async () => {
    const { client, handle, core, feed } = await joined();
    core.editAnswer = () => ({ id: { client: "c", sequence: 1 }, created: [], outputs: [] });
    const { server } = handle.edit("x", (edit) => edit.remove("@0/title"));
    const deleted = vi.fn();
    const errors = vi.fn();
    handle.on("deleted", deleted);
    client.on("error", errors);
    feed([{ type: "ended", error: { code: "E_NOT_FOUND", message: "gone" } }]);
    expect(deleted).toHaveBeenCalledOnce();
    expect(errors.mock.calls[0]?.[0]).toMatchObject({ code: "E_NOT_FOUND" });
    expect(await server).toMatchObject({ ok: false, error: { code: "E_NOT_FOUND" } });
    expect(handle.content.current?.title).toBe("CPU");
    expect(handle.sync.current).toMatchObject({ state: "blocked" });
    const late = handle.edit("late", (edit) => edit.set("@0/title", "x"));
    expect(await late.server).toMatchObject({ ok: false, error: { code: "E_NOT_FOUND" } });
    expect(handle.history.undo()).toBeNull();
  });

  it("has nothing that waits once it has ended, and is opened anew when all have left it", async () => {
    const { client, handle, page, core, cores, server, feed } = await joined();
    feed([note({ pending_count: 1, inflight: true, oldest_unacked_at_ms: 5 })]);
    let idle = false;
    void client.whenNothingPending().then(() => {
      idle = true;
    });
    feed([ended("E_FORBIDDEN")]);
    await settle();
    expect(idle).toBe(true);
    expect(handle.sync.current).toMatchObject({
      state: "blocked",
      pendingCount: 0,
      inflight: false,
      oldestUnackedMs: null,
      durability: "server",
    });
    expect(page.unload()).toBe(false);
    handle.leave();
    const again = client.join("d1");
    await settle();
    expect(core.freed).toBe(true);
    expect(again).not.toBe(handle);
    expect(cores).toHaveLength(2);
    expect(again.sync.current).toMatchObject({ state: "syncing", reason: "loading" });
    again.leave();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(cores[1]?.freed).toBe(true);
    expect(server.links).toHaveLength(1);
  });

  it("frees what has ended though work was waiting", async () => {
    const { handle, core, feed } = await joined();
    feed([note({ pending_count: 1 }), ended("E_NOT_FOUND")]);
    handle.leave();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(core.freed).toBe(true);
  });

  it("keeps what could not be sent, and is in memory alone, until somebody has seen it", async () => {
    const { client, handle, page, core, feed } = await joined();
    const operation = { id: { client: "c", sequence: 1 }, base: 3, components: {}, meta: {}, at_ms: 5 };
    core.queued = [{ ...operation, label: "a", item: null, inflight: true, sent: true }];
    feed([
      { type: "keep", snapshot: false, put: [operation], drop: [], reserve: null },
      note({ pending_count: 1 }),
    ]);
    feed([ended("E_FORBIDDEN")]);
    const numbers = { pendingCount: 0, conflictCount: 1, durability: "memory" };
    expect(handle.sync.current).toMatchObject(numbers);
    expect(handle.queue.entries.current).toEqual([]);
    expect(page.unload()).toBe(true);
    handle.leave();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(core.freed).toBe(false);
    const again = client.join("d1");
    await settle();
    expect(core.freed).toBe(true);
    expect(again.queue.refused.current).toMatchObject([{ id: operation.id }]);
    again.queue.dismiss(operation.id);
    expect(again.queue.refused.current).toEqual([]);
  });

  it("still holds what waits when the core breaks, and gives it as a file", async () => {
    const { client, handle, core, page, server, feed } = await joined();
    const operation = { id: { client: "c", sequence: 1 }, base: 3, components: {}, meta: {}, at_ms: 5 };
    feed([
      { type: "keep", snapshot: false, put: [operation], drop: [], reserve: null },
      note({ pending_count: 1 }),
    ]);
    const broken = () => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    core.answers = broken;
    core.queue = broken;
    server.last().events.message("committed", { document: "d1" });
    expect(handle.sync.current).toMatchObject({ state: "blocked", pendingCount: 1, durability: "memory" });
    expect(page.unload()).toBe(true);
    expect(JSON.parse(await (await client.exportUnsaved()).text()).documents).toMatchObject([
      { document: "d1", waiting: [operation] },
    ]);
    handle.leave();
    expect(client.join("d1")).toBe(handle);
  });

  it("leaves out a message that the core cannot read, and ends when the core breaks", async () => {
    const { client, core, handle, server } = await joined();
    const codes: string[] = [];
    client.on("error", ({ code }) => codes.push(code));
    const send = (cause: Error) => {
      core.answers = () => {
        throw cause;
      };
      server.last().events.message("committed", { document: "d1" });
    };
    send(new Error("missing field"));
    expect(handle.sync.current.state).toBe("synced");
    send(new WebAssembly.RuntimeError("unreachable"));
    expect(handle.sync.current).toMatchObject({ state: "blocked" });
    expect(codes).toEqual(["E_BAD_JSON", "E_CORE_LOAD"]);
  });

  it("tells the core that the server has ended the session", async () => {
    const { core, server } = await joined();
    const error = { code: "E_OVERLOADED", retry: "after_backoff", message: "too slow", details: {} };
    server.last().events.message("session_ended", { document: "d1", session: "s1", error });
    expect(core.inputs.at(-1)).toEqual({ type: "session_ended", session: "s1", error });
  });
});

describe("edits", () => {
  it("collects the steps of one edit into one request, with ids known at once", async () => {
    const { handle, core } = await joined();
    core.editAnswer = () => ({ id: { client: "c", sequence: 4 }, created: ["901"], outputs: [] });
    const submitted = handle.edit(
      "add",
      (edit) => {
        const item = edit.insert("@0/panels", { text: "" }, { after: "17" });
        edit.set(`@${item}/text`, "new");
        edit.text("@17/text", [5, "\r\n", { delete: 1 }]);
        edit.add("@17/n", 2);
        edit.move("17", "@0/panels", "start");
        edit.trash("17");
        return item;
      },
      { atomic: true },
    );
    expect(submitted.value).toBe("901");
    expect(submitted.id).toEqual({ client: "c", sequence: 4 });
    expect(core.edits).toEqual([
      {
        label: "add",
        atomic: true,
        steps: [
          { insert: { list: "@0/panels", value: { text: "" }, item: "901", at: { after: "17" } } },
          { set: { path: "@901/text", value: "new" } },
          { text: { path: "@17/text", delta: [5, "\n", { d: 1 }] } },
          { add: { path: "@17/n", by: 2 } },
          { move: { item: "17", list: "@0/panels", at: "start" } },
          { trash: { item: "17" } },
        ],
      },
    ]);
  });

  it("restores a trashed item to where it stood", async () => {
    const { handle, core, feed } = await joined();
    const order = (items: string[]): Output => ({
      type: "changed",
      items: {},
      lists: { "3": items },
      change: change(),
    });
    expect(() => handle.edit("restore", (edit) => edit.restore("17"))).toThrow("former place");
    feed([order(["17", "19", "21"]), order(["17", "21"])]);
    handle.edit("restore", (edit) => edit.restore("19"));
    feed([order(["21"])]);
    handle.edit("restore", (edit) => edit.restore("17"));
    handle.edit("restore", (edit) => edit.restore("19", "start"));
    expect(core.edits.flatMap(({ steps }) => steps)).toEqual([
      { move: { item: "19", list: "@0/panels", at: { after: "17" } } },
      { move: { item: "17", list: "@0/panels", at: "start" } },
      { move: { item: "19", list: "@0/panels", at: "start" } },
    ]);
  });

  it("resolves on ack and on reject", async () => {
    const { handle, core, feed } = await joined();
    let sequence = 0;
    core.editAnswer = () => {
      sequence += 1;
      return { id: { client: "c", sequence }, created: [], outputs: [] };
    };
    const first = handle.edit("a", (edit) => edit.set("@0/title", "a"));
    const second = handle.edit("b", (edit) => edit.set("@0/title", "b"));
    expect(await first.client).toEqual({ ok: true, value: { durability: "memory" } });
    feed([
      { type: "ack", id: first.id, revision: 8 },
      {
        type: "reject",
        base: 3,
        components: {},
        meta: {},
        at_ms: 5,
        id: second.id,
        error: { code: "E_DOC_LIMIT", message: "full", details: { size_bytes: 9 } },
      },
    ]);
    expect(await first.server).toEqual({ ok: true, value: { revision: 8 } });
    const refused = await second.server;
    expect(refused.ok === false && refused.error.details).toEqual({ sizeBytes: 9 });
  });

  it("sends nothing for an edit that does nothing, and nothing when the change throws", async () => {
    const { handle, core } = await joined();
    const { id, server } = handle.edit("nothing", () => 5);
    expect(id.sequence).toBe(0);
    expect(await server).toEqual({ ok: true, value: { revision: 3 } });
    expect(() =>
      handle.edit("throws", (edit) => {
        edit.set("@0/title", "x");
        throw new Error("changed my mind");
      }),
    ).toThrow("changed my mind");
    expect(core.edits).toEqual([]);
  });

  it("refuses steps after the edit is over", async () => {
    const { handle } = await joined();
    let late: (() => void) | undefined;
    handle.edit("late", (edit) => {
      late = () => edit.set("@0/title", "x");
    });
    expect(() => late?.()).toThrow("valid only inside");
  });

  it("gives a refusal of the core as a value, and tells it: nobody may be looking at the value", async () => {
    const { handle, core } = await joined();
    const told: unknown[] = [];
    handle.on("reject", ({ id, error }) => told.push([id.sequence, error.code]));
    core.editAnswer = () => ({
      id: null,
      created: [],
      error: { code: "E_PATH", message: "no such path" },
      outputs: [],
    });
    const { client, server } = handle.edit("x", (edit) => edit.set("@999/x", 1));
    expect(await client).toMatchObject({ ok: false, error: { code: "E_PATH" } });
    expect(await server).toMatchObject({ ok: false, error: { code: "E_PATH" } });
    expect(told).toEqual([[0, "E_PATH"]]);
  });

  it("makes one gesture of the edits between pause and resume", async () => {
    const { handle, core } = await joined();
    const move = (x: number) => handle.edit("move", (edit) => edit.set("@17/x", x));
    handle.history.pause();
    move(1);
    move(2);
    handle.history.resume();
    move(3);
    const gestures = core.edits.map(({ gesture }) => gesture);
    expect(gestures[0]).toBe(gestures[1]);
    expect(gestures[0]).toMatch(/^g-/);
    expect(gestures[2]).toBeUndefined();
  });

  it("throws once the client is destroyed, and resolves what was on its way", async () => {
    const { client, handle, core } = await joined();
    core.editAnswer = () => ({ id: { client: "c", sequence: 1 }, created: [], outputs: [] });
    const { server } = handle.edit("x", (edit) => edit.remove("@0/title"));
    await client.destroy();
    expect(core.freed).toBe(true);
    expect(await server).toMatchObject({ ok: false, error: expect.any(CoboardError) });
    expect(() => handle.edit("y", (edit) => edit.remove("@0/title"))).toThrow("destroyed");
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("undo", () => {
  it("follows the numbers of the core", async () => {
    const { handle, feed } = await joined();
    expect(handle.history.undo()).toBeNull();
    feed([note({ undo: { count: 1, label: "rename" } })]);
    expect(handle.history.undoable.current).toEqual({ count: 1, label: "rename" });
    expect(handle.history.undo()?.id.sequence).toBe(99);
    expect(handle.history.redo()).toBeNull();
  });
});

describe("text", () => {
  it("tells deltas of others and of undo, never its own", async () => {
    const { handle, core, feed } = await joined();
    const text = handle.text("@17/text");
    expect(handle.text("@17/text")).toBe(text);
    const deltas: unknown[] = [];
    const values: string[] = [];
    text.on("delta", (delta) => deltas.push(delta));
    text.value.subscribe((value) => values.push(value));
    const to = (value: string, over: Partial<ChangeNote> = {}): Output => ({
      type: "changed",
      items: { "17": { text: value } },
      lists: {},
      change: change(over),
    });
    core.editAnswer = () => ({
      id: { client: "c", sequence: 1 },
      created: [],
      outputs: [to("hello!", { origin: "local", revision: null })],
    });
    text.apply([5, "!"]);
    expect(core.edits[0]?.steps).toEqual([{ text: { path: "@17/text", delta: [5, "!"] } }]);
    expect(deltas).toEqual([]);
    feed([to("well, hello!")]);
    feed([to("well, hello", { origin: "local", kind: "undo" })]);
    expect(deltas).toEqual([["well, "], [11, { delete: 1 }]]);
    expect(values).toEqual(["hello!", "well, hello!", "well, hello"]);
    expect(text.value.current).toBe("well, hello");
  });
});

describe("sync status", () => {
  it("follows unacknowledged work first and the connection second", async () => {
    const { client, core, handle, server, feed } = await joined();
    expect(handle.sync.current).toMatchObject({ state: "synced", durability: "server" });
    feed([note({ pending_count: 2, inflight: true, oldest_unacked_at_ms: Date.now() - 30 })]);
    expect(handle.sync.current).toMatchObject({
      state: "syncing",
      reason: "submitting",
      pendingCount: 2,
      oldestUnackedMs: 30,
      durability: "memory",
    });
    let idle = false;
    void client.whenNothingPending().then(() => {
      idle = true;
    });
    server.last().events.closed("closed");
    expect(handle.sync.current).toMatchObject({ state: "offline-pending", reason: "memory-only" });
    core.answers = () => [
      { type: "ack", id: { client: "c", sequence: 1 }, revision: 4 },
      note({ revision: 4 }),
    ];
    await vi.advanceTimersByTimeAsync(250);
    server.last().accept();
    expect(handle.sync.current).toMatchObject({ state: "synced", lastSavedAtMs: Date.now() });
    await settle();
    expect(idle).toBe(true);
  });

  it("asks before the page closes only while work is in memory", async () => {
    const { page, feed } = await joined();
    expect(page.unload()).toBe(false);
    feed([note({ pending_count: 1 })]);
    expect(page.unload()).toBe(true);
  });

  it("lists what waits for the server", async () => {
    const { core, handle, feed } = await joined();
    const id = { client: "c", sequence: 1 };
    core.queued = [{ id, label: "rename", item: "17", at_ms: Date.now() - 40, inflight: true, sent: true }];
    feed([note({ pending_count: 1 })]);
    const entry = { id, label: "rename", item: "17", ageMs: 40, durability: "memory", discardable: false };
    expect(handle.queue.entries.current).toEqual([entry]);
    expect(handle.queue.entries.current).toBe(handle.queue.entries.current);
    const told: unknown[] = [];
    const stop = handle.queue.entries.subscribe((entries) => told.push(entries));
    core.queued = [];
    feed([note({ pending_count: 0 })]);
    expect(told).toEqual([[]]);
    stop();
  });

  it("says that it catches up while the server is ahead", async () => {
    const { handle, feed } = await joined();
    feed([note({ loading: true })]);
    expect(handle.sync.current).toMatchObject({ state: "syncing", reason: "catching-up" });
  });

  it("shows the progress of a long catch-up and of a long queue", async () => {
    const { handle, feed } = await joined();
    feed([note({ loading: true, progress: { kind: "catching_up", done: 0, total: 300 } })]);
    expect(handle.sync.current.progress).toEqual({ kind: "catching-up", done: 0, total: 300 });
    feed([note({ pending_count: 10, progress: { kind: "sending", done: 30, total: 40 } })]);
    expect(handle.sync.current.progress).toEqual({ kind: "sending", done: 30, total: 40 });
    feed([note({ pending_count: 0 })]);
    expect(handle.sync.current.progress).toBeNull();
  });
});

describe("snapshots", () => {
  it("fetches with the token and hands the text to the core", async () => {
    const { core, feed } = await joined();
    const fetched = vi.fn(async (_url: URL, _init: RequestInit) => new Response('{"revision":3}'));
    vi.stubGlobal("fetch", fetched);
    feed([{ type: "fetch_snapshot", url: "/api/dashboards/d1/snapshot", etag: "e" }]);
    await vi.waitFor(() =>
      expect(core.inputs.at(-1)).toEqual({ type: "snapshot", snapshot: { revision: 3 } }),
    );
    expect(String(fetched.mock.calls[0]?.[0])).toBe("http://127.0.0.1:7420/api/dashboards/d1/snapshot");
    expect(fetched.mock.calls[0]?.[1].headers).toMatchObject({ authorization: "Bearer open:ana:Ana" });
    vi.stubGlobal("fetch", async () => new Response("{}", { status: 503 }));
    feed([{ type: "fetch_snapshot", url: "/api/dashboards/d1/snapshot", etag: "e" }]);
    await vi.waitFor(() => expect(core.inputs.at(-1)).toEqual({ type: "snapshot_failed" }));
  });
});

describe("a snapshot that stalls", () => {
  /** A server that begins to answer; `more` is the next part. */
  function slow() {
    let more = () => {};
    const signals: AbortSignal[] = [];
    vi.stubGlobal("fetch", async (_url: URL, { signal }: { signal: AbortSignal }) => {
      signals.push(signal);
      const body = new ReadableStream({
        start: (stream) => {
          more = () => stream.enqueue(new Uint8Array([32]));
        },
      });
      return new Response(body);
    });
    return { more: () => more(), signals };
  }
  const fetching: Output = { type: "fetch_snapshot", url: "/api/dashboards/d1/snapshot", etag: "e" };

  it("is given up when nothing came for a while, and the core is told", async () => {
    const { core, feed } = await joined();
    const { more, signals } = slow();
    feed([fetching]);
    const last = () => core.inputs.filter(({ type }) => type.startsWith("snapshot")).at(-1);
    await vi.advanceTimersByTimeAsync(SNAPSHOT_STALL_MS - 1);
    more();
    await vi.advanceTimersByTimeAsync(SNAPSHOT_STALL_MS - 1);
    expect(last()).toBeUndefined();
    expect(signals[0]?.aborted).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(last()).toEqual({ type: "snapshot_failed" });
    expect(signals[0]?.aborted).toBe(true);
    core.inputs.length = 0;
    await vi.advanceTimersByTimeAsync(SNAPSHOT_STALL_MS);
    expect(last()).toBeUndefined();
  });

  it("is not waited for when the document is left", async () => {
    const { handle, feed } = await joined();
    const { signals } = slow();
    feed([fetching]);
    handle.leave();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(signals[0]?.aborted).toBe(true);
  });
});

describe("conflicts", () => {
  const met = {
    kind: "lost_write" as const,
    before: { value: 5 },
    mine: { value: 6 },
    theirs: { value: 7 },
    winner: "theirs" as const,
  };

  it("tells each as an event, with what decided and whom it met", async () => {
    const { handle, feed } = await joined();
    const told: Conflict[] = [];
    handle.on("conflict", (conflict) => void told.push(conflict));
    const id = { client: "c", sequence: 1 };
    const theirs = { client: "c-ben", sequence: 4 };
    feed([
      {
        type: "conflicts",
        id,
        revision: 12,
        conflicts: [
          { ...met, cell: "@17/n", policy: "manual", operations: [id, theirs] },
          { ...met, kind: "move_vs_delete", item: "17", theirs: { location: null }, winner: "mine" },
        ],
      },
    ]);
    const common = { before: { value: 5 }, mine: { value: 6 }, operation: id, revision: 12, item: "17" };
    expect(told).toEqual([
      {
        ...common,
        id: "12.0",
        kind: "lost_write",
        path: "@17/n",
        policy: "manual",
        theirs: { value: 7 },
        winner: "theirs",
        theirOperation: theirs,
      },
      {
        ...common,
        id: "12.1",
        kind: "move_vs_delete",
        path: null,
        policy: "lww",
        theirs: { location: null },
        winner: "mine",
        theirOperation: null,
      },
    ]);
  });

  it("asks for the policy that an edit names", async () => {
    const { handle, core } = await joined();
    handle.edit("set", (edit) => edit.set("@17/n", 1), { policy: "first" });
    expect(core.edits.at(-1)).toMatchObject({ policy: "first" });
  });
});
