/** The client: lost connections, hidden tabs, the catalogue and its live list. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { fakeClient, settle } from "./fakes.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

const row = (id: string, updated: number) => ({
  id,
  title: `Board ${id}`,
  folder: null,
  tags: [],
  revision: 1,
  created_at_ms: 1,
  updated_at_ms: updated,
  updated_by: { id: "ana", name: "Ana" },
  widget_count: 2,
  preview: [{ x: 0, y: 0, w: 12, h: 8, type: "stat" }],
  online: 0,
});

/** Answers every request with the next of these, as JSON. */
function stubFetch(...answers: { status?: number; body?: unknown }[]) {
  const calls: { url: string; method: string; body: unknown }[] = [];
  vi.stubGlobal("fetch", async (url: URL, init: RequestInit) => {
    calls.push({ url: String(url), method: init.method ?? "GET", body: init.body });
    const { status = 200, body } = answers.length > 1 ? (answers.shift() ?? {}) : (answers[0] ?? {});
    return new Response(body === undefined ? null : JSON.stringify(body), { status });
  });
  return calls;
}

async function connected() {
  const parts = fakeClient();
  parts.client.connect();
  await settle();
  parts.server.last().accept();
  return parts;
}

describe("lost connection", () => {
  it("is told after five seconds, and when it is over", async () => {
    const { client, server } = await connected();
    const told: string[] = [];
    client.on("lostConnection", (event) => told.push(event));
    server.last().events.closed("closed");
    await vi.advanceTimersByTimeAsync(300);
    server.last().accept();
    await vi.advanceTimersByTimeAsync(6_000);
    expect(told).toEqual([]);
    server.last().events.closed("closed");
    await vi.advanceTimersByTimeAsync(5_000);
    expect(told).toEqual(["lost"]);
    server.last().accept();
    expect(told).toEqual(["lost", "restored"]);
  });

  it("has failed when it ends otherwise", async () => {
    const { client, server } = await connected();
    const told: string[] = [];
    client.on("lostConnection", (event) => told.push(event));
    server.last().events.closed("closed");
    await vi.advanceTimersByTimeAsync(5_000);
    server.last().events.refused("E_AUTH");
    expect(told).toEqual(["lost", "failed"]);
  });
});

it("rests in a hidden tab and returns with it", async () => {
  const { client, page, server } = await connected();
  page.hidden = true;
  page.fire("visibility");
  const answerPings = setInterval(() => {
    for (const { event } of [...server.last().asked]) {
      if (event === "ping") server.last().answer("ping", { ok: true, value: { heads: [] } });
    }
  }, 1_000);
  await vi.advanceTimersByTimeAsync(299_000);
  expect(client.connection.current.state).toBe("connected");
  await vi.advanceTimersByTimeAsync(1_000);
  expect(client.connection.current).toEqual({ state: "disconnected", reason: "hidden-tab" });
  page.hidden = false;
  page.fire("visibility");
  expect(client.connection.current.state).toBe("connecting");
  clearInterval(answerPings);
});

describe("catalogue", () => {
  it("speaks HTTP and gives results", async () => {
    const { client } = fakeClient();
    const reference = { id: "d1", title: "CPU", revision: 1 };
    const calls = stubFetch({ status: 201, body: reference }, { status: 204 }, { body: { title: "CPU" } });
    expect(await client.dashboards.create({ title: "CPU" })).toEqual({ ok: true, value: reference });
    expect((await client.dashboards.delete("d/1")).ok).toBe(true);
    expect(await client.dashboards.export("d1")).toEqual({ ok: true, value: { title: "CPU" } });
    await client.dashboards.import('{"panels":[]}');
    await client.dashboards.rename("d1", "Memory");
    expect(calls.map(({ method, url }) => `${method} ${new URL(url).pathname}`)).toEqual([
      "POST /api/dashboards",
      "DELETE /api/dashboards/d%2F1",
      "GET /api/dashboards/d1/export",
      "POST /api/dashboards/import",
      "PATCH /api/dashboards/d1",
    ]);
    expect(calls.map(({ body }) => body)).toEqual([
      '{"title":"CPU"}',
      undefined,
      undefined,
      '{"panels":[]}',
      '{"title":"Memory"}',
    ]);
  });

  it("gives refusals and lost networks as errors", async () => {
    const { client } = fakeClient();
    stubFetch({
      status: 413,
      body: { error: { code: "E_TOO_LARGE", retry: "never", message: "too large" } },
    });
    expect(await client.dashboards.import({})).toMatchObject({ ok: false, error: { code: "E_TOO_LARGE" } });
    stubFetch({ status: 404 });
    expect(await client.dashboards.export("d1")).toMatchObject({ ok: false, error: { code: "E_NOT_FOUND" } });
    vi.stubGlobal("fetch", async () => Promise.reject(new TypeError("network")));
    expect(await client.dashboards.list()).toMatchObject({ ok: false, error: { code: "E_UNAVAILABLE" } });
  });

  it("keeps the list up to date through the lobby", async () => {
    const { client, server } = await connected();
    const calls = stubFetch(
      { body: { dashboards: [row("a", 1), row("b", 2)] } },
      { body: { dashboards: [row("a", 9), row("c", 3)] } },
    );
    const ids = () => {
      const { current } = client.dashboards.all;
      return current.status === "ready" ? current.value.map(({ id }) => id) : current.status;
    };
    expect(ids()).toBe("loading");
    const stop = client.dashboards.all.subscribe(() => {});
    server.last().answer("lobby_join", { ok: true, value: {} });
    await vi.waitFor(() => expect(ids()).toEqual(["b", "a"]));
    server.last().events.message("dashboard_deleted", { document: "b", author: { id: "ben" }, at_ms: 3 });
    expect(ids()).toEqual(["a"]);
    server.last().events.message("dashboard_updated", { document: "a", title: "New", at_ms: 9 });
    const { current } = client.dashboards.all;
    expect(current.status === "ready" && current.value[0]?.title).toBe("New");
    server.last().events.message("dashboard_created", { document: "c", title: "C", at_ms: 3 });
    await vi.advanceTimersByTimeAsync(300);
    await vi.waitFor(() => expect(ids()).toEqual(["a", "c"]));
    expect(calls).toHaveLength(2);
    stop();
    expect(server.last().sent.at(-1)?.event).toBe("lobby_leave");
  });

  it("enters the lobby again after a reconnect", async () => {
    const { client, server } = await connected();
    stubFetch({ body: { dashboards: [] } });
    client.dashboards.all.subscribe(() => {});
    server.last().events.closed("closed");
    await vi.advanceTimersByTimeAsync(300);
    server.last().accept();
    expect(server.last().asked.some(({ event }) => event === "lobby_join")).toBe(true);
  });
});
