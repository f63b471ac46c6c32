/** The driver of a core: when it is woken, and what time it is told. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { CoreConfig } from "../src/core/boundary.js";
import { CoreDriver } from "../src/document/coreDriver.js";
import { FakeCore } from "./fakes.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const HOUR_MS = 3_600_000;

/** A core that waits until a time, and what its driver says that the time is. */
function started(untilMs: number) {
  const core = new FakeCore();
  const times: number[] = [];
  core.handle = (nowMs, input) => {
    if (input.includes("timeout")) core.timeout = undefined;
    times.push(nowMs);
    return "[]";
  };
  const driver = new CoreDriver(
    () => core,
    () => {},
    () => {},
  );
  driver.start({} as CoreConfig);
  core.timeout = untilMs;
  driver.feed({ type: "connected" });
  return { driver, times };
}

it("reaches the time that a core waits for, though the clock is set back", async () => {
  const untilMs = Date.now() + 1_000;
  const { driver, times } = started(untilMs);
  vi.setSystemTime(Date.now() - HOUR_MS);
  await vi.advanceTimersByTimeAsync(999);
  expect(times).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(times).toHaveLength(2);
  expect(times[1]).toBeGreaterThanOrEqual(untilMs);
  driver.feed({ type: "connected" });
  expect(times[2]).toBeGreaterThanOrEqual(untilMs);
});

it("does not run ahead of a time that no timer can wait for", async () => {
  const nowMs = Date.now();
  const { times } = started(nowMs + 2 ** 40);
  await vi.advanceTimersByTimeAsync(HOUR_MS);
  expect(times).toHaveLength(1);
});
