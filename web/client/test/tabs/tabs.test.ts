/** Tabs that share one connection: who carries it, what goes to whom, and what happens when one of them ends. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { LEADER_SILENT_MS_MAX, SESSIONS_MAX, TABS_MAX } from "../../src/tabs/limits.js";
import { fakeServer } from "../fakes.js";
import { FakeBrowser, FakeTab, turns } from "./fakes.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const browserOf = () => new FakeBrowser(fakeServer());
const committed = (document: string) => ({ document, from: 0, to: 1, entries: [] });

describe("one connection", () => {
  it("is opened by the first tab and greeted once", async () => {
    const browser = browserOf();
    const tabs = await browser.tabs("a", "b", "c");
    expect(browser.server.links).toHaveLength(1);
    expect(tabs.map(({ state }) => state)).toEqual(["own-socket", "other-tab", "other-tab"]);
    expect(browser.last.asked.filter(({ event }) => event === "hello")).toEqual([]);
    const greeted = browser.said.filter(
      (word) => word.from === "tab" && word.word === "send" && word.event === "hello",
    );
    expect(greeted).toHaveLength(2);
    expect(tabs.map(({ connection }) => connection.user?.id)).toEqual(["ana", "ana", "ana"]);
    expect(tabs[2]?.connection.limits.current?.lineage).toBe("L1");
  });

  it("brings each answer to whoever asked", async () => {
    const browser = browserOf();
    const [a, b, c] = await browser.tabs("a", "b", "c");
    const done = { a: vi.fn(), b: vi.fn(), c: vi.fn() };
    a?.connection.request("submit", { of: "a" }, done.a);
    b?.connection.request("submit", { of: "b" }, done.b);
    c?.connection.request("submit", { of: "c" }, done.c);
    await turns();
    const submits = browser.last.asked.filter(({ event }) => event === "submit");
    expect(submits.map(({ payload }) => payload.of).sort()).toEqual(["a", "b", "c"]);
    for (const { payload, done: answer } of submits) answer({ ok: true, value: `for ${payload.of}` });
    await turns();
    for (const [name, asked] of Object.entries(done)) {
      expect(asked.mock.calls).toEqual([[{ ok: true, value: `for ${name}` }]]);
    }
  });

  it("tells of a document those that are in it, over the channel once", async () => {
    const browser = browserOf();
    const [a, b, c, d] = await browser.tabs("a", "b", "c", "d");
    await b?.join("d1");
    await c?.join("d1");
    await d?.join("d2");
    browser.said.length = 0;
    browser.last.events.message("committed", committed("d1"));
    await turns();
    const heard = [a, b, c, d].map((tab) => tab?.messages.map(({ event }) => event));
    expect(heard).toEqual([[], ["committed"], ["committed"], []]);
    expect(browser.said).toHaveLength(1);
    browser.last.events.message("dashboard_created", { document: "d9" });
    await turns();
    expect([a, b, c, d].map((tab) => tab?.messages.at(-1)?.event)).toEqual(
      Array(4).fill("dashboard_created"),
    );
  });

  it("tells a tab nothing of a document before its join is answered, and nothing after it left", async () => {
    const browser = browserOf();
    const [, b] = await browser.tabs("a", "b");
    b?.connection.request("join", { document: "d1" }, () => {});
    await turns();
    browser.last.events.message("committed", committed("d1"));
    await turns();
    expect(b?.messages).toEqual([]);
    browser.last.answer("join", { ok: true, value: { session: "s1" } });
    browser.last.events.message("committed", committed("d1"));
    await turns();
    expect(b?.messages).toHaveLength(1);
    b?.connection.emit("leave", { document: "d1", session: "s1" });
    await turns();
    browser.last.events.message("committed", committed("d1"));
    await turns();
    expect(b?.messages).toHaveLength(1);
  });

  it("leaves the lobby when the last tab does", async () => {
    const browser = browserOf();
    const [a, b] = await browser.tabs("a", "b");
    for (const tab of [a, b]) tab?.connection.request("lobby_join", {}, () => {});
    await turns();
    a?.connection.emit("lobby_leave", {});
    await turns();
    expect(browser.last.sent).toEqual([]);
    b?.connection.emit("lobby_leave", {});
    await turns();
    expect(browser.last.sent.map(({ event }) => event)).toEqual(["lobby_leave"]);
  });

  it("that is lost is lost for all, for the same reason, and one attempt brings all back", async () => {
    const browser = browserOf();
    const tabs = await browser.tabs("a", "b", "c");
    const [, b] = tabs;
    if (b) b.page.hidden = true;
    browser.last.events.closed("silent");
    await turns();
    for (const { connection } of tabs) {
      expect(connection.status.current).toMatchObject({ state: "reconnecting", reason: "silent" });
    }
    await vi.advanceTimersByTimeAsync(250);
    await turns();
    expect(browser.server.links).toHaveLength(2);
    await browser.accept();
    // The hidden one would have waited for a second.
    expect(tabs.map(({ state }) => state)).toEqual(["own-socket", "other-tab", "other-tab"]);
  });

  it("that a server drains is left by all", async () => {
    const browser = browserOf();
    const tabs = await browser.tabs("a", "b");
    const [a, b] = tabs;
    browser.last.events.message("drain", { after_ms: 100, deadline_ms: 5_000 });
    await turns();
    // The second tab's clock is late, as in a tab that is hidden.
    await vi.advanceTimersByTimeAsync(100);
    await turns();
    expect(browser.server.links[0]?.closed).toBe(true);
    for (const tab of [a, b]) {
      expect(tab?.connection.status.current).toMatchObject({ reason: "server-draining" });
    }
  });

  it("is refused for all alike", async () => {
    const browser = browserOf();
    const [a, b] = [new FakeTab(browser, "a"), new FakeTab(browser, "b")];
    a.connection.connect();
    b.connection.connect();
    await turns();
    browser.last.events.refused("E_AUTH");
    await turns();
    expect([a.state, b.state]).toEqual(["needs-auth", "needs-auth"]);
  });
});

describe("hand-over", () => {
  it("follows at once when the leader dies, and what it had not answered is not answered", async () => {
    const browser = browserOf();
    const [a, b, c] = await browser.tabs("a", "b", "c");
    const done = vi.fn();
    const lost = vi.fn();
    c?.connection.events.on("lost", lost);
    c?.connection.request("submit", {}, done);
    await turns();
    await a?.die();
    await turns();
    expect(lost).toHaveBeenCalledTimes(1);
    await browser.accept();
    expect([b?.state, c?.state]).toEqual(["own-socket", "other-tab"]);
    expect(browser.server.links.filter(({ closed }) => !closed)).toHaveLength(1);
    expect(done).not.toHaveBeenCalled();
    // No time has passed but for the server's.
    expect(c?.connection.connected).toBe(true);
  });

  it("hands on when the leader wants no connection any more", async () => {
    const browser = browserOf();
    const [a, b] = await browser.tabs("a", "b");
    a?.connection.disconnect("hidden-tab");
    await turns();
    expect(browser.server.links[0]?.closed).toBe(true);
    await browser.accept();
    expect([a?.state, b?.state]).toEqual(["disconnected", "own-socket"]);
    a?.connection.connect();
    await turns();
    expect(a?.state).toBe("other-tab");
  });

  it("hands on before the page is frozen, and takes part again afterwards", async () => {
    const browser = browserOf();
    const [a, b] = await browser.tabs("a", "b");
    a?.page.fire("freeze");
    a?.freeze();
    await turns();
    await browser.accept();
    expect(b?.state).toBe("own-socket");
    await a?.thaw();
    a?.page.fire("resume");
    await turns();
    expect(a?.state).toBe("other-tab");
    expect(browser.server.links.filter(({ closed }) => !closed)).toHaveLength(1);
  });

  it("takes the lead from a tab that stands still while something is awaited of it", async () => {
    const browser = browserOf();
    const [a, b, c] = await browser.tabs("a", "b", "c");
    await vi.advanceTimersByTimeAsync(LEADER_SILENT_MS_MAX);
    a?.freeze();
    b?.connection.request("submit", {}, () => {});
    await vi.advanceTimersByTimeAsync(LEADER_SILENT_MS_MAX - 100);
    expect(browser.server.links).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(100);
    await turns();
    expect(browser.server.links).toHaveLength(2);
    await browser.accept();
    expect([b?.state, c?.state]).toEqual(["own-socket", "other-tab"]);
    // It wakes, finds that it leads no more, gives its connection up and follows.
    await a?.thaw();
    await turns();
    expect(browser.server.links[0]?.closed).toBe(true);
    expect(a?.state).toBe("other-tab");
    expect(browser.server.links.filter(({ closed }) => !closed)).toHaveLength(1);
  });

  it("does not take it from one that is alive while the server is slow", async () => {
    const browser = browserOf();
    const [, b] = await browser.tabs("a", "b");
    b?.connection.request("submit", {}, () => {});
    await vi.advanceTimersByTimeAsync(4 * LEADER_SILENT_MS_MAX - 100);
    expect(browser.said.some((word) => word.from === "leader" && word.to && word.own.word === "alive")).toBe(
      true,
    );
    expect(browser.server.links).toHaveLength(1);
    expect(b?.state).toBe("other-tab");
  });

  it("does not take it because the tab itself stood still", async () => {
    const browser = browserOf();
    const [, b] = await browser.tabs("a", "b");
    await vi.advanceTimersByTimeAsync(LEADER_SILENT_MS_MAX);
    b?.connection.request("submit", {}, () => {});
    b?.freeze();
    // Its timers come late, before what it missed.
    for (let half = 0; half < 3; half += 1) {
      vi.setSystemTime(Date.now() + 60_000);
      await vi.advanceTimersByTimeAsync(LEADER_SILENT_MS_MAX / 2);
    }
    await b?.thaw();
    await vi.advanceTimersByTimeAsync(100);
    expect(browser.server.links).toHaveLength(1);
  });

  it("asks again when a word was lost", async () => {
    const browser = browserOf();
    await browser.tabs("a");
    const b = new FakeTab(browser, "b");
    let lose = 1;
    browser.isLost = (word) => word.from === "tab" && word.word === "open" && lose-- > 0;
    b.connection.connect();
    await turns();
    expect(b.state).toBe("connecting");
    await vi.advanceTimersByTimeAsync(LEADER_SILENT_MS_MAX / 2);
    await turns();
    expect(b.state).toBe("other-tab");
    expect(browser.server.links).toHaveLength(1);
  });
});

describe("a tab that ends", () => {
  it("has its sessions left by the leader", async () => {
    const browser = browserOf();
    const [, b, c] = await browser.tabs("a", "b", "c");
    await b?.join("d1");
    await c?.join("d1");
    await b?.die();
    await turns();
    expect(browser.last.sent).toEqual([{ event: "leave", payload: { document: "d1", session: "s-b" } }]);
  });

  it("leaves what it was about to enter", async () => {
    const browser = browserOf();
    const [, b] = await browser.tabs("a", "b");
    b?.connection.request("join", { document: "d1" }, () => {});
    await turns();
    await b?.die();
    await turns();
    expect(browser.last.sent).toEqual([]);
    browser.last.answer("join", { ok: true, value: { session: "late" } });
    expect(browser.last.sent).toEqual([{ event: "leave", payload: { document: "d1", session: "late" } }]);
  });

  it("does not end the connection of the others when it rests or misses an answer", async () => {
    const browser = browserOf();
    const [a, b, c] = await browser.tabs("a", "b", "c");
    b?.connection.disconnect("hidden-tab");
    await turns();
    expect([a?.state, b?.state, c?.state]).toEqual(["own-socket", "disconnected", "other-tab"]);
    // Answers to the third tab do not come; those to the leader do.
    const lost = vi.fn();
    a?.connection.events.on("lost", lost);
    browser.isLost = (word) => word.from === "leader" && word.to !== null && word.own.word === "answer";
    await vi.advanceTimersByTimeAsync(16_000);
    expect(
      browser.said.some((word) => word.from === "tab" && word.word === "close" && word.why === "silent"),
    ).toBe(true);
    expect(lost).not.toHaveBeenCalled();
    expect(browser.server.links).toHaveLength(1);
  });

  it("asks to try again, and all get a new connection", async () => {
    const browser = browserOf();
    const [a, b] = await browser.tabs("a", "b");
    b?.connection.reconnect();
    await turns();
    expect(browser.server.links[0]?.closed).toBe(true);
    await browser.accept();
    expect([a?.state, b?.state]).toEqual(["own-socket", "other-tab"]);
  });
});

describe("limits", () => {
  it("gives a tab that is one too many a connection of its own", async () => {
    const browser = browserOf();
    const names = Array.from({ length: TABS_MAX }, (_, index) => `t${index}-`);
    await browser.tabs(...names);
    expect(browser.server.links).toHaveLength(1);
    const more = new FakeTab(browser, "more");
    more.connection.connect();
    await turns();
    expect(browser.server.links).toHaveLength(2);
    await browser.accept();
    expect(more.state).toBe("own-socket");
  });

  it("counts sessions, of which the server allows so many for one connection", async () => {
    const browser = browserOf();
    const [a] = await browser.tabs("a");
    for (let index = 0; index < SESSIONS_MAX; index += 1) {
      a?.connection.request("join", { document: `d${index}` }, () => {});
      browser.last.answer("join", { ok: true, value: { session: `s${index}` } });
    }
    const b = new FakeTab(browser, "b");
    b.connection.connect();
    await turns();
    expect(browser.server.links).toHaveLength(2);
  });

  it("keeps people apart", async () => {
    const browser = browserOf();
    await browser.tabs("a");
    const other = new FakeTab(browser, "b", { token: "open:ben" });
    other.connection.connect();
    await turns();
    expect(browser.server.links.map(({ token }) => token)).toEqual(["open:ana", "open:ben"]);
  });

  it("is not shared without locks", async () => {
    const browser = browserOf();
    await browser.tabs("a");
    const alone = new FakeTab(browser, "b", { locks: false });
    alone.connection.connect();
    await turns();
    expect(browser.server.links).toHaveLength(2);
    await browser.accept();
    expect(alone.state).toBe("own-socket");
  });

  it("is not shared where locks cannot be had, though there seem to be some", async () => {
    const browser = browserOf();
    const tab = new FakeTab(browser, "a", { broken: true });
    tab.connection.connect();
    await turns();
    await browser.accept();
    expect(tab.state).toBe("own-socket");
  });

  it("leaves no timer behind", async () => {
    const browser = browserOf();
    const tabs = await browser.tabs("a", "b");
    for (const { connection } of tabs) connection.destroy();
    await turns();
    expect(vi.getTimerCount()).toBe(0);
    expect(browser.server.links.every(({ closed }) => closed)).toBe(true);
  });
});
