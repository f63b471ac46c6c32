/** Presence: throttled on its way out, merged by user on its way in. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PresencePace } from "../src/api/presence.js";
import type { PresenceEntry } from "../src/core/boundary.js";
import { LEASE_MS } from "../src/presence/leases.js";
import { IN_A_ROW, LIGHT_INTERVAL_MS, PaceChoice, SLOW_MS, WELL_MS } from "../src/presence/pace.js";
import { IDLE_AFTER_MS } from "../src/presence/peers.js";
import { CUT_MS, Presence } from "../src/presence/presence.js";
import { Emitter } from "../src/support/emitter.js";
import { FakePage } from "./fakes.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const entry = (session: string, user: string, state: PresenceEntry["state"] = {}): PresenceEntry => ({
  session,
  client: `c-${session}`,
  user: { id: user, name: user.toUpperCase(), color: "#123456" },
  state,
});

function start(initial: object = {}, option: PresencePace = "auto") {
  const page = new FakePage();
  const latency = new Emitter<{ ms: number }>();
  const choice = new PaceChoice({ option, page, onLatency: (listener) => latency.on("ms", listener) });
  const messages: { patch: object; pace?: string }[] = [];
  const sent: object[] = [];
  const news: string[] = [];
  const presence = new Presence(
    {
      client: () => "c-me",
      intervalMs: () => 50,
      page,
      pace: choice.pace,
      send: (message) => {
        messages.push(message);
        sent.push(message.patch);
      },
      joined: (user) => news.push(`+${user.id}`),
      left: (user) => news.push(`-${user.id}`),
    },
    initial,
  );
  return { page, choice, latency, sent, messages, news, presence };
}

const held = (presence: Presence) => presence.leases.current.map(({ user, path }) => `${user.id} ${path}`);

describe("following", () => {
  it("is told, told again to a new session, and over when they have left", () => {
    const { presence, sent } = start();
    presence.begin("s1", [entry("s1", "me"), entry("s2", "ben")]);
    presence.follow("ben");
    expect(sent).toEqual([{ following: "ben", followingSinceMs: Date.now() }]);
    presence.end();
    vi.advanceTimersByTime(60_000);
    expect(presence.following.current).toBe("ben");
    presence.begin("s3", [entry("s3", "me"), entry("s4", "ben")]);
    expect(sent.at(-1)).toMatchObject({ following: "ben" });
    presence.receive({ entries: [], left: ["s4"] });
    vi.advanceTimersByTime(10_000);
    expect(presence.following.current).toBeNull();
    expect(presence.self.current.presence).toEqual({});
  });
});

describe("sending", () => {
  it("says nothing to nobody, and everything to the first one who comes", () => {
    const { presence, sent } = start({ mood: "fine" });
    presence.begin("s1", [entry("s1", "me")]);
    presence.update({ focus: "@1/title" });
    presence.update({ focus: "@2/title" });
    vi.advanceTimersByTime(1_000);
    expect(sent).toEqual([]);
    presence.receive({ entries: [entry("s2", "ben")] });
    expect(sent).toEqual([{ mood: "fine", focus: "@2/title" }]);
  });

  it("sends the first at once and the last of each interval", () => {
    const { presence, sent } = start();
    presence.begin("s1", [entry("s2", "ben")]);
    for (let x = 1; x <= 10; x += 1) {
      presence.update({ cursor: { x: x / 10, row: 1 } });
      vi.advanceTimersByTime(10);
    }
    vi.advanceTimersByTime(100);
    expect(sent).toEqual([
      { cursor: { x: 0.1, row: 1 } },
      { cursor: { x: 0.5, row: 1 } },
      { cursor: { x: 1, row: 1 } },
    ]);
  });

  it("does not send what is known, and sends null to remove", () => {
    const { presence, sent } = start();
    presence.begin("s1", [entry("s2", "ben")]);
    presence.update({ selection: ["17"] });
    vi.advanceTimersByTime(100);
    presence.update({ selection: ["17"] });
    vi.advanceTimersByTime(100);
    presence.update({ selection: null });
    expect(sent).toEqual([{ selection: ["17"] }, { selection: null }]);
    expect(presence.self.current.presence).toEqual({});
  });

  it("tells a new session all of itself again", () => {
    const { presence, sent } = start({ mood: "fine" });
    presence.begin("s1", [entry("s2", "ben")]);
    presence.end();
    presence.update({ focus: "@1" });
    vi.advanceTimersByTime(100);
    expect(sent).toEqual([{ mood: "fine" }]);
    presence.begin("s9", [entry("s2", "ben")]);
    expect(sent[1]).toEqual({ mood: "fine", focus: "@1" });
  });

  it("is away while the tab is hidden", () => {
    const { page, presence, sent } = start();
    presence.begin("s1", [entry("s2", "ben")]);
    page.hidden = true;
    page.fire("visibility");
    expect(presence.self.current.activity).toBe("away");
    expect(sent).toEqual([{ activity: "away" }]);
  });
});

describe("the pace", () => {
  const at = (x: number) => ({ cursor: { x, row: 1 } });

  it("is none in a hidden tab, which says so with being away, and full with a list when one looks again", () => {
    const { page, presence, messages } = start();
    presence.begin("s1", [entry("s2", "ben")]);
    presence.update(at(0.1));
    page.hidden = true;
    page.fire("visibility");
    expect(messages.slice(1)).toEqual([{ patch: { activity: "away", cursor: null }, pace: "none" }]);
    vi.advanceTimersByTime(600_000);
    expect(messages).toHaveLength(2);
    page.hidden = false;
    page.fire("visibility");
    expect(messages.at(-1)).toEqual({ patch: { activity: "active", ...at(0.1) }, pace: "full" });
  });

  it("is asked for again where no list comes: the message may have been lost", () => {
    const { page, presence, messages } = start();
    presence.begin("s1", [entry("s2", "ben")]);
    page.hidden = true;
    page.fire("visibility");
    page.hidden = false;
    page.fire("visibility");
    vi.advanceTimersByTime(5_000);
    expect(messages.at(-1)).toEqual({ patch: {}, pace: "full" });
    presence.receive({ entries: [entry("s2", "ben")], complete: true });
    const count = messages.length;
    vi.advanceTimersByTime(60_000);
    expect(messages).toHaveLength(count);
  });

  it("is light on a thrifty page: rare, and without what moves, in both directions", () => {
    const { page, presence, messages } = start();
    page.thrifty = true;
    page.fire("thrift");
    presence.begin("s1", [entry("s2", "ben")]);
    expect(messages).toEqual([{ patch: {}, pace: "light" }]);
    for (let step = 0; step < 600; step += 1) {
      presence.update({ ...at(step / 600), selection: [`${step}`] });
      vi.advanceTimersByTime(100);
    }
    expect(messages.length).toBeLessThanOrEqual(60_000 / LIGHT_INTERVAL_MS + 2);
    expect(messages.every(({ patch }) => !("cursor" in patch))).toBe(true);
    page.thrifty = false;
    page.fire("thrift");
    expect(messages.at(-1)).toMatchObject({ patch: at(599 / 600), pace: "full" });
  });

  it("is light over a slow line, once that is sure, and full again when it is well", () => {
    const { latency, choice } = start();
    const measure = (...all: number[]) => {
      for (const ms of all) latency.emit("ms", ms);
      return choice.pace.current;
    };
    const times = (ms: number) => Array.from({ length: IN_A_ROW }, () => ms);
    expect(measure(SLOW_MS, WELL_MS, SLOW_MS, SLOW_MS - 1)).toBe("full");
    expect(measure(...times(SLOW_MS))).toBe("light");
    expect(measure(...times(WELL_MS + 1))).toBe("light");
    expect(measure(...times(WELL_MS))).toBe("full");
  });

  it("is what the application says, if it says something", () => {
    const { page, choice } = start({}, "light");
    page.hidden = true;
    page.fire("visibility");
    expect(choice.pace.current).toBe("light");
  });

  it("is told to a new session, but to nobody where nobody is", () => {
    const { page, presence, messages } = start({}, "auto");
    presence.begin("s1", []);
    page.hidden = true;
    page.fire("visibility");
    expect(messages).toEqual([]);
    presence.receive({ entries: [entry("s2", "ben")] });
    expect(messages).toEqual([{ patch: { activity: "away" }, pace: "none" }]);
    presence.end();
    presence.begin("s9", [entry("s2", "ben")]);
    expect(messages.at(-1)).toEqual({ patch: { activity: "away" }, pace: "none" });
    // All others may have gone unheard.
    presence.receive({ entries: [], left: ["s2"] });
    page.hidden = false;
    page.fire("visibility");
    expect(messages.at(-1)?.pace).toBe("full");
  });
});

describe("the audience", () => {
  it("is who is known until the server says how many there are, and nobody without a connection", () => {
    const { presence } = start();
    presence.identify({ id: "me", name: "Me" });
    presence.begin("s1", [entry("s1", "me"), entry("s2", "ben"), entry("s3", "ben")]);
    expect(presence.audience.current).toEqual({ editors: 2, viewers: 0, listed: 2 });
    presence.receive({ entries: [], audience: { editors: 3, viewers: 40, listed: 2 } });
    presence.receive({ entries: [entry("s4", "cat")] });
    expect(presence.audience.current).toEqual({ editors: 3, viewers: 40, listed: 2 });
    presence.end();
    expect(presence.audience.current).toEqual({ editors: 3, viewers: 40, listed: 2 });
    vi.advanceTimersByTime(CUT_MS);
    expect(presence.audience.current).toEqual({ editors: 0, viewers: 0, listed: 0 });
    presence.begin("s5", [entry("s5", "me")]);
    expect(presence.audience.current).toEqual({ editors: 1, viewers: 0, listed: 1 });
  });

  it("is no news of anybody where not all are told one by one", () => {
    const { presence, news } = start();
    presence.begin("s1", [entry("s1", "me"), entry("s2", "ben")]);
    const audience = { editors: 1, viewers: 120, listed: 2 };
    presence.receive({ entries: [entry("s3", "cat")], left: ["s2"], audience });
    presence.receive({ entries: [entry("s4", "dan")], left: ["s3"] });
    presence.receive({ entries: [entry("s2", "ben")], audience: { editors: 3, viewers: 0, listed: 3 } });
    expect(news).toEqual([]);
    presence.receive({ entries: [], left: ["s2"], audience: { editors: 2, viewers: 0, listed: 2 } });
    expect(news).toEqual(["-ben"]);
  });
});

describe("leases", () => {
  it("are where others have their focus, and follow it", () => {
    const { presence } = start();
    presence.begin("s1", [entry("s1", "me", { focus: "@9" }), entry("s2", "ben", { focus: "@1/title" })]);
    presence.receive({ entries: [entry("s3", "ana", { focus: "@1/title" }), entry("s4", "cid")] });
    expect(held(presence)).toEqual(["ana @1/title", "ben @1/title"]);
    presence.receive({ entries: [entry("s2", "ben", { focus: "@2" })], left: ["s3"] });
    expect(held(presence)).toEqual(["ben @2"]);
    presence.receive({ entries: [entry("s2", "ben", { focus: null })] });
    expect(held(presence)).toEqual([]);
  });

  it("end a minute after the last sign of life, and begin again with the next one", () => {
    const { presence } = start();
    const told: number[] = [];
    presence.leases.subscribe((leases) => told.push(leases.length));
    presence.begin("s1", [entry("s2", "ben", { focus: "@1/title" })]);
    vi.advanceTimersByTime(LEASE_MS - 1);
    expect(held(presence)).toHaveLength(1);
    // A list of everybody is none.
    presence.receive({ entries: [entry("s2", "ben", { focus: "@1/title" })], complete: true });
    vi.advanceTimersByTime(1);
    expect(held(presence)).toEqual([]);
    expect(told).toEqual([1, 0]);
    presence.receive({ entries: [entry("s2", "ben", { focus: "@1/title", caret: 3 })] });
    expect(held(presence)).toEqual(["ben @1/title"]);
  });

  it("are held by who edits, though nothing else is heard of them", () => {
    const { presence } = start();
    presence.begin("s1", [entry("s2", "ben", { focus: "@1/max" }), entry("s3", "ana", { focus: "@2" })]);
    vi.advanceTimersByTime(LEASE_MS - 10);
    presence.worked("c-s2");
    presence.worked("c-of-nobody-here");
    vi.advanceTimersByTime(10);
    expect(held(presence)).toEqual(["ben @1/max"]);
    vi.advanceTimersByTime(LEASE_MS - 10);
    expect(held(presence)).toEqual([]);
  });

  it("end with the tab being looked away from, and with the connection", () => {
    const { presence } = start();
    presence.begin("s1", [entry("s2", "ben", { focus: "@1" })]);
    presence.receive({ entries: [entry("s2", "ben", { focus: "@1", activity: "away" })] });
    expect(held(presence)).toEqual([]);
    presence.receive({ entries: [entry("s2", "ben", { focus: "@1", activity: "active" })] });
    expect(held(presence)).toHaveLength(1);
    presence.end();
    vi.advanceTimersByTime(CUT_MS);
    expect(held(presence)).toEqual([]);
  });
});

describe("receiving", () => {
  it("does not take a list of everybody for a sign of life", () => {
    const { presence } = start();
    const ben = entry("s2", "ben", { focus: "@1" });
    presence.begin("s1", [ben]);
    for (let ms = 0; ms <= IDLE_AFTER_MS; ms += 30_000) {
      vi.advanceTimersByTime(30_000);
      presence.receive({ entries: [ben], complete: true });
    }
    expect(presence.others.current[0]?.activity).toBe("idle");
    presence.receive({ entries: [entry("s2", "ben", { focus: "@2" })], complete: true });
    expect(presence.others.current[0]?.activity).toBe("active");
  });

  it("takes its own colour from the server and is not among the others", () => {
    const { presence } = start();
    presence.identify({ id: "me", name: "Me" });
    presence.begin("s1", [entry("s1", "me")]);
    expect(presence.self.current.user).toEqual({ id: "me", name: "ME", color: "#123456" });
    expect(presence.others.current).toEqual([]);
  });

  it("merges the tabs of one user; of each key the newest value counts", () => {
    const { presence } = start();
    presence.begin("s1", [entry("s2", "ben", { focus: "@1", mood: "old" })]);
    vi.advanceTimersByTime(10);
    presence.receive({ entries: [entry("s3", "ben", { mood: "new", focus: null })] });
    const [ben, ...rest] = presence.others.current;
    expect(rest).toEqual([]);
    expect(ben).toMatchObject({ clients: ["c-s2", "c-s3"], presence: { focus: "@1", mood: "new" } });
  });

  it("counts another tab of one's own user as another", () => {
    const { presence } = start();
    presence.begin("s1", [entry("s1", "me"), entry("s2", "me")]);
    expect(presence.others.current.map(({ user }) => user.id)).toEqual(["me"]);
  });

  it("tells of people, not of tabs, and not of those who were there", () => {
    const { presence, news } = start();
    presence.begin("s1", []);
    presence.receive({ entries: [entry("s2", "ben")] });
    presence.receive({ entries: [entry("s3", "ben"), entry("s4", "cleo")] });
    presence.receive({ entries: [], left: ["s2"] });
    expect(news).toEqual(["+ben", "+cleo"]);
    presence.receive({ entries: [entry("s4", "cleo")], complete: true });
    expect(news).toEqual(["+ben", "+cleo", "-ben"]);
  });

  it("says nothing at the start and at the end of a session", () => {
    const { presence, news } = start();
    presence.begin("s1", [entry("s2", "ben")]);
    presence.end();
    vi.advanceTimersByTime(CUT_MS);
    expect(presence.others.current).toEqual([]);
    presence.begin("s5", [entry("s2", "ben")]);
    expect(news).toEqual([]);
  });

  it("still knows who was there while a connection is cut for a moment, and what they hold", () => {
    const { presence, news } = start();
    const names = () => presence.others.current.map(({ user }) => user.id);
    presence.begin("s1", [entry("s2", "ben", { focus: "@1" }), entry("s3", "cleo")]);
    presence.end();
    vi.advanceTimersByTime(CUT_MS - 1);
    expect(names()).toEqual(["ben", "cleo"]);
    expect(held(presence)).toEqual(["ben @1"]);
    presence.begin("s5", [entry("s3", "cleo"), entry("s6", "dan")]);
    vi.advanceTimersByTime(CUT_MS);
    expect(names()).toEqual(["cleo", "dan"]);
    expect(news).toEqual(["+dan", "-ben"]);
    // A second attempt that fails does not make it longer.
    presence.end();
    vi.advanceTimersByTime(CUT_MS - 1);
    presence.end();
    vi.advanceTimersByTime(1);
    expect(names()).toEqual([]);
    expect(held(presence)).toEqual([]);
    expect(news).toHaveLength(2);
  });

  it("calls somebody idle after a minute, and away when they say so", () => {
    const { presence } = start();
    presence.begin("s1", [entry("s2", "ben"), entry("s3", "cleo", { activity: "away" })]);
    const activities = () => presence.others.current.map(({ activity }) => activity);
    expect(activities()).toEqual(["active", "away"]);
    expect(presence.others.current[1]?.presence).toEqual({});
    vi.advanceTimersByTime(75_000);
    expect(activities()).toEqual(["idle", "away"]);
    presence.destroy();
    expect(vi.getTimerCount()).toBe(0);
  });
});
