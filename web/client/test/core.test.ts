/** The real wasm core, loaded as Node loads it, with the server's part played by the test. */
import { readFile } from "node:fs/promises";
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Json } from "../src/api/basic.js";
import type { DocumentCore, EditAnswer, Output, Step } from "../src/core/boundary.js";
import { loadCore, makeWasmCore } from "../src/core/load.js";
import { Mirror } from "../src/document/mirror.js";

const SNAPSHOT = {
  lineage: "L1",
  document: "d1",
  revision: 3,
  content: {
    items: {
      "0": [{ title: "CPU", panels: { $l: "1" } }, null],
      "2": [{ text: "a😀b", n: 1 }, ["1", "a0"]],
    },
  },
};

const JOINED = {
  session: "s1",
  role: "editor",
  client_number: 7,
  head: 3,
  known: [],
  presence: [],
  reset: { reason: "new", revision: 3, snapshot: { url: "/api/dashboards/d1/snapshot", etag: '"x"' } },
};

beforeAll(() => loadCore(readFile(new URL("../core/coboard_core_bg.wasm", import.meta.url))));

let core: DocumentCore;
let mirror: Mirror;
let outputs: Output[];

function take(more: readonly Output[]): void {
  outputs = [...more];
  for (const output of outputs) if (output.type === "changed") mirror.apply(output);
}

function feed(input: object): void {
  take(JSON.parse(core.handle(1_000, JSON.stringify(input))) as Output[]);
}

function edit(...steps: Step[]): EditAnswer {
  const answer = JSON.parse(core.edit(1_000, JSON.stringify({ label: "test", steps }))) as EditAnswer;
  take(answer.outputs);
  return answer;
}

function request(event: string): Extract<Output, { type: "request" }> {
  const found = outputs.find((output) => output.type === "request" && output.event === event);
  if (found?.type !== "request") throw new Error(`${event} was not asked: ${JSON.stringify(outputs)}`);
  return found;
}

beforeEach(() => {
  core = makeWasmCore({ document: "d1", client: "c1", user: { id: "ana", name: "Ana" } });
  mirror = new Mirror();
  feed({ type: "connected" });
  feed({ type: "answer", request: request("join").request, answer: { ok: true, value: JOINED } });
  expect(outputs.map(({ type }) => type)).toContain("fetch_snapshot");
  feed({ type: "snapshot", snapshot: SNAPSHOT });
});

describe("the wasm core", () => {
  it("loads a Document", () => {
    expect(mirror.root).toEqual({ title: "CPU", panels: [{ text: "a😀b", n: 1 }] });
    expect(outputs.at(-1)).toMatchObject({ type: "status", revision: 3, joined: true, loading: false });
  });

  it("submits an edit, takes its ack and its entry", () => {
    const { id } = edit({ set: { path: "@0/title", value: "Memory" } });
    expect(mirror.root).toMatchObject({ title: "Memory" });
    const submit = request("submit");
    const { operations } = submit.payload as { operations: { id: object; base: number; components: Json }[] };
    expect(operations[0]).toMatchObject({
      id,
      base: 3,
      components: { cells: { "@0/title": { s: ["CPU", "Memory"] } } },
    });
    feed({
      type: "answer",
      request: submit.request,
      answer: { ok: true, value: { results: [{ id, revision: 4 }] } },
    });
    expect(outputs[0]).toEqual({ type: "ack", id, revision: 4 });
    const entry = { ...operations[0], revision: 4, author: "ana", server_time_ms: 5, conflicts: [] };
    feed({ type: "committed", message: { document: "d1", from: 3, to: 4, entries: [entry] } });
    expect(outputs.at(-1)).toMatchObject({
      type: "status",
      revision: 4,
      pending_count: 0,
      undo: { count: 1 },
    });
  });

  it("asks for a policy and tells what an edit met", () => {
    const steps: Step[] = [{ set: { path: "@2/n", value: 6 } }];
    const text = core.edit(1_000, JSON.stringify({ label: "test", policy: "manual", steps }));
    const { id, outputs: made } = JSON.parse(text) as EditAnswer;
    take(made);
    const submit = request("submit");
    expect(submit.payload).toMatchObject({ operations: [{ meta: { policy: "manual" } }] });
    const conflict = {
      kind: "lost_write",
      cell: "@2/n",
      before: { value: 1 },
      mine: { value: 6 },
      theirs: { value: 7 },
      winner: "theirs",
      policy: "manual",
      operations: [id, { client: "c2", sequence: 1 }],
    };
    const results = [{ id, revision: 5, conflicts: [conflict] }];
    feed({ type: "answer", request: submit.request, answer: { ok: true, value: { results } } });
    expect(outputs).toContainEqual({ type: "conflicts", id, revision: 5, conflicts: [conflict] });
  });

  it("shows another's change", () => {
    const components = { cells: { "@2/n": { a: 2 } } };
    const id = { client: "c2", sequence: 1 };
    const entry = {
      id,
      revision: 4,
      base: 3,
      components,
      meta: { kind: "edit" },
      author: "ben",
      server_time_ms: 5,
      conflicts: [],
    };
    feed({ type: "committed", message: { document: "d1", from: 3, to: 4, entries: [entry] } });
    expect(mirror.read("@2/n")).toBe(3);
    expect(outputs.find(({ type }) => type === "changed")).toMatchObject({
      change: { origin: "remote", author: "ben", revision: 4, paths: ["@2/n"] },
    });
  });

  it("inserts under an id that was reserved, and edits it in the same step", () => {
    const item = core.reserve();
    const { created } = edit(
      { insert: { list: "@0/panels", value: { text: "", tags: ["x"] }, item, at: "start" } },
      { text: { path: `@${item}/text`, delta: ["new"] } },
    );
    expect(created).toEqual([item]);
    expect(mirror.read("@0/panels")).toEqual([
      { text: "new", tags: ["x"] },
      { text: "a😀b", n: 1 },
    ]);
    expect(Number(item) / 2 ** 32).toBeCloseTo(7, 5);
  });

  it("counts text in UTF-16 units here and in scalar values on the wire", () => {
    edit({ text: { path: "@2/text", delta: [3, "!", { d: 1 }] } });
    expect(mirror.read("@2/text")).toBe("a😀!");
    const { operations } = request("submit").payload as { operations: { components: Json }[] };
    expect(operations[0]?.components).toEqual({ cells: { "@2/text": { t: [2, "!", { d: "b" }] } } });
  });

  it("counts each text step in what the steps before it leave", () => {
    edit(
      { text: { path: "@2/text", delta: ["😀"] } },
      { text: { path: "@2/text", delta: [5, "?"] } },
      { set: { path: "@2/text", value: "😀😀" } },
      { text: { path: "@2/text", delta: [2, { d: 2 }, "."] } },
      { set: { path: "@2/more", value: { deep: "😀" } } },
      { text: { path: "@2/more/deep", delta: [2, "!"] } },
    );
    expect(mirror.item("2")).toEqual({ text: "😀.", n: 1, more: { deep: "😀!" } });
  });

  it("refuses an offset inside a surrogate pair or behind the end, and changes nothing", () => {
    for (const delta of [[2, "x"], [{ d: 2 }], [9, "x"]]) {
      const answer = edit({ set: { path: "@0/title", value: "x" } }, { text: { path: "@2/text", delta } });
      expect(answer).toMatchObject({ id: null, error: { code: "E_INDEX" }, outputs: [] });
    }
    expect(mirror.root).toMatchObject({ title: "CPU" });
  });

  it("undoes and redoes", () => {
    edit({ trash: { item: "2" } });
    expect(mirror.read("@0/panels")).toEqual([]);
    take((JSON.parse(core.undo(1_000)) as EditAnswer).outputs);
    expect(mirror.read("@0/panels")).toEqual([{ text: "a😀b", n: 1 }]);
    take((JSON.parse(core.redo(1_000)) as EditAnswer).outputs);
    expect(mirror.read("@0/panels")).toEqual([]);
  });

  it("says what waits, and when it wants to be woken", () => {
    edit({ set: { path: "@0/title", value: "x" } });
    expect(JSON.parse(core.queue())).toEqual([
      {
        id: { client: "c1", sequence: 1 },
        label: "test",
        item: "0",
        at_ms: 1_000,
        inflight: true,
        sent: true,
      },
    ]);
    expect(core.nextTimeout()).toBeGreaterThan(1_000);
  });

  it("throws what it cannot read, and goes on", () => {
    expect(() => core.handle(1_000, '{"type":"nonsense"}')).toThrow();
    expect(() => core.edit(1_000, '{"label":"x","steps":[{"jump":{}}]}')).toThrow();
    expect(edit({ set: { path: "@0/title", value: "x" } }).id).not.toBeNull();
  });
});
