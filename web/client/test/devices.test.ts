/** The person's own devices: what is told of a tab, and what is read of the others. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { KnownViews } from "../src/devices/knownViews.js";
import { readDevices } from "../src/devices/readDevices.js";
import { ViewTeller } from "../src/document/viewTeller.js";
import { deviceName } from "../src/support/deviceName.js";
import { type FakeLink, fakeClient, settle } from "./fakes.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const open = (document: string, client: string, active: number, view?: object) => ({
  document,
  title: `Board ${document}`,
  client,
  active_at_ms: active,
  ...(view ? { view } : {}),
});

const connection = (name: string, client: string, device: string, active: number, documents: object[] = []) =>
  ({
    connection: name,
    client,
    device,
    device_name: `Name of ${device}`,
    since_ms: active,
    active_at_ms: active,
    documents,
  }) as Parameters<typeof readDevices>[0]["connections"][number];

describe("devices", () => {
  it("are the tabs of one device together, this one first, then what was used last", () => {
    const devices = readDevices(
      {
        connections: [
          connection("x3", "phone", "d-phone", 90, [open("a", "phone", 90, { anchor: "7" })]),
          connection("x2", "tab-2", "d-here", 40),
          connection("x1", "tab-1", "d-here", 30, [open("b", "tab-1", 30)]),
          connection("x4", "tv", "d-tv", 99),
        ],
      },
      { client: "tab-1", device: "d-here" },
    );
    expect(devices.map(({ id, isThis }) => [id, isThis])).toEqual([
      ["d-here", true],
      ["d-tv", false],
      ["d-phone", false],
    ]);
    expect(devices[0]?.tabs.map(({ client, isThis }) => [client, isThis])).toEqual([
      ["tab-2", false],
      ["tab-1", true],
    ]);
    expect(devices[0]?.name).toBe("Name of d-here");
    expect(devices[2]?.tabs[0]?.documents).toEqual([
      { id: "a", title: "Board a", activeAtMs: 90, view: { anchor: "7" } },
    ]);
  });

  it("show each tab of a shared connection that has something open, and the one that asks", () => {
    const documents = [open("a", "tab-2", 50), open("b", "tab-3", 20)];
    const shared = { connections: [connection("x1", "gone", "d", 60, documents)] };
    const tabs = (client: string) =>
      readDevices(shared, { client, device: "d" })[0]?.tabs.map((tab) => [
        tab.client,
        tab.isThis,
        tab.activeAtMs,
        tab.documents.length,
      ]);
    expect(tabs("tab-3")).toEqual([
      ["tab-2", false, 50, 1],
      ["tab-3", true, 20, 1],
    ]);
    expect(tabs("at the list")).toEqual([
      ["tab-2", false, 50, 1],
      ["at the list", true, 50, 0],
      ["tab-3", false, 20, 1],
    ]);
  });

  it("have a tab that came back once, as its newer connection has it", () => {
    const before = connection("x1", "tab", "d", 10, [open("a", "tab", 10)]);
    const after = connection("x2", "tab", "d", 20, [open("b", "tab", 20)]);
    const [device] = readDevices({ connections: [after, before] }, { client: "tab", device: "d" });
    expect(device?.tabs).toHaveLength(1);
    expect(device?.tabs[0]?.documents.map(({ id }) => id)).toEqual(["b"]);
  });

  it("are where they were before, until they have told it anew", () => {
    const known = new KnownViews();
    const listed = (...documents: object[]) =>
      known
        .complete({ connections: [connection("x", "tab", "d", 1, documents)] })
        .connections[0]?.documents.map(({ view }) => view?.anchor);
    expect(listed(open("a", "tab", 1, { anchor: "7" }), open("b", "tab", 1))).toEqual(["7", undefined]);
    expect(listed()).toEqual([]);
    expect(listed(open("a", "tab", 2), open("a", "tab-2", 2))).toEqual(["7", undefined]);
    expect(listed(open("a", "tab", 3, { anchor: "9" }))).toEqual(["9"]);
    expect(listed(open("a", "tab", 4))).toEqual(["9"]);
  });

  it("have names that people know", () => {
    const agent = (rest: string) => `Mozilla/5.0 (${rest}`;
    const names: [string, string | null][] = [
      [agent("X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"), "Firefox on Linux"],
      [
        agent(
          "Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36",
        ),
        "Chrome on Android",
      ],
      [
        agent("Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0"),
        "Edge on Windows",
      ],
      [agent("iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Safari/604.1"), "Safari on iPhone"],
      ["Node.js/24", null],
    ];
    for (const [userAgent, name] of names) expect(deviceName(userAgent)).toBe(name);
  });
});

async function looking() {
  const parts = fakeClient();
  const stop = parts.client.devices.subscribe(() => {});
  await settle();
  parts.server.last().accept();
  return { ...parts, stop };
}

describe("the list", () => {
  /** Time goes by at a server that answers heartbeats. */
  const pass = async (link: FakeLink, seconds: number) => {
    for (let second = 0; second < seconds; second += 1) {
      await vi.advanceTimersByTimeAsync(1_000);
      if (link.asked.some(({ event }) => event === "ping"))
        link.answer("ping", { ok: true, value: { server_time_ms: 0, heads: [] } });
    }
  };
  const asked = ({ asked: requests }: { asked: { event: string }[] }) =>
    requests.filter(({ event }) => event === "devices").length;

  it("is asked for while somebody looks, again in time, and no more afterwards", async () => {
    const { client, server, stop } = await looking();
    expect(client.devices.current.status).toBe("loading");
    expect(asked(server.last())).toBe(1);
    server.last().answer("devices", { ok: true, value: { connections: [connection("x", "c", "d", 1)] } });
    expect(client.devices.current).toMatchObject({ status: "ready", value: [{ id: "d" }] });
    expect(asked(server.last())).toBe(0);
    await pass(server.last(), 31);
    expect(asked(server.last())).toBe(1);
    server.last().answer("devices", { ok: true, value: { connections: [] } });
    stop();
    await pass(server.last(), 90);
    expect(asked(server.last())).toBe(0);
  });

  it("takes what is pushed, and nothing that is pushed to nobody", async () => {
    const { client, server, stop } = await looking();
    server.last().answer("devices", { ok: true, value: { connections: [] } });
    server.last().events.message("devices_changed", { connections: [connection("x", "c", "d", 1)] });
    expect(client.devices.current).toMatchObject({ status: "ready", value: [{ id: "d" }] });
    stop();
    server.last().events.message("devices_changed", { connections: [] });
    expect(client.devices.current).toMatchObject({ status: "ready", value: [{ id: "d" }] });
  });

  it("is not known without a connection, and says so where the server knows no such thing", async () => {
    const { client, server } = await looking();
    server.last().answer("devices", { ok: true, value: { connections: [] } });
    server.last().events.closed("closed");
    expect(client.devices.current.status).toBe("loading");
    await vi.advanceTimersByTimeAsync(1_000);
    server.last().accept();
    server.last().answer("devices", {
      ok: false,
      error: { code: "E_SCHEMA", retry: "never", message: "no such event" },
    });
    expect(client.devices.current.status).toBe("failed");
  });
});

describe("the view", () => {
  function teller() {
    const told: [string, object][] = [];
    return { told, view: new ViewTeller((session, view) => told.push([session, view])) };
  }

  it("is told at once, then at most every two seconds, the newest one", async () => {
    const { told, view } = teller();
    view.begin("s1");
    view.update({ anchor: "1" });
    for (const anchor of ["2", "3", "4"]) view.update({ anchor });
    expect(told).toEqual([["s1", { anchor: "1" }]]);
    await vi.advanceTimersByTimeAsync(1_999);
    expect(told).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(told[1]).toEqual(["s1", { anchor: "4" }]);
  });

  it("is not told again while it is the same", async () => {
    const { told, view } = teller();
    view.begin("s1");
    view.update({ anchor: "1" });
    view.update({ anchor: "2" });
    view.update({ anchor: "1" });
    await vi.advanceTimersByTimeAsync(10_000);
    expect(told).toHaveLength(1);
  });

  it("is told to each new session, and to none without one", async () => {
    const { told, view } = teller();
    view.update({ anchor: "1" });
    expect(told).toEqual([]);
    view.begin("s1");
    view.end();
    view.update({ anchor: "2" });
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).toEqual([["s1", { anchor: "1" }]]);
    view.begin("s2");
    expect(told[1]).toEqual(["s2", { anchor: "2" }]);
    view.end();
    view.begin("s3");
    expect(told[2]).toEqual(["s3", { anchor: "2" }]);
  });
});
