/** The people at a widget, and what they try there. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Json, Path } from "../src/api/basic.js";
import type { DocumentHandle, Edit } from "../src/api/document.js";
import type { Lease, Peer } from "../src/api/presence.js";
import { DRAFT_LENGTH_MAX, HAND_OFF_MS, WidgetSessions } from "../src/presence/widgetSession.js";
import { Cell } from "../src/support/cell.js";

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

const user = (id: string) => ({ id, name: id, color: "#123456" });
const peer = (id: string, presence: Peer["presence"] = {}, activity: Peer["activity"] = "active"): Peer => ({
  user: user(id),
  clients: [`c-${id}`],
  activity,
  presence,
});

/** A document with widget 1, its query 2, and widget 3. */
function start() {
  const query = { expr: "up" };
  const content: Record<string, Json> = {
    "1": { title: "CPU", options: { unit: "s" }, targets: [query] },
    "2": query,
    "3": { title: "disks of Ana" },
  };
  const others = new Cell<readonly Peer[]>([]);
  const leases = new Cell<readonly Lease[]>([]);
  const self = new Cell<Peer>(peer("me"));
  const update = vi.fn((patch: object) => {
    self.set({ ...self.current, presence: { ...self.current.presence, ...patch } });
  });
  const read = (path: Path): Json | undefined => {
    const [item = "", ...keys] = path.slice(1).split("/");
    return keys.reduce<Json | undefined>(
      (value, key) => (value as Record<string, Json> | undefined)?.[key],
      content[item],
    );
  };
  const edits: [string, unknown[]][] = [];
  const handle = {
    content: new Cell<Json | null>(null),
    presence: { others, leases, self, update },
    lastEdit: vi.fn(() => null as { atMs: number } | null),
    read,
    itemOf: (value: unknown) => (value === query ? "2" : null),
    edit: vi.fn((label: string, change: (edit: Edit) => void) => {
      const steps: unknown[] = [];
      const note =
        (kind: string) =>
        (...given: unknown[]) =>
          steps.push([kind, ...given]);
      change({ set: note("set"), remove: note("remove"), text: note("text") } as unknown as Edit);
      edits.push([label, steps]);
    }),
  };
  const handedOff = vi.fn();
  const sessions = new WidgetSessions({
    handle: handle as unknown as DocumentHandle,
    around: (item) => (item === "2" ? ["2", "1"] : [item]),
    handedOff,
  });
  return { others, leases, self, update, handle, handedOff, sessions, edits, session: sessions.at("1") };
}

describe("participants", () => {
  it("are those who have opened the widget or are in a field of it, a query among them", () => {
    const { others, session } = start();
    others.set([
      peer("ana", { widget: { item: "1", sinceMs: 7 }, focus: "@1/title" }),
      peer("ben", { focus: "@2/expr" }, "idle"),
      peer("cem", { widget: { item: "3", sinceMs: 8 }, focus: "@3" }),
      peer("dan", { widget: { item: "1", sinceMs: 9 }, focus: "@1" }, "away"),
    ]);
    expect(session.participants.current).toEqual([
      { user: user("ana"), field: "@1/title", sinceMs: 7, activity: "active" },
      { user: user("ben"), field: "@2/expr", sinceMs: 1_000_000, activity: "idle" },
      { user: user("dan"), field: null, sinceMs: 9, activity: "idle" },
    ]);
    others.set([]);
    expect(session.participants.current).toEqual([]);
  });

  it("see who opens, where they are and that they close, once however often it is opened here", () => {
    const { update, session } = start();
    session.open();
    session.open();
    expect(update.mock.calls).toEqual([[{ widget: { item: "1", sinceMs: 1_000_000 } }], [{ focus: "@1" }]]);
    session.focus("@2/expr");
    expect(update).toHaveBeenLastCalledWith({ focus: "@2/expr" });
    session.close();
    expect(update).toHaveBeenCalledTimes(3);
    session.close();
    expect(update).toHaveBeenLastCalledWith({ widget: null, focus: null });
    session.close();
    expect(update).toHaveBeenCalledTimes(4);
  });

  it("are not left by closing a widget when another one was opened since", () => {
    const { update, session, sessions } = start();
    session.open();
    sessions.at("3").open();
    session.close();
    expect(update).toHaveBeenLastCalledWith({});
  });
});

describe("contention", () => {
  it("is at the field where both are in it, at the widget where they are not", () => {
    const { leases, session } = start();
    session.open();
    session.focus("@1/title");
    const near = (path: Path) => leases.set([{ user: user("ana"), path }]);
    near("@2/expr");
    expect(session.contention.current).toMatchObject({ level: "same-widget", users: ["ana"] });
    near("@1/title");
    expect(session.contention.current).toMatchObject({ level: "same-field", users: ["ana"] });
    near("@3/title");
    expect(session.contention.current).toMatchObject({ level: "free", users: [] });
    session.focus(null);
    near("@1");
    expect(session.contention.current.level).toBe("same-widget");
  });

  it("remembers when somebody else changed something last", () => {
    const { handle, session } = start();
    handle.lastEdit.mockReturnValue({ atMs: 5 });
    handle.content.set({});
    handle.lastEdit.mockReturnValue(null);
    handle.content.set({ more: 1 });
    expect(session.contention.current.lastEditMs).toBe(5);
  });
});

describe("a hand-off", () => {
  it("is told for a while, and heard once by whom it is for", () => {
    const { update, session, others, handedOff } = start();
    session.open();
    session.focus("@1/title");
    session.focus(null);
    session.handOff("ana");
    expect(update).toHaveBeenLastCalledWith({
      widget: { item: "1", sinceMs: 1_000_000, handOff: { to: "ana", atMs: 1_000_000, field: "@1/title" } },
    });
    vi.advanceTimersByTime(HAND_OFF_MS);
    expect(update).toHaveBeenLastCalledWith({ widget: { item: "1", sinceMs: 1_000_000 } });

    const asks = (to: string, atMs: number) =>
      others.set([
        peer("ana", {
          widget: { item: "1", sinceMs: 7, handOff: { to, atMs, field: null } },
          focus: "@2/expr",
        }),
      ]);
    asks("ben", 1);
    expect(handedOff).not.toHaveBeenCalled();
    asks("me", 2);
    asks("me", 2);
    expect(handedOff.mock.calls).toEqual([[{ from: user("ana"), item: "1", field: "@2/expr" }]]);
    asks("me", 3);
    expect(handedOff).toHaveBeenCalledTimes(2);
  });
});

describe("a draft", () => {
  it("reads as if it were made, and changes nothing in the Document", () => {
    const { session, handle } = start();
    const draft = session.draft();
    draft.edit((edit) => {
      edit.set("@1/options/unit", "ms");
      edit.text("@2/expr", [2, "time"]);
      edit.remove("@1/title");
    });
    expect(draft.handle.item("1")).toEqual({ options: { unit: "ms" }, targets: [{ expr: "uptime" }] });
    expect(draft.handle.read("@2/expr")).toBe("uptime");
    const [query] = draft.handle.read("@1/targets") as [Json];
    expect([draft.handle.itemOf(query), handle.itemOf(query)]).toEqual(["2", null]);
    expect(draft.handle.text("@2/expr").value.current).toBe("uptime");
    expect(handle.read("@1/title")).toBe("CPU");
    expect(handle.edit).not.toHaveBeenCalled();
    expect(() => draft.edit((edit) => edit.trash("2"))).toThrow("a draft changes values");
  });

  it("tells in which field one is, and nothing else of what is done in it", () => {
    const { session, update } = start();
    const { presence } = session.draft().handle;
    presence.update({ cursor: null });
    expect(update).not.toHaveBeenCalled();
    presence.update({ focus: "@1/title" });
    expect(update.mock.calls).toEqual([[{ focus: "@1/title" }]]);
    expect(presence.others.current).toEqual([]);
  });

  it("keeps one value where one lies within another", () => {
    const draft = start().session.draft();
    draft.edit((edit) => edit.set("@1/options/unit", "ms"));
    draft.edit((edit) => edit.set("@1/options", { unit: "h", min: 1 }));
    draft.edit((edit) => edit.set("@1/options/unit", "d"));
    draft.edit((edit) => edit.remove("@1/options/min"));
    expect(draft.values.current).toEqual([{ path: "@1/options", value: { unit: "d" } }]);
  });

  it("is published as one edit, texts as what differs, and is empty then", () => {
    const { session, edits } = start();
    const draft = session.draft();
    draft.edit((edit) => {
      edit.set("@1/options/unit", "s");
      edit.set("@1/options/max", 3);
      edit.set("@1/title", "CPU load");
    });
    expect(draft.preview()).toEqual([
      { path: "@1/options/max", after: 3, changed: false, merged: false },
      { path: "@1/title", before: "CPU", after: "CPU load", changed: false, merged: false },
    ]);
    draft.publish("publish");
    const steps = [
      ["set", "@1/options/max", 3],
      ["text", "@1/title", [3, " load"]],
    ];
    expect(edits).toEqual([["publish", steps]]);
    expect(draft.values.current).toEqual([]);
  });

  it("keeps what somebody typed elsewhere in the same text, and replaces what they changed at the same place", () => {
    const { session, edits } = start();
    const draft = session.draft();
    draft.restore([{ path: "@1/title", value: "Load" }], [{ path: "@1/title", value: "CPUs" }]);
    expect(draft.origins).toEqual([{ path: "@1/title", value: "CPUs" }]);
    expect(draft.preview()[0]).toMatchObject({ after: "Load", changed: true, merged: false });
    draft.discard();
    const path = "@3/title";
    draft.restore([{ path, value: "All disks of" }], [{ path, value: "disks of" }]);
    expect(draft.preview()).toEqual([
      { path, before: "disks of Ana", after: "All disks of Ana", changed: true, merged: true },
    ]);
    draft.publish("publish");
    expect(edits).toEqual([["publish", [["text", path, ["All "]]]]]);
    expect(draft.origins).toEqual([]);
  });

  it("is shown to those who have the widget open, as far as it is not too large", () => {
    const { session, others, update } = start();
    session.open();
    session.draft().edit((edit) => edit.set("@1/title", "new"));
    const values = [{ path: "@1/title", value: "new" }];
    expect(update).toHaveBeenLastCalledWith({ widget: { item: "1", sinceMs: 1_000_000, draft: { values } } });
    session.draft().edit((edit) => edit.set("@1/title", "x".repeat(DRAFT_LENGTH_MAX)));
    const { draft } = (update.mock.calls.at(-1) as [{ widget: { draft: object } }])[0].widget;
    expect(Object.keys(draft)).toEqual(["length"]);

    others.set([
      peer("ana", { widget: { item: "1", sinceMs: 7, draft: { values } } }),
      peer("ben", { widget: { item: "1", sinceMs: 7, draft: { length: 9_000 } } }),
    ]);
    expect(session.drafts.current).toMatchObject([
      { user: { id: "ana" }, preview: { title: "new", options: { unit: "s" } } },
      { user: { id: "ben" }, values: null, preview: null },
    ]);
    session.close();
    expect(session.drafts.current).toEqual([]);
  });

  it("stays when the widget is closed, and is told again when it is opened", () => {
    const { session, update } = start();
    session.draft().restore([{ path: "@1/title", value: "new" }]);
    expect(update).not.toHaveBeenCalled();
    session.open();
    session.close();
    session.open();
    expect(update.mock.calls.at(-2)).toMatchObject([{ widget: { draft: { values: [{ value: "new" }] } } }]);
  });
});
