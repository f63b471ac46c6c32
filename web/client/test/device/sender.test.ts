/** When the work of a tab that is gone is sent. */
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { openDatabase } from "../../src/device/database.js";
import { RELOAD_MS_MAX } from "../../src/device/limits.js";
import { Scope } from "../../src/device/scope.js";
import { Sender } from "../../src/device/sender.js";
import { freshDevice } from "./fakes.js";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Lets the database answer, which goes by timers that are not replaced. */
async function answers(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** A page beside which a tab has died with work in a Document. */
async function start() {
  const locks = freshDevice().tab();
  const database = await openDatabase("coboard sender", () => {});
  const scope = new Scope({
    database,
    user: { id: "u", name: "U" },
    identity: { client: "own", release: () => {} },
    locks,
    broken: () => {},
    changed: () => {},
  });
  const place = { user: "u", document: "d1", client: "dead" };
  scope.writer.put("queue", { ...place, sequence: 1, base: 0, text: "{}" }, true);
  await scope.writer.flush();
  const send = vi.fn(async () => {});
  const sender = new Sender({ scope, locks, isConnected: () => true, send });
  sender.sweep();
  await answers();
  return { send, sender };
}

it("is when its page had time to come back, though the clock is set back meanwhile", async () => {
  const { send, sender } = await start();
  expect(send).not.toHaveBeenCalled();
  vi.setSystemTime(Date.now() - 3_600_000);
  vi.advanceTimersByTime(RELOAD_MS_MAX);
  await answers();
  expect(send).toHaveBeenCalledWith("d1", "dead");
  sender.stop();
});
