/** The connection on virtual time: attempts, fallback, loss, return. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { ConnectionStatus } from "../src/api/client.js";
import { backoffMs } from "../src/transport/backoff.js";
import { Connection } from "../src/transport/connection.js";
import { FakePage, fakeServer, HELLO, settle } from "./fakes.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function start(token: () => Promise<string> = async () => "open:ana:Ana") {
  const page = new FakePage();
  const server = fakeServer();
  const connection = new Connection({
    url: "http://127.0.0.1:7420",
    token,
    client: async () => "c1",
    transports: ["websocket", "polling"],
    openLink: server.open,
    page,
    random: () => 1,
    positions: () => [{ document: "d1", revision: 3 }],
  });
  return { page, server, connection };
}

async function started() {
  const parts = start();
  parts.connection.connect();
  await settle();
  parts.server.last().accept();
  return parts;
}

const stateOf = (connection: Connection) => connection.status.current.state;

describe("greeting", () => {
  it("says hello first and is connected only after its answer", async () => {
    const { connection, server } = start();
    expect(stateOf(connection)).toBe("initial");
    connection.connect();
    expect(connection.status.current).toEqual({
      state: "connecting",
      transport: "websocket",
      reason: "first",
    });
    await settle();
    const link = server.last();
    expect(link.token).toBe("open:ana:Ana");
    link.events.opened("websocket");
    expect(link.asked.map(({ event }) => event)).toEqual(["hello"]);
    expect(link.asked[0]?.payload).toMatchObject({
      protocol_min: 1,
      protocol_max: 1,
      client: "c1",
    });
    connection.emit("presence", {});
    connection.request("submit", {}, () => {});
    expect(link.sent).toEqual([]);
    expect(link.asked).toHaveLength(1);
    link.answer("hello", { ok: true, value: HELLO });
    expect(connection.status.current).toMatchObject({
      state: "connected",
      transport: "websocket",
      latencyMs: null,
    });
    expect(connection.limits.current?.messageBytesMax).toBe(262144);
  });

  it("asks for a token again when the server refuses it", async () => {
    const { connection, server } = start();
    connection.connect();
    await settle();
    server.last().events.refused("E_AUTH");
    expect(connection.status.current).toEqual({ state: "needs-auth", reason: "token-refused" });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(server.links).toHaveLength(1);
    connection.connect();
    await settle();
    expect(server.links).toHaveLength(2);
  });

  it("has no token to offer", async () => {
    const { connection, server } = start(async () => "");
    connection.connect();
    await settle();
    expect(connection.status.current).toEqual({ state: "needs-auth", reason: "token-missing" });
    expect(server.links).toHaveLength(0);
  });

  it("asks for a token again that does not come, and gives it more time", async () => {
    const asked: (() => void)[] = [];
    const answer = () => new Promise<string>((resolve) => asked.push(() => resolve("open:ana:Ana")));
    const { connection, server } = start(answer);
    const errors = vi.fn();
    connection.events.on("error", errors);
    connection.connect();
    await vi.advanceTimersByTimeAsync(4_999);
    expect(stateOf(connection)).toBe("connecting");
    await vi.advanceTimersByTimeAsync(1);
    expect(stateOf(connection)).toBe("reconnecting");
    expect(errors).toHaveBeenCalledOnce();
    await vi.advanceTimersByTimeAsync(backoffMs(1, false, 1));
    expect(asked).toHaveLength(2);
    asked[0]?.();
    await vi.advanceTimersByTimeAsync(8_000);
    expect(server.links).toHaveLength(0);
    asked[1]?.();
    await settle();
    server.last().accept();
    expect(stateOf(connection)).toBe("connected");
    await vi.advanceTimersByTimeAsync(4_000);
    expect(stateOf(connection)).toBe("connected");
    expect(asked).toHaveLength(2);
  });

  it("stops at a version the server does not speak", async () => {
    const { connection, server } = start();
    const needed = vi.fn();
    connection.events.on("updateNeeded", needed);
    connection.connect();
    await settle();
    server.last().events.opened("websocket");
    const error = {
      code: "E_VERSION",
      retry: "never",
      message: "no",
      details: { protocol_min: 2, protocol_max: 3 },
    };
    server.last().answer("hello", { ok: false, error });
    expect(stateOf(connection)).toBe("error");
    expect(needed).toHaveBeenCalledWith({ reason: "client_too_old" });
  });

  it("waits as long as an overloaded server asks for", async () => {
    const { connection, server } = start();
    connection.connect();
    await settle();
    server.last().events.opened("websocket");
    const error = {
      code: "E_RATE",
      retry: "after_backoff",
      message: "no",
      details: { retry_after_ms: 9_000 },
    };
    server.last().answer("hello", { ok: false, error });
    expect(connection.status.current).toMatchObject({ state: "reconnecting", reason: "rate-limited" });
    await vi.advanceTimersByTimeAsync(8_900);
    expect(server.links).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(server.links).toHaveLength(2);
  });
});

describe("transports", () => {
  it("falls back to polling at once when the WebSocket is refused", async () => {
    const { connection, server } = start();
    connection.connect();
    await settle();
    expect(server.last().transports).toEqual(["websocket"]);
    server.last().events.failed();
    await settle();
    expect(connection.status.current).toMatchObject({ state: "connecting", reason: "transport-fallback" });
    expect(server.last().transports).toEqual(["polling", "websocket"]);
    server.last().accept("polling");
    expect(connection.status.current).toMatchObject({ state: "connected", transport: "polling" });
    server.last().events.upgraded("websocket");
    expect(connection.status.current).toMatchObject({ state: "connected", transport: "websocket" });
  });

  it("leaves a black hole after two timeouts", async () => {
    const { connection, server } = start();
    connection.connect();
    await settle();
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.links).toHaveLength(1);
    expect(connection.status.current).toMatchObject({ state: "reconnecting", reason: "silent" });
    await vi.advanceTimersByTimeAsync(250);
    expect(server.last().transports).toEqual(["websocket"]);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(server.last().transports).toEqual(["polling", "websocket"]);
    expect(server.links.slice(0, 2).every((link) => link.closed)).toBe(true);
  });

  it("does not leave a WebSocket that worked because the server restarts", async () => {
    const { connection, server } = await started();
    server.last().events.closed("closed");
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await vi.advanceTimersByTimeAsync(5_000);
      expect(server.last().transports).toEqual(["websocket"]);
      server.last().events.failed();
    }
    await vi.advanceTimersByTimeAsync(5_000);
    server.last().accept();
    expect(stateOf(connection)).toBe("connected");
  });
});

describe("loss and return", () => {
  it("doubles the delay up to its limit and starts over after success", async () => {
    const { connection, server } = await started();
    const statuses: ConnectionStatus[] = [];
    connection.status.subscribe((status) => statuses.push(status));
    server.last().events.closed("closed");
    const delays: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      const status = connection.status.current;
      if (status.state !== "reconnecting") throw new Error(status.state);
      delays.push(status.retryAtMs - Date.now());
      await vi.advanceTimersByTimeAsync(status.retryAtMs - Date.now());
      server.last().events.failed();
    }
    expect(delays).toEqual([250, 500, 1000]);
    await vi.advanceTimersByTimeAsync(2_000);
    server.last().accept();
    server.last().events.closed("closed");
    expect(connection.status.current).toMatchObject({ state: "reconnecting", attempt: 1 });
    expect(statuses.some(({ state }) => state === "connecting")).toBe(false);
  });

  it("tries at once when the browser is online again or the tab visible", async () => {
    const { page, server } = await started();
    server.last().events.closed("closed");
    page.fire("online");
    await settle();
    expect(server.links).toHaveLength(2);
    server.last().events.closed("closed");
    page.fire("visibility");
    await settle();
    expect(server.links).toHaveLength(3);
  });

  it("gives up the link when the browser goes offline", async () => {
    const { connection, page, server } = await started();
    page.fire("offline");
    expect(connection.status.current).toMatchObject({ state: "reconnecting", reason: "browser-offline" });
    expect(server.last().closed).toBe(true);
  });

  it("notices a silent server within 15 s", async () => {
    const { connection, server } = await started();
    server.last().answer("ping", { ok: true, value: { server_time_ms: 0, heads: [] } });
    const lost = vi.fn();
    connection.events.on("lost", lost);
    await vi.advanceTimersByTimeAsync(14_900);
    expect(stateOf(connection)).toBe("connected");
    await vi.advanceTimersByTimeAsync(100);
    expect(connection.status.current).toMatchObject({ state: "reconnecting", reason: "silent" });
    expect(lost).toHaveBeenCalledWith("silent");
  });

  it("measures latency and hands on heads", async () => {
    const { connection, server } = await started();
    const heads = vi.fn();
    connection.events.on("head", heads);
    expect(server.last().asked[0]).toMatchObject({
      event: "ping",
      payload: { sessions: [{ document: "d1", revision: 3 }] },
    });
    await vi.advanceTimersByTimeAsync(40);
    const value = { server_time_ms: 0, heads: [{ document: "d1", revision: 5 }] };
    server.last().answer("ping", { ok: true, value });
    expect(connection.status.current).toMatchObject({ state: "connected", latencyMs: 40 });
    expect(heads).toHaveBeenCalledWith({ document: "d1", revision: 5 });
  });

  it("hears nothing more from an old link", async () => {
    const { connection, server } = await started();
    const old = server.last();
    const done = vi.fn();
    const message = vi.fn();
    connection.events.on("message", message);
    connection.request("submit", {}, done);
    connection.reconnect();
    await settle();
    old.answer("submit", { ok: true, value: {} });
    old.events.message("committed", {});
    old.events.closed("closed");
    expect(done).not.toHaveBeenCalled();
    expect(message).not.toHaveBeenCalled();
    expect(stateOf(connection)).toBe("connecting");
  });

  it("leaves a draining server when it is told to", async () => {
    const { connection, server } = await started();
    server.last().events.message("drain", { after_ms: 700, deadline_ms: 5_000 });
    await vi.advanceTimersByTimeAsync(699);
    expect(stateOf(connection)).toBe("connected");
    await vi.advanceTimersByTimeAsync(1);
    expect(connection.status.current).toMatchObject({ state: "reconnecting", reason: "server-draining" });
  });

  it("rests after disconnect and destroy, with no timer left", async () => {
    const { connection, server } = await started();
    connection.disconnect("requested");
    expect(connection.status.current).toEqual({ state: "disconnected", reason: "requested" });
    expect(server.last().closed).toBe(true);
    connection.destroy();
    connection.connect();
    connection.reconnect();
    await settle();
    expect(server.links).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe("backoff", () => {
  it("stays within its bounds", () => {
    expect(backoffMs(1, false, 1)).toBe(250);
    expect(backoffMs(1, false, 0)).toBe(125);
    expect(backoffMs(50, false, 1)).toBe(5_000);
    expect(backoffMs(1, true, 1)).toBe(1_000);
    expect(backoffMs(50, true, 1)).toBe(300_000);
  });
});
