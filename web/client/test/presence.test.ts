/** Presence: throttled on its way out, merged by user on its way in. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { PresenceEntry } from "../src/core/boundary.js";
import { Presence } from "../src/presence/presence.js";
import { FakePage } from "./fakes.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const entry = (session: string, user: string, state: PresenceEntry["state"] = {}): PresenceEntry => ({
  session,
  client: `c-${session}`,
  user: { id: user, name: user.toUpperCase(), color: "#123456" },
  state,
});

function start(initial: object = {}) {
  const page = new FakePage();
  const sent: object[] = [];
  const news: string[] = [];
  const presence = new Presence(
    {
      client: () => "c-me",
      intervalMs: () => 50,
      page,
      send: (patch) => sent.push(patch),
      joined: (user) => news.push(`+${user.id}`),
      left: (user) => news.push(`-${user.id}`),
    },
    initial,
  );
  return { page, sent, news, presence };
}

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

describe("receiving", () => {
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
    expect(presence.others.current).toEqual([]);
    presence.begin("s5", [entry("s2", "ben")]);
    expect(news).toEqual([]);
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
