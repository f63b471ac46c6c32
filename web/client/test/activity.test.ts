/** What people did: the first page, what is told meanwhile, and what is read again. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { DocumentActivity } from "../src/activity/activity.js";
import { pagesOf, readEntry, type WireActivity } from "../src/activity/read.js";
import type { ActivityEntry, ActivityPage } from "../src/api/activity.js";
import type { Result } from "../src/api/basic.js";
import type { Http } from "../src/catalogue/http.js";
import type { Answer } from "../src/core/boundary.js";
import { CoboardError } from "../src/errors.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const wire = (id: string, over: object = {}) => ({
  id,
  actor: "ben",
  name: "Ben",
  origin: "client",
  verb: "edited",
  kind: "edit",
  item: "17",
  title: "CPU",
  count: 1,
  revisions: [Number(id), Number(id)],
  at_ms: Number(id) * 1_000,
  text: `did ${id}`,
  ...over,
});
type Wire = WireActivity["entries"][number];
const entry = (id: string, over: object = {}) => readEntry(wire(id, over) as unknown as Wire, "ana");
const told = (...entries: object[]) => ({ entries }) as unknown as WireActivity;

function started(first: readonly ActivityEntry[] = [entry("3"), entry("2")]) {
  const pages: Result<ActivityPage>[] = [{ ok: true, value: { entries: first, next: 2 } }];
  const page = vi.fn(async () => pages.shift() ?? { ok: true as const, value: { entries: [], next: null } });
  const wanted: boolean[] = [];
  let session = true;
  const activity = new DocumentActivity({
    page,
    self: () => "ana",
    want: (want, done) => {
      if (!session) return false;
      wanted.push(want);
      done({ ok: true, value: {} } as Answer);
      return true;
    },
  });
  const listen = async () => {
    const stop = activity.recent.subscribe(() => {});
    await vi.advanceTimersByTimeAsync(0);
    return stop;
  };
  const ids = () => {
    const { current } = activity.recent;
    return current.status === "ready" ? current.value.map(({ id }) => id) : current.status;
  };
  return {
    activity,
    pages,
    page,
    wanted,
    listen,
    ids,
    lose: () => (session = false),
    back: () => (session = true),
  };
}

describe("activity", () => {
  it("asks the server only while somebody listens", async () => {
    const { activity, wanted, listen, ids } = started();
    expect(ids()).toBe("loading");
    expect(wanted).toEqual([]);
    const stop = await listen();
    expect(ids()).toEqual(["3", "2"]);
    expect(activity.older).toBe(2);
    stop();
    expect(wanted).toEqual([true, false]);
    activity.receive(told(wire("4")));
    expect(ids()).toEqual(["3", "2"]);
  });

  it("has what is told at the front, and what goes on in its place", async () => {
    const { activity, listen, ids } = started();
    await listen();
    activity.receive(told(wire("4"), wire("5", { actor: "eve", item: "9" })));
    expect(ids()).toEqual(["5", "4", "3", "2"]);
    activity.receive(told(wire("4", { count: 2, revisions: [4, 6], at_ms: 6_000 })));
    expect(ids()).toEqual(["4", "5", "3", "2"]);
    activity.receive({ entries: [], gone: ["4"] });
    expect(ids()).toEqual(["5", "3", "2"]);
  });

  it("tells who else comes, and not that one came oneself", async () => {
    const { activity, listen, ids } = started();
    await listen();
    const joined = { verb: "joined", item: undefined, revisions: undefined };
    activity.receive(told(wire("4", { ...joined, actor: "ana" }), wire("5", joined)));
    expect(ids()).toEqual(["5", "3", "2"]);
  });

  it("does not tell the same revisions twice where the server began to count anew", async () => {
    const { activity, listen, ids } = started([entry("3", { revisions: [3, 8] })]);
    await listen();
    activity.receive(told(wire("6", { revisions: [6, 9] })));
    expect(ids()).toEqual(["6"]);
  });

  it("reads what was missed, once for all of it, and after each return", async () => {
    const { activity, pages, page, listen, ids, wanted } = started();
    await listen();
    activity.receive(
      told(wire("9", { verb: "joined", revisions: undefined, item: undefined, at_ms: 9_500 })),
    );
    pages.push({ ok: true, value: { entries: [entry("8"), entry("7")], next: 7 } });
    activity.receive({ ...told(), missed: true });
    activity.receive({ ...told(), missed: true });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(page).toHaveBeenCalledTimes(2);
    expect(ids()).toEqual(["9", "8", "7"]);
    pages.push({ ok: true, value: { entries: [entry("12")], next: null } });
    activity.begin();
    await vi.advanceTimersByTimeAsync(0);
    expect(wanted).toEqual([true, true]);
    expect(ids()).toEqual(["12", "9"]);
  });

  it("lets go of what is gone since, and keeps what is told while a page is on its way", async () => {
    const { activity, pages, listen, ids } = started();
    await listen();
    activity.receive(told(wire("4"), wire("5")));
    expect(ids()).toEqual(["5", "4", "3", "2"]);
    // While one was away 4 and 5 were put back and 6 was done; 7 is done while the page is read, and 2 is put back.
    pages.push({ ok: true, value: { entries: [entry("6"), entry("3"), entry("2")], next: null } });
    activity.begin();
    activity.receive({ ...told(wire("7")), gone: ["2"] });
    await vi.advanceTimersByTimeAsync(0);
    expect(ids()).toEqual(["7", "6", "3"]);
  });

  it("has what is told before the first page is there", async () => {
    const { activity, ids } = started();
    activity.recent.subscribe(() => {});
    activity.receive(told(wire("4")));
    await vi.advanceTimersByTimeAsync(0);
    expect(ids()).toEqual(["4", "3", "2"]);
  });

  it("waits for a session, and says why the first page failed", async () => {
    const { activity, pages, listen, ids, lose, back } = started();
    lose();
    await listen();
    expect(ids()).toBe("loading");
    back();
    pages[0] = { ok: false, error: new CoboardError("E_UNAVAILABLE", "away") };
    activity.begin();
    await vi.advanceTimersByTimeAsync(0);
    expect(ids()).toBe("failed");
    pages.push({ ok: true, value: { entries: [entry("1")], next: null } });
    activity.begin();
    await vi.advanceTimersByTimeAsync(0);
    expect(ids()).toEqual(["1"]);
  });

  it("keeps a bounded number of entries", async () => {
    const { activity, listen, ids } = started();
    await listen();
    for (let id = 10; id < 300; id++) activity.receive(told(wire(String(id), { actor: `u${id}` })));
    expect(ids()).toHaveLength(200);
    expect(ids()[0]).toBe("299");
  });
});

describe("an entry", () => {
  it("knows whether it is one's own, and has null for what is absent", () => {
    expect(entry("1", { actor: "ana" }).own).toBe(true);
    expect(entry("1")).toMatchObject({
      own: false,
      device: null,
      client: null,
      part: null,
      path: null,
      atMs: 1_000,
    });
    expect(entry("1")).not.toHaveProperty("at_ms");
  });

  it("is asked for with what was given alone", async () => {
    const json = vi.fn(async () => ({ ok: true, value: { entries: [wire("1")], next: 1 } }));
    const read = pagesOf({ json } as unknown as Http, "d 1");
    const page = await read({ before: 9, author: "a&b" }, "ana");
    expect(json).toHaveBeenCalledWith("GET", "/api/dashboards/d%201/activity?before=9&author=a%26b");
    expect(page).toMatchObject({ ok: true, value: { next: 1, entries: [{ id: "1" }] } });
  });
});
