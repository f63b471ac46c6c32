/** What is new, what is said of it, and what can be taken back. */
import type { ActivityEntry, DocumentHandle, Edit, Json } from "@coboard/client";
import { describe, expect, it, vi } from "vitest";
import { saidOf } from "./said";
import { newestOf, unreadOf } from "./seen";
import { canTakeBack, takeBack } from "./takeBack";

const entry = (over: Partial<ActivityEntry> = {}): ActivityEntry => ({
  id: "4.0",
  actor: "bo",
  name: "Bo",
  own: false,
  device: null,
  client: null,
  origin: "client",
  verb: "edited",
  kind: "edit",
  item: "17",
  title: "CPU",
  part: "unit",
  path: "@17/unit",
  before: "short",
  after: "ms",
  count: 1,
  revisions: [4, 4],
  atMs: 4_000,
  text: "changed the unit of “CPU” to milliseconds",
  ...over,
});

describe("what is said", () => {
  it("is one sentence for all that came together", () => {
    const did = (name: string, text = "moved “CPU” up") => entry({ name, text });
    expect(saidOf([])).toBe("");
    expect(saidOf([did("Bo")])).toBe("Bo moved “CPU” up");
    expect(saidOf([did("Bo"), did("Bo")])).toBe("Bo made 2 changes");
    expect(saidOf([did("Bo"), did("Eve")])).toBe("Bo and Eve made 2 changes");
    expect(saidOf([did("Bo"), did("Eve"), did("Cy")])).toBe("Bo and 2 others made 3 changes");
  });
});

describe("what is new", () => {
  it("is what others did after one looked, and nothing where one never looked", () => {
    const entries = [
      entry({ revisions: [7, 9] }),
      entry({ own: true, revisions: [8, 8] }),
      entry(),
      entry({ revisions: null }),
    ];
    expect(newestOf(entries)).toBe(9);
    expect(unreadOf(entries, undefined)).toBe(0);
    expect(unreadOf(entries, 8)).toBe(1);
    expect(unreadOf(entries, 3)).toBe(2);
    expect(unreadOf(entries, 9)).toBe(0);
  });
});

describe("taking back", () => {
  function document(values: Record<string, Json>) {
    const edit = { set: vi.fn(), remove: vi.fn(), restore: vi.fn() };
    const handle = {
      read: (path: string) => values[path],
      item: (item: string) => values[`@${item}`],
      edit: (_label: string, change: (edit: Edit) => unknown) => change(edit as unknown as Edit),
    } as unknown as DocumentHandle;
    return { handle, edit };
  }

  it("writes what stood there, as long as nobody has changed it since", () => {
    const { handle, edit } = document({ "@17/unit": "ms" });
    expect(takeBack(handle, entry())).toBe(true);
    expect(edit.set).toHaveBeenCalledExactlyOnceWith("@17/unit", "short");
    const later = document({ "@17/unit": "s" });
    expect(takeBack(later.handle, entry())).toBe(false);
    expect(later.edit.set).not.toHaveBeenCalled();
  });

  it("removes what was not there, and writes what is gone", () => {
    const made = document({ "@17/unit": "ms" });
    expect(takeBack(made.handle, entry({ before: undefined }))).toBe(true);
    expect(made.edit.remove).toHaveBeenCalledExactlyOnceWith("@17/unit");
    const gone = document({});
    expect(takeBack(gone.handle, entry({ after: undefined }))).toBe(true);
    expect(gone.edit.set).toHaveBeenCalledExactlyOnceWith("@17/unit", "short");
  });

  it("puts a widget back to its place, and brings a deleted one back", () => {
    const after = { x: 8, y: 0, w: 8, h: 6 };
    const moved = entry({ verb: "moved", path: "@17/gridPos", before: { x: 0, y: 0, w: 8, h: 6 }, after });
    const { handle, edit } = document({ "@17/gridPos": { h: 6, w: 8, y: 0, x: 8 } });
    expect(takeBack(handle, moved)).toBe(true);
    expect(edit.set.mock.calls).toContainEqual(["@17/gridPos/x", 0]);
    const deleted = entry({ verb: "deleted", path: null, before: undefined, after: undefined });
    expect(takeBack(handle, deleted)).toBe(true);
    expect(edit.restore).toHaveBeenCalledExactlyOnceWith("17");
    expect(takeBack(document({ "@17": {} }).handle, deleted)).toBe(false);
  });

  it("is offered where the entry says what stood there, and not for what was itself taken back", () => {
    expect(canTakeBack(entry())).toBe(true);
    expect(canTakeBack(entry({ path: null }))).toBe(false);
    expect(canTakeBack(entry({ before: undefined, after: undefined }))).toBe(false);
    expect(canTakeBack(entry({ kind: "undo" }))).toBe(false);
    expect(canTakeBack(entry({ verb: "deleted", path: null }))).toBe(true);
  });
});
