/** The list without a server. */
import type { ConnectionStatus, DashboardSummary, DeviceDocument } from "@coboard/client";
import { CoboardError } from "@coboard/client";
import { expect, it } from "vitest";
import { listView } from "./offline";

const row = (id: string): DashboardSummary => ({
  id,
  title: `Board ${id}`,
  folder: null,
  tags: [],
  revision: 1,
  createdAtMs: 1,
  updatedAtMs: 1,
  updatedBy: null,
  widgetCount: 1,
  preview: [],
  online: 0,
});
const kept = (id: string, summary: DashboardSummary | null): DeviceDocument => ({
  id,
  title: "Kept",
  openedAtMs: 5,
  pendingCount: 2,
  refusedCount: 0,
  summary,
});
const failed = { status: "failed" as const, error: new CoboardError("E_UNAVAILABLE", "away") };
const lost = (attempt: number): ConnectionStatus => ({
  state: "reconnecting",
  reason: "closed",
  attempt,
  retryAtMs: 0,
});
const connected: ConnectionStatus = {
  state: "connected",
  transport: "websocket",
  latencyMs: null,
  via: "own-socket",
};

it("shows the server's list while there is one", () => {
  const view = listView({ status: "ready", value: [row("a")] }, connected, [kept("b", null)], [row("old")]);
  expect(view.rows.map(({ id }) => id)).toEqual(["a"]);
  expect(view.offline).toBe(false);
});

it("does not change for a connection that is gone for a moment", () => {
  const ready = { status: "ready" as const, value: [row("a")] };
  expect(listView(ready, lost(1), [], []).offline).toBe(false);
  expect(listView(ready, lost(2), [], []).offline).toBe(true);
  expect(listView(failed, lost(1), [], []).offline).toBe(true);
});

it("shows the last list and what is on the device, also what no list ever had", () => {
  const view = listView(failed, lost(1), [kept("a", row("a")), kept("b", null)], [row("c"), row("a")]);
  expect(view.rows.map(({ id, title }) => [id, title])).toEqual([
    ["b", "Kept"],
    ["a", "Board a"],
    ["c", "Board c"],
  ]);
  expect([...view.onDevice.keys()]).toEqual(["a", "b"]);
  expect(view.onDevice.get("a")?.pendingCount).toBe(2);
});
