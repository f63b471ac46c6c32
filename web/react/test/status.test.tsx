/** Hooks of the connection, the sync status and the list. */
import { act, renderHook } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  useConnectionStatus,
  useDashboards,
  useErrorListener,
  useLostConnectionListener,
  useSyncStatus,
} from "../src/index.js";
import { fakes, synced } from "./fakes.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it("follows the connection and the list", () => {
  const { all, connection, wrapper } = fakes();
  const { result } = renderHook(() => ({ connection: useConnectionStatus(), list: useDashboards() }), {
    wrapper,
  });
  expect(result.current.connection.state).toBe("initial");
  act(() => connection.set({ state: "disconnected", reason: "requested" }));
  expect(result.current.connection.state).toBe("disconnected");
  act(() => all.set({ status: "ready", value: [] }));
  expect(result.current.list.status).toBe("ready");
});

it("hears events of the client", () => {
  const { clientEvents, wrapper } = fakes();
  const seen: unknown[] = [];
  renderHook(
    () => {
      useLostConnectionListener((event) => seen.push(event));
      useErrorListener((error) => seen.push(error));
    },
    { wrapper },
  );
  clientEvents.fire("lostConnection", "lost");
  clientEvents.fire("error", "oops");
  expect(seen).toEqual(["lost", "oops"]);
});

it("says Saving at once, or with smooth after a second", () => {
  const { sync, wrapper } = fakes();
  const { result } = renderHook(() => [useSyncStatus(), useSyncStatus({ smooth: true })] as const, {
    wrapper,
  });
  const states = () => result.current.map(({ state }) => state);
  const saving = () => sync.set(synced({ state: "syncing", reason: "submitting", pendingCount: 1 }));
  act(saving);
  expect(states()).toEqual(["syncing", "synced"]);
  act(() => vi.advanceTimersByTime(900));
  act(() => sync.set(synced()));
  expect(states()).toEqual(["synced", "synced"]);
  act(saving);
  act(() => vi.advanceTimersByTime(999));
  expect(states()).toEqual(["syncing", "synced"]);
  act(() => vi.advanceTimersByTime(1));
  expect(states()).toEqual(["syncing", "syncing"]);
  act(() => sync.set(synced({ state: "offline-pending", reason: "memory-only", pendingCount: 1 })));
  expect(states()).toEqual(["offline-pending", "offline-pending"]);
  act(() => sync.set(synced()));
  expect(states()).toEqual(["synced", "synced"]);
});

it("retries by hand", () => {
  const { client, wrapper } = fakes();
  const { result } = renderHook(() => useSyncStatus(), { wrapper });
  result.current.retry();
  expect(client.reconnect).toHaveBeenCalledOnce();
});
