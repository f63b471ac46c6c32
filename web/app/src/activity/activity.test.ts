/** What is new, what is said of it, and what can be taken back. */
import type { ActivityEntry, DocumentHandle, Edit, Json } from "@coboard/client";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { NEWS_GAP_MS, type News, NewsTeller, summary } from "./news";
import { newestOf, unreadOf } from "./seen";
import { canTakeBack, takeBack } from "./takeBack";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

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

const did = (id: string, name = "Bo"): News => ({ what: "did", id, name, text: `did ${id}` });

describe("what is said", () => {
  it("is one sentence for all that came together", () => {
    const came = (...names: string[]) => names.map((name): News => ({ what: "joined", name }));
    expect(summary(came("Ana"))).toBe("Ana joined");
    expect(summary(came("Ana", "Bo"))).toBe("Ana and Bo joined");
    expect(summary(came("Ana", "Bo", "Cleo"))).toBe("Ana and 2 others joined");
    expect(summary([did("1")])).toBe("Bo did 1");
    expect(summary([did("1"), did("2")])).toBe("Bo made 2 changes");
    expect(summary([...came("Ana"), did("1"), did("2", "Eve")])).toBe(
      "Ana joined. Bo and Eve made 2 changes",
    );
    expect(summary([])).toBe("");
  });

  it("comes at most once in five seconds, with what is true by then", () => {
    const said: string[] = [];
    const teller = new NewsTeller((sentence) => said.push(sentence));
    teller.add({ what: "joined", name: "Ana" });
    vi.advanceTimersByTime(1_000);
    expect(said).toEqual(["Ana joined"]);
    teller.add(did("1"));
    teller.add(did("1"));
    teller.add({ what: "joined", name: "Eve" });
    teller.add({ what: "left", name: "Eve" });
    vi.advanceTimersByTime(NEWS_GAP_MS - 1_000);
    expect(said).toEqual(["Ana joined"]);
    vi.advanceTimersByTime(1_000);
    expect(said).toEqual(["Ana joined", "Eve left. Bo did 1"]);
    teller.add(did("2"));
    teller.stop();
    vi.advanceTimersByTime(60_000);
    expect(said).toHaveLength(2);
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
