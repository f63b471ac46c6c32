/** The conflict inbox: what gets on it, what each choice does, what is kept. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Json } from "../src/api/basic.js";
import type { OpenConflict } from "../src/api/conflicts.js";
import type { DocumentOptions } from "../src/api/document.js";
import type { ChangeNote, ConflictNote, Output } from "../src/core/boundary.js";
import { AWAY_MS } from "../src/document/conflictSide.js";
import { CONFLICTS_MAX } from "../src/document/inbox.js";
import { RECENT_MS } from "../src/document/recentEdits.js";
import { LEASE_MS } from "../src/presence/leases.js";
import { fakeClient, note, settle, uncaught } from "./fakes.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const loaded: Output[] = [
  { type: "session", session: "s1", role: "editor", client_number: 1, presence: [] },
  {
    type: "changed",
    reset: true,
    items: {
      "0": { title: "Board", max: 1, panels: { $l: "3" } },
      "17": { title: "CPU", unit: "s" },
      "18": {},
    },
    lists: { "3": ["17", "18"] },
    change: null,
  },
  note({ revision: 3 }),
];

/** Ana has joined and loaded; Ben is there. */
async function joined(options: DocumentOptions = {}) {
  const parts = fakeClient();
  const handle = parts.client.join("d1", options);
  await settle();
  parts.server.last().accept();
  await settle();
  const core = parts.core();
  core.editAnswer = () => ({ id: { client: parts.client.clientId, sequence: 50 }, created: [], outputs: [] });
  const feed = async (outputs: Output[]) => {
    core.answers = () => outputs;
    parts.server.last().events.message("head", { document: "d1", revision: 99 });
    core.answers = () => [];
    await settle();
  };
  await feed(loaded);
  await feed([change({ paths: ["@0/other"] })]);
  const me = parts.client.clientId;
  const met = (revision: number, ...conflicts: ConflictNote[]) =>
    feed([{ type: "conflicts", id: { client: me, sequence: revision }, revision, conflicts }]);
  return { ...parts, handle, core, feed, me, met };
}

function change(over: Partial<ChangeNote> = {}): Output {
  const remote: ChangeNote = {
    revision: 4,
    origin: "remote",
    author: "ben",
    client: "c-ben",
    at_ms: 0,
    label: "set",
    kind: "edit",
    count: 1,
    paths: ["@17/unit"],
    items: [],
    ...over,
  };
  return { type: "changed", items: {}, lists: {}, change: remote };
}

function lost(over: { [key in keyof ConflictNote]?: ConflictNote[key] | undefined } = {}): ConflictNote {
  const all = {
    kind: "lost_write",
    cell: "@17/unit",
    before: { value: "s" },
    theirs: { value: "ms" },
    mine: { value: "min" },
    winner: "theirs",
    policy: "first",
    operations: [
      { client: "me", sequence: 1 },
      { client: "c-ben", sequence: 9 },
    ],
    ...over,
  };
  return all as ConflictNote;
}

const only = (open: readonly OpenConflict[]): OpenConflict => {
  expect(open).toHaveLength(1);
  return open[0] as OpenConflict;
};

describe("what is listed", () => {
  it("is an own edit that lost, with its author, its widget and both values", async () => {
    const { handle, met } = await joined();
    await met(5, lost());
    expect(only(handle.conflicts.open.current)).toMatchObject({
      id: "5.0",
      reason: "lost",
      review: null,
      theirAuthor: { id: "ben" },
      subject: "17",
      title: "CPU",
      values: { before: "s", theirs: "ms", mine: "min" },
      choices: { theirs: true, mine: true, value: true },
    });
    expect(handle.sync.current).toMatchObject({ state: "synced", conflictCount: 1 });
  });

  it("is nothing that lost nothing", async () => {
    const { handle, met } = await joined();
    await met(5, lost({ winner: "mine" }), lost({ kind: "text_overlap", cell: "@17/title" }));
    expect(handle.conflicts.open.current).toEqual([]);
  });

  it("is what a policy leaves to a person, and says so in the status", async () => {
    const { handle, met } = await joined();
    await met(5, lost({ policy: "manual" }));
    expect(only(handle.conflicts.open.current).reason).toBe("manual");
    expect(handle.sync.current).toMatchObject({ state: "conflict", reason: "manual-policy" });
  });

  it("is an own edit that somebody overwrote who had not seen it", async () => {
    const { handle, server, me } = await joined();
    const conflicts = [
      lost({
        winner: "mine",
        mine: { value: "h" },
        theirs: { value: "min" },
        operations: [
          { client: "c-ben", sequence: 10 },
          { client: me, sequence: 3 },
        ],
      }),
    ];
    const entry = { id: { client: "c-ben", sequence: 10 }, revision: 8, author: "ben", conflicts };
    const message = { document: "d1", from: 7, to: 8, entries: [entry] };
    server.last().events.message("committed", message);
    server.last().events.message("committed", message);
    await settle();
    expect(only(handle.conflicts.open.current)).toMatchObject({
      winner: "theirs",
      operation: { client: me, sequence: 3 },
      values: { mine: "min", theirs: "h" },
      theirAuthor: { id: "ben" },
    });
  });

  it("is one thing for several conflicts in one place, from the first to the last", async () => {
    const { handle, met } = await joined();
    await met(5, lost());
    await met(6, lost({ before: { value: "ms" }, mine: { value: "h" } }));
    expect(only(handle.conflicts.open.current)).toMatchObject({
      id: "6.0",
      values: { before: "s", theirs: "ms", mine: "h" },
    });
  });

  it("is limited, and the oldest are counted", async () => {
    const { handle, met } = await joined();
    for (let index = 0; index < CONFLICTS_MAX + 3; index += 1) {
      await met(5 + index, lost({ cell: `@17/k${index}` }));
    }
    expect(handle.conflicts.open.current).toHaveLength(CONFLICTS_MAX);
    expect(handle.conflicts.older.current).toBe(3);
    handle.conflicts.dismissOlder();
    expect(handle.conflicts.older.current).toBe(0);
  });
});

describe("a choice", () => {
  it("takes mine again as one edit, and the conflict is gone", async () => {
    const { handle, met, core } = await joined();
    await met(5, lost());
    handle.conflicts.resolve("5.0", { take: "mine" });
    expect(core.edits.at(-1)).toEqual({
      label: "use mine",
      steps: [{ set: { path: "@17/unit", value: "min" } }],
    });
    expect(handle.conflicts.open.current).toEqual([]);
  });

  it("for what stands changes nothing", async () => {
    const { handle, met, core } = await joined();
    await met(5, lost());
    handle.conflicts.resolve("5.0", { take: "theirs" });
    expect(core.edits).toEqual([]);
    expect(handle.conflicts.open.current).toEqual([]);
  });

  it("may be a value of both", async () => {
    const { handle, met, core } = await joined();
    await met(5, lost());
    handle.conflicts.resolve("5.0", { take: "value", value: "d" });
    expect(core.edits.at(-1)?.steps).toEqual([{ set: { path: "@17/unit", value: "d" } }]);
  });

  it("that is refused leaves the conflict open", async () => {
    const { handle, met, core } = await joined();
    await met(5, lost());
    core.editAnswer = () => ({ id: null, created: [], outputs: [], error: { code: "E_PATH" } });
    handle.conflicts.resolve("5.0", { take: "mine" });
    await settle();
    expect(only(handle.conflicts.open.current).id).toBe("5.0");
  });

  it("brings a deleted widget back to where it was", async () => {
    const { handle, met, core, feed } = await joined();
    const gone = lost({ kind: "edit_in_deleted", theirs: {}, operations: undefined });
    await met(5, gone);
    await feed([
      { type: "changed", items: { "18": null }, lists: { "3": ["17"] }, change: null },
      { type: "changed", items: { "17": null }, lists: { "3": [] }, change: null },
    ]);
    expect(only(handle.conflicts.open.current)).toMatchObject({ subject: "17", title: "CPU" });
    handle.conflicts.resolve("5.0", { take: "mine" });
    expect(core.edits.map(({ steps }) => steps)).toEqual([
      [{ move: { item: "17", list: "@0/panels", at: "start" } }],
      [{ set: { path: "@17/unit", value: "min" } }],
    ]);
    expect(core.edits[0]?.gesture).toBeDefined();
    expect(core.edits[0]?.gesture).toBe(core.edits[1]?.gesture);
  });

  it("moves to where I wanted it", async () => {
    const { handle, met, core } = await joined();
    const moved = lost({
      kind: "concurrent_move",
      cell: undefined,
      item: "18",
      before: { location: ["3", "a"] },
      mine: { location: ["3", "c"] },
      theirs: { location: ["3", "b"] },
    });
    await met(5, moved);
    expect(only(handle.conflicts.open.current).choices.value).toBe(false);
    handle.conflicts.resolve("5.0", { take: "mine" });
    expect(core.edits.at(-1)?.steps).toEqual([
      { move: { item: "18", list: "@0/panels", at: { after: "17" } } },
    ]);
  });

  it("for several is one edit too", async () => {
    const { handle, met, core } = await joined();
    await met(5, lost(), lost({ cell: "@0/max", mine: { value: 9 } }), lost({ cell: "@17/k" }));
    handle.conflicts.resolve(["5.0", "5.1"], { take: "mine" });
    expect(core.edits).toHaveLength(1);
    expect(only(handle.conflicts.open.current).path).toBe("@17/k");
  });

  it("for all similar ones is one edit", async () => {
    const { handle, met, core } = await joined();
    await met(5, lost(), lost({ cell: "@0/max", mine: { value: 9 }, theirs: { value: 7 } }));
    handle.conflicts.resolveSimilar("5.0", { take: "mine" });
    expect(core.edits).toHaveLength(1);
    expect(core.edits[0]?.steps).toHaveLength(2);
    expect(handle.conflicts.open.current).toEqual([]);
  });

  it("is made by the strategy of the Document, or of the edit", async () => {
    const byDocument = await joined({ resolve: "client" });
    await byDocument.met(5, lost());
    expect(byDocument.core.edits).toHaveLength(1);
    expect(byDocument.handle.conflicts.open.current).toEqual([]);

    const byEdit = await joined();
    const id = { client: byEdit.me, sequence: 5 };
    byEdit.core.editAnswer = () => ({ id, created: [], outputs: [] });
    byEdit.handle.edit("x", (edit) => edit.set("@17/unit", "min"), { strategy: "server" });
    expect(byEdit.core.edits[0]).toMatchObject({ policy: "first" });
    await byEdit.met(5, lost());
    expect(byEdit.handle.conflicts.open.current).toEqual([]);
    expect(byEdit.core.edits).toHaveLength(1);
  });
});

describe("an application that decides", () => {
  const deciders = {
    "nothing, and throws": () => {
      throw new Error("not thought of");
    },
    "nothing at all": () => undefined as never,
  };
  for (const [says, resolve] of Object.entries(deciders))
    it(`and says ${says}, leaves it to the person; everything else goes on`, async () => {
      const errors = uncaught();
      const { handle, core, feed, met } = await joined({ resolve });
      await met(5, lost());
      expect(only(handle.conflicts.open.current).id).toBe("5.0");
      expect(core.edits).toEqual([]);
      const told: Json[] = [];
      handle.content.subscribe((content) => told.push(content));
      await feed([{ ...change(), items: { "17": { title: "CPU", unit: "h" } } } as Output]);
      expect(told).toHaveLength(1);
      expect(errors).toEqual(says.includes("throws") ? [new Error("not thought of")] : []);
    });
});

describe("after an absence", () => {
  async function away(options: DocumentOptions = {}, ms = AWAY_MS) {
    const parts = await joined(options);
    parts.server.last().events.closed("closed");
    await vi.advanceTimersByTimeAsync(ms);
    return parts;
  }

  it("what met is one review, also where the own edit stands", async () => {
    const { handle, met, feed, core, me, server, client } = await away();
    core.queued = [
      {
        id: { client: me, sequence: 5 },
        label: "x",
        item: "17",
        at_ms: Date.now(),
        inflight: false,
        sent: false,
      },
    ];
    client.reconnect();
    await settle();
    server.last().accept();
    await feed([loaded[0] as Output]);
    await met(5, lost({ winner: "mine", policy: undefined }));
    const conflict = only(handle.conflicts.open.current);
    expect(conflict).toMatchObject({ reason: "review", winner: "mine" });
    expect(conflict.review).not.toBeNull();
    handle.conflicts.resolve(conflict.id, { take: "theirs" });
    expect(core.edits.at(-1)?.steps).toEqual([{ set: { path: "@17/unit", value: "ms" } }]);
  });

  it("a short one is none", async () => {
    const { handle, met, feed, core, me, server, client } = await away({}, AWAY_MS - 5_000);
    core.queued = [
      {
        id: { client: me, sequence: 5 },
        label: "x",
        item: "17",
        at_ms: Date.now(),
        inflight: false,
        sent: false,
      },
    ];
    client.reconnect();
    await settle();
    server.last().accept();
    await feed([loaded[0] as Output]);
    await met(5, lost({ winner: "mine", policy: undefined }));
    expect(handle.conflicts.open.current).toEqual([]);
    await met(6, lost({ cell: "@17/k" }));
    expect(only(handle.conflicts.open.current)).toMatchObject({ reason: "lost" });
  });

  /** Ana's operations wait; the answer to the next join tells what Ben did meanwhile. */
  async function returns(options: DocumentOptions, own: Json, theirs: Json) {
    const parts = await away(options);
    const { core, me, client, server, handle } = parts;
    const id = { client: me, sequence: 5 };
    const operation = { id, base: 3, components: own, meta: { label: "x" }, at_ms: Date.now() };
    client.reconnect();
    await settle();
    const ask: Output = { type: "request", request: 1, event: "join", payload: {} };
    core.answers = () => [{ type: "keep", snapshot: false, put: [operation], drop: [], reserve: null }, ask];
    server.last().accept();
    core.queued = [{ id, label: "x", item: "17", at_ms: Date.now(), inflight: false, sent: false }];
    core.answers = () => [];
    const entry = { id: { client: "c-ben", sequence: 9 }, revision: 4, author: "ben", components: theirs };
    const catch_up = { from: 3, to: 4, segments: [{ entry }] };
    server.last().answer("join", { ok: true, value: { catch_up } });
    await settle();
    return { ...parts, handle, core };
  }

  const wants = (value: string) => ({ cells: { "@17/unit": { s: ["s", value] } } });

  it("what waited meets what was missed, which the server does not see", async () => {
    const { handle, core } = await returns({}, wants("min"), wants("ms"));
    expect(only(handle.conflicts.open.current)).toMatchObject({
      kind: "lost_write",
      reason: "review",
      winner: "mine",
      theirAuthor: { id: "ben" },
      values: { before: "s", theirs: "ms", mine: "min" },
    });
    expect(core.edits).toEqual([]);
  });

  it("theirs may stand until the review; mine is the other choice", async () => {
    const { handle, core } = await returns({ away: "manual" }, wants("min"), wants("ms"));
    expect(core.edits.map(({ steps }) => steps)).toEqual([[{ set: { path: "@17/unit", value: "ms" } }]]);
    const conflict = only(handle.conflicts.open.current);
    expect(conflict.winner).toBe("theirs");
    handle.conflicts.resolve(conflict.id, { take: "mine" });
    expect(core.edits.at(-1)?.steps).toEqual([{ set: { path: "@17/unit", value: "min" } }]);
  });

  it("an edit in what was deleted is reviewed, whatever the setting", async () => {
    const { handle } = await returns({}, wants("min"), { items: { "17": { m: [["3", "a"], null] } } });
    expect(only(handle.conflicts.open.current)).toMatchObject({
      kind: "edit_in_deleted",
      winner: "theirs",
      title: "CPU",
    });
  });

  it("what came meanwhile by itself is no news in the answer that brings it again", async () => {
    const { handle, core, server, feed } = await returns({ away: "manual" }, wants("min"), wants("ms"));
    await feed([note({ revision: 4 })]);
    handle.conflicts.dismiss(only(handle.conflicts.open.current).id);
    const made = core.edits.length;
    core.answers = () => [{ type: "request", request: 2, event: "catch_up", payload: {} }];
    server.last().events.message("head", { document: "d1", revision: 99 });
    core.answers = () => [];
    const entry = { revision: 4, author: "ben", components: wants("ms") };
    const catch_up = { from: 3, to: 4, segments: [{ entry }] };
    server.last().answer("catch_up", { ok: true, value: { catch_up } });
    await settle();
    expect(handle.conflicts.open.current).toEqual([]);
    expect(core.edits).toHaveLength(made);
  });

  it("what merges, is the same, or is elsewhere is nothing to look at", async () => {
    const text = { cells: { "@17/title": { t: [0, "x"] } } };
    for (const [own, theirs] of [
      [text, text],
      [wants("ms"), wants("ms")],
      [wants("ms"), { cells: { "@18/unit": { s: ["s", "h"] } } }],
    ] as const) {
      const { handle } = await returns({ away: "manual" }, own, theirs);
      expect(handle.conflicts.open.current).toEqual([]);
    }
  });
});

describe("what others changed a moment ago", () => {
  it("says that they are still at it", async () => {
    const { handle, feed, server } = await joined();
    /** The server is there all the while. */
    const pass = async (ms: number) => {
      for (let left = ms; left > 0; left -= 1_000) {
        await vi.advanceTimersByTimeAsync(Math.min(left, 1_000));
        const link = server.last();
        if (link.asked.some(({ event }) => event === "ping"))
          link.answer("ping", { ok: true, value: { heads: [] } });
      }
    };
    const user = { id: "ben", name: "Ben", color: "#123456" };
    const entries = [{ session: "s2", client: "c-ben", user, state: { focus: "@17/unit" } }];
    await feed([{ ...loaded[0], presence: entries } as Output]);
    await pass(LEASE_MS - 1_000);
    await feed([change()]);
    await pass(LEASE_MS - 1_000);
    expect(handle.presence.leases.current).toEqual([{ user, path: "@17/unit" }]);
    await pass(1_000);
    expect(handle.presence.leases.current).toEqual([]);
  });

  it("is known for the path, for what is in it and around it, and forgotten", async () => {
    const { handle, feed } = await joined();
    await feed([change({ paths: ["@17/gridPos/x"] })]);
    expect(handle.lastEdit("@17/gridPos")).toMatchObject({ author: "ben" });
    expect(handle.lastEdit("@17")).toMatchObject({ author: "ben" });
    expect(handle.lastEdit("@17/unit")).toBeNull();
    vi.setSystemTime(Date.now() + RECENT_MS + 1);
    expect(handle.lastEdit("@17/gridPos")).toBeNull();
  });

  it("is also what a short absence missed, and not what a long one did", async () => {
    for (const [ms, author] of [
      [RECENT_MS - 2_000, "ben"],
      [RECENT_MS + 1, undefined],
    ] as const) {
      const { handle, feed, core, server, client } = await joined();
      core.answers = () => [note({ revision: 4, joined: false })];
      server.last().events.closed("closed");
      vi.setSystemTime(Date.now() + ms);
      client.reconnect();
      await settle();
      server.last().accept();
      await feed([change({ revision: 5 })]);
      expect(handle.lastEdit("@17/unit")?.author).toBe(author);
    }
  });
});
