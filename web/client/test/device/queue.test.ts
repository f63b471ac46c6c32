/** How much waits on the device: a queue without holes, and what comes on top in memory alone. */
import { expect, it, vi } from "vitest";
import type { KeptOperation } from "../../src/core/boundary.js";
import { KeptQueue } from "../../src/device/keptQueue.js";
import { QUEUE_OPERATIONS_MAX } from "../../src/device/limits.js";
import type { CoboardError } from "../../src/errors.js";

function operation(sequence: number, components: unknown = null): KeptOperation {
  return { id: { client: "c", sequence }, base: 1, components: components as never, meta: {}, at_ms: 0 };
}

/** A device that takes what it is given when it is told to. */
function start() {
  const stored = new Map<number, string>();
  const waiting: (() => void)[] = [];
  const full = vi.fn<(error: CoboardError) => void>();
  const queue = new KeptQueue(
    {
      write: ({ operation: { id }, text }, done) =>
        waiting.push(() => {
          stored.set(id.sequence, text);
          done(null);
        }),
      remove: (sequence) => void stored.delete(sequence),
    },
    { changed: () => {}, full },
  );
  const flush = () => {
    for (const write of waiting.splice(0)) write();
  };
  return { queue, stored, full, flush };
}

it("says device only of what is there as it is now", async () => {
  const { queue, flush } = start();
  queue.put(operation(1));
  const first = queue.settled(1);
  expect(queue.safety(1)).toBe("memory");
  flush();
  expect(await first).toBe("device");
  expect(queue.safety(1)).toBe("device");
  // The same operation has grown: what stands there is the shorter one.
  queue.put(operation(1, "more"));
  expect([queue.safety(1), queue.safetyOf(1)]).toEqual(["memory", "memory"]);
  flush();
  expect(queue.safety(1)).toBe("device");
  expect(queue.safety(2)).toBe("memory");
});

it("does not take the end of an old write for that of a newer one", () => {
  const { queue } = start();
  const late: ((error: null) => void)[] = [];
  const slow = new KeptQueue(
    { write: (_kept, done) => late.push(done), remove: () => {} },
    { changed: () => {}, full: () => {} },
  );
  expect(queue.operations).toEqual([]);
  slow.put(operation(1));
  slow.put(operation(1, "more"));
  late[0]?.(null);
  expect(slow.safetyOf(1)).toBe("memory");
  late[1]?.(null);
  expect(slow.safetyOf(1)).toBe("device");
});

it("is with the server when it goes before it was written", async () => {
  const { queue } = start();
  queue.put(operation(1));
  const where = queue.settled(1);
  queue.drop([1]);
  expect(await where).toBe("server");
  expect(queue.safety(0)).toBe("device");
});

it("has no holes: what comes after the limit is in memory, and is written when there is room", async () => {
  const { queue, stored, full, flush } = start();
  for (let sequence = 1; sequence <= QUEUE_OPERATIONS_MAX + 2; sequence += 1) queue.put(operation(sequence));
  expect(await queue.settled(QUEUE_OPERATIONS_MAX + 1)).toBe("memory");
  expect(full).toHaveBeenCalledTimes(1);
  expect(full.mock.calls[0]?.[0]).toMatchObject({ code: "E_DEVICE_STORAGE", details: { reason: "full" } });
  flush();
  expect(stored.size).toBe(QUEUE_OPERATIONS_MAX);
  expect(queue.safety(QUEUE_OPERATIONS_MAX + 2)).toBe("memory");
  queue.drop([1]);
  flush();
  expect(stored.has(QUEUE_OPERATIONS_MAX + 1)).toBe(true);
  expect(stored.has(QUEUE_OPERATIONS_MAX + 2)).toBe(false);
  queue.drop([2]);
  flush();
  expect(queue.safety(QUEUE_OPERATIONS_MAX)).toBe("device");
  queue.put(operation(QUEUE_OPERATIONS_MAX + 3));
  expect(full).toHaveBeenCalledTimes(2);
});

it("is in memory alone once the device is gone, also for those who wait or ask later", async () => {
  const { queue, flush, stored } = start();
  queue.put(operation(1));
  flush();
  queue.put(operation(2));
  const waiting = queue.settled(2);
  queue.gone();
  expect(await waiting).toBe("memory");
  expect([queue.safety(2), queue.safetyOf(1), queue.safetyOf(2)]).toEqual(["memory", "memory", "memory"]);
  queue.put(operation(3));
  expect(await Promise.all([queue.settled(1), queue.settled(3)])).toEqual(["memory", "memory"]);
  queue.drop([1, 2, 3]);
  expect(stored.size).toBe(1);
  expect(queue.safety(0)).toBe("device");
});

it("counts bytes as well", () => {
  const { queue, full } = start();
  const large = "x".repeat(1024 * 1024);
  for (let sequence = 1; sequence <= 6; sequence += 1) queue.put(operation(sequence, large));
  expect(full).toHaveBeenCalledTimes(1);
});
