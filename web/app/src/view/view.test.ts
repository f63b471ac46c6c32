/** View state: what is kept of a dashboard on this device, and where a canvas stands. */
import { beforeEach, describe, expect, it } from "vitest";
import { identity, linkForOtherDevice, personInLink } from "../identity/identity";
import { recentOf } from "../list/Recent";
import { draftOf, keepDraft } from "./drafts";
import { handOver, receive, waitingView } from "./handOver";
import { QUICK_RANGES, toType, typedRange } from "./ranges";
import { placeAt, topOf } from "./scrollPlace";
import { rangeThere, toTell, viewThere } from "./told";
import { lastView, noteView, noteVisit, TOP, type View, viewOf, visits, visitsKey } from "./visits";

beforeEach(() => {
  localStorage.clear();
  sessionStorage.clear();
});

const view = (anchor: string, over: Partial<View> = {}): View => ({
  anchor,
  offset: 0,
  range: null,
  folds: {},
  variables: {},
  ...over,
});

describe("visits", () => {
  it("have what was opened last first, once each, and keep their view", () => {
    noteVisit("a", "A", 1);
    noteView("a", view("7"));
    noteVisit("b", "B", 2);
    noteVisit("a", "A renamed", 3);
    expect(visits().map(({ id, title, atMs }) => [id, title, atMs])).toEqual([
      ["a", "A renamed", 3],
      ["b", "B", 2],
    ]);
    expect(visits()[0]?.view).toEqual(view("7"));
  });

  it("are the newest hundred", () => {
    for (let at = 1; at <= 103; at += 1) noteVisit(`d${at}`, "", at);
    expect(visits()).toHaveLength(100);
    expect(visits().at(-1)?.id).toBe("d4");
  });

  it("give this tab its own view after a reload, and another tab the newest", () => {
    noteVisit("a", "A", 1);
    noteView("a", view("mine"));
    const stored = JSON.parse(localStorage.getItem(visitsKey()) ?? "[]");
    stored[0].view.anchor = "other tab";
    localStorage.setItem(visitsKey(), JSON.stringify(stored));
    expect(lastView("a")?.anchor).toBe("mine");
    sessionStorage.clear();
    expect(lastView("a")?.anchor).toBe("other tab");
    expect(lastView("b")).toBeNull();
  });

  it("leave out what cannot be read", () => {
    localStorage.setItem(visitsKey(), JSON.stringify([{ id: 1 }, null, { id: "a", title: "A", atMs: 1 }]));
    expect(visits()).toEqual([{ id: "a", title: "A", atMs: 1, view: null }]);
    localStorage.setItem(visitsKey(), "{");
    expect(visits()).toEqual([]);
    expect(viewOf({ anchor: "7", offset: 9, range: { from: 1, to: "now" } })).toEqual(view("7"));
  });

  it("show in the list as far as they are there, without a server as far as they are on the device", () => {
    for (const [at, id] of ["a", "b", "gone"].entries()) noteVisit(id, `old ${id}`, at);
    const row = (id: string) => ({ id, title: `new ${id}` });
    const list = { rows: [row("a"), row("b")], offline: false, onDevice: new Map([["a", {}]]) };
    const shown = (offline: boolean) =>
      recentOf(visits(), { ...list, offline } as unknown as Parameters<typeof recentOf>[1]);
    expect(shown(false).map(({ title }) => title)).toEqual(["new b", "new a"]);
    expect(shown(true).map(({ id }) => id)).toEqual(["a"]);
  });
});

describe("a place on the canvas", () => {
  const spans = [
    { item: "c", top: 112, left: 0, height: 200 },
    { item: "b", top: -100, left: 400, height: 240 },
    { item: "row", top: -300, left: 0, height: 30 },
    { item: "a", top: -100, left: 0, height: 200 },
  ];

  it("is the first widget that can be seen, and how much of it is above", () => {
    expect(placeAt(spans, 0)).toEqual({ anchor: "a", offset: 0.5 });
    expect(placeAt(spans, 95)).toEqual({ anchor: "b", offset: 0.813 });
    expect(placeAt(spans, 400)).toEqual({ anchor: null, offset: 0 });
  });

  it("is the same place where widgets have other sizes", () => {
    const narrow = [{ item: "a", top: 1000, left: 0, height: 400 }];
    expect(topOf(narrow, { anchor: "a", offset: 0.5 })).toBe(1200);
    expect(topOf(narrow, { anchor: "gone", offset: 0.5 })).toBeNull();
  });
});

describe("a typed range", () => {
  const now = Date.parse("2026-11-23T08:00:00Z");
  it("is relative, or of moments", () => {
    expect(typedRange(" now-36h ", "now", now)).toEqual({ from: "now-36h", to: "now" });
    const day = typedRange("2026-11-22 14:00", "2026-11-22 16:00", now);
    expect(day).toEqual({
      from: new Date("2026-11-22 14:00").toISOString(),
      to: new Date("2026-11-22 16:00").toISOString(),
    });
    expect(typeof day === "string" ? day : toType(day.from)).toBe("2026-11-22 14:00");
  });

  it("says why it is none", () => {
    expect(typedRange("yesterday", "now", now)).toBe('"yesterday" is no moment');
    expect(typedRange("now-1h", "", now)).toBe('"" is no moment');
    expect(typedRange("now", "now-1h", now)).toBe("The start is not before the end");
  });

  it("is none of the quick ones that cannot be read", () => {
    for (const { from, to } of QUICK_RANGES) expect(typedRange(from, to, now)).toEqual({ from, to });
  });
});

describe("continue here", () => {
  it("waits for a dashboard that is to be opened, and shows at once in one that is", () => {
    const shown: View[] = [];
    expect(handOver("a", view("1"))).toBe(false);
    expect(waitingView("b")).toBeNull();
    expect(waitingView("a")).toEqual(view("1"));
    const stop = receive("a", (next) => shown.push(next));
    expect(waitingView("a")).toBeNull();
    expect(handOver("a", view("2"))).toBe(true);
    expect(shown).toEqual([view("2")]);
    stop();
    expect(handOver("a", view("3"))).toBe(false);
  });

  it("takes from another device only what it can read", () => {
    expect(viewThere(null)).toEqual(TOP);
    expect(viewThere({ anchor: "7", offset: 0.5, from: "now-1h", to: "now" })).toEqual(
      view("7", { offset: 0.5, range: { from: "now-1h", to: "now" } }),
    );
    expect(viewThere({ anchor: "7", offset: -4, from: null, to: null })).toEqual(view("7"));
    const folded = view("7", { folds: { "17": true, "18": false } });
    expect(viewThere(toTell(folded))).toEqual(folded);
    const many = Object.fromEntries(Array.from({ length: 9 }, (_, row) => [String(row), true]));
    expect(viewThere(toTell(view("7", { folds: many })))).toEqual(view("7"));
    const longest = view("9".repeat(20), {
      offset: 0.999,
      range: { from: "2026-11-22T13:00:00.000Z", to: "2026-11-22T14:00:00.000Z" },
      folds: Object.fromEntries(Array.from({ length: 8 }, (_, row) => [String(row).repeat(20), false])),
    });
    expect(JSON.stringify(toTell(longest)).length).toBeLessThanOrEqual(512);
    expect(rangeThere({ from: "now-1h", to: "now" })).toBe("Last 1 h");
    expect(rangeThere({ anchor: "7" })).toBeNull();
  });
});

describe("a person in an address", () => {
  it("is the one who made it, unless that is oneself, or it cannot be read", () => {
    const { hash } = new URL(linkForOtherDevice());
    expect(personInLink(hash)).toBeNull();
    expect(personInLink(hash.replace("#as=", "#as=x"))).toEqual({
      id: `x${identity().id}`,
      name: identity().name,
    });
    for (const bad of ["", "#main", "#as=", "#as=a b:Ana", "#as=ana:", "#as=ana:%ff"])
      expect(personInLink(bad)).toBeNull();
    expect(personInLink("#as=ana:J%C3%BCrgen")).toEqual({ id: "ana", name: "Jürgen" });
  });
});

describe("drafts", () => {
  it("stay until they are used, the newest twenty, none too long", () => {
    for (let at = 1; at <= 22; at += 1) keepDraft(`d${at}`, `text ${at}`, at);
    expect(draftOf("d2")).toBeNull();
    expect(draftOf("d3")).toBe("text 3");
    keepDraft("d3", null);
    expect(draftOf("d3")).toBeNull();
    keepDraft("d4", "x".repeat(65_537), 30);
    expect(draftOf("d4")).toBeNull();
    keepDraft("empty", "", 31);
    expect(draftOf("empty")).toBe("");
  });
});
