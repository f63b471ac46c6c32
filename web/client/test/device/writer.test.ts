/** Writing to the device: together, in order, soon enough, and what happens when it cannot. */
import { beforeEach, describe, expect, it, vi } from "vitest";
import { type Database, openDatabase } from "../../src/device/database.js";
import { Writer } from "../../src/device/writer.js";
import type { CoboardError } from "../../src/errors.js";
import { freshDevice } from "./fakes.js";

let database: Database;
let broken: CoboardError[];
let transactions: number;
let room: () => Promise<boolean>;

beforeEach(async () => {
  freshDevice();
  database = await openDatabase("coboard test", () => {});
  broken = [];
  transactions = 0;
  room = async () => false;
});

function writer(): Writer {
  const counted = new Proxy(database, {
    get: (target, name) => {
      if (name !== "transaction") return Reflect.get(target, name);
      return (...parts: Parameters<Database["transaction"]>) => {
        transactions += 1;
        return target.transaction(...parts);
      };
    },
  });
  return new Writer({ database: counted, makeRoom: () => room(), broken: (error) => broken.push(error) });
}

const operation = (sequence: number, text = "{}") => ({
  user: "u",
  document: "d",
  client: "c",
  base: 0,
  sequence,
  text,
});
const stored = () => database.getAll("queue");

describe("writing", () => {
  it("puts what changes within 50 ms into one transaction", async () => {
    const own = writer();
    const done = vi.fn();
    const [soon, late] = [performance.now(), 400];
    for (let sequence = 1; sequence <= 20; sequence += 1) own.put("queue", operation(sequence), true, done);
    await vi.waitFor(() => expect(done).toHaveBeenCalledTimes(20));
    expect(performance.now() - soon).toBeLessThan(late);
    expect(transactions).toBe(1);
    expect(await stored()).toHaveLength(20);
    expect(done.mock.calls.every(([error]) => error === null)).toBe(true);
  });

  it("keeps the last of several versions, and tells all who wait for it", async () => {
    const own = writer();
    const told: string[] = [];
    own.put("queue", operation(1, "first"), true, () => told.push("first"));
    own.put("queue", operation(1, "second"), true, () => told.push("second"));
    await own.flush();
    expect(await stored()).toEqual([operation(1, "second")]);
    expect(told).toEqual(["first", "second"]);
  });

  it("does not hurry for what was taken back in the meantime", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const own = writer();
    own.put("queue", operation(1), true);
    own.delete("queue", ["u", "d", "c", 1]);
    vi.advanceTimersByTime(100);
    expect(transactions).toBe(0);
    vi.advanceTimersByTime(500);
    vi.useRealTimers();
    await own.flush();
    expect(transactions).toBe(1);
  });

  it("writes once more, with what came since, when a page closes in the middle", async () => {
    const own = writer();
    own.put("queue", operation(1, "old"), true);
    void own.flush();
    own.put("queue", operation(1, "new"), true);
    own.put("queue", operation(2), true);
    await own.flush();
    expect(await stored()).toEqual([operation(1, "new"), operation(2)]);
  });

  it("is committed in the same step, for the page may not live to the next", async () => {
    const commit = vi.spyOn(IDBTransaction.prototype, "commit");
    const own = writer();
    own.put("queue", operation(1), true);
    void own.flush();
    expect(commit).toHaveBeenCalledTimes(1);
    await own.flush();
    expect(await stored()).toHaveLength(1);
    // A browser that has no such thing commits by itself.
    Object.defineProperty(IDBTransaction.prototype, "commit", { value: undefined, configurable: true });
    own.put("queue", operation(2), true);
    await own.flush();
    expect(own.error).toBeNull();
    expect(await stored()).toHaveLength(2);
    Object.defineProperty(IDBTransaction.prototype, "commit", {
      value: commit,
      configurable: true,
      writable: true,
    });
    commit.mockRestore();
  });

  it("resolves a flush of nothing", async () => {
    await writer().flush();
    expect(transactions).toBe(0);
  });
});

describe("a device that does not take it", () => {
  const refuse = (name: string, times: number) => {
    const put = IDBObjectStore.prototype.put;
    let left = times;
    vi.spyOn(IDBObjectStore.prototype, "put").mockImplementation(function (this: IDBObjectStore, ...value) {
      if (left > 0) {
        left -= 1;
        throw new DOMException("no", name);
      }
      return put.apply(this, value as never);
    });
  };

  it("says so to everybody who waits, once, and then at once", async () => {
    const own = writer();
    refuse("UnknownError", 1);
    const told: (CoboardError | null)[] = [];
    own.put("queue", operation(1), true, (error) => told.push(error));
    await own.flush();
    own.put("queue", operation(2), true, (error) => told.push(error));
    expect(told.map((error) => error?.code)).toEqual(["E_DEVICE_STORAGE", "E_DEVICE_STORAGE"]);
    expect(broken).toHaveLength(1);
    expect(own.error?.code).toBe("E_DEVICE_STORAGE");
    vi.restoreAllMocks();
  });

  it("makes room and tries again when it is full", async () => {
    const own = writer();
    refuse("QuotaExceededError", 1);
    room = async () => true;
    const told = vi.fn();
    own.put("queue", operation(1), true, told);
    await own.flush();
    expect(told).toHaveBeenCalledWith(null);
    expect(await stored()).toHaveLength(1);
    vi.restoreAllMocks();
  });

  it("leaves it to a flush that came while room was made", async () => {
    for (const isAwaited of [true, false]) {
      const own = writer();
      refuse("QuotaExceededError", 1);
      const told = vi.fn();
      room = async () => {
        own.put("queue", operation(2), true, told);
        const flushed = own.flush();
        if (isAwaited) await flushed;
        return true;
      };
      own.put("queue", operation(1), true, told);
      await own.flush();
      await new Promise((resolve) => setTimeout(resolve, 20));
      expect(told.mock.calls).toEqual([[null], [null]]);
      expect(broken).toEqual([]);
      expect(own.error).toBeNull();
      expect(await stored()).toHaveLength(2);
      vi.restoreAllMocks();
    }
  });

  it("gives up where there is no more room, and says that it is full", async () => {
    const own = writer();
    refuse("QuotaExceededError", 9);
    own.put("queue", operation(1), true);
    await own.flush();
    expect(broken[0]?.details.reason).toBe("full");
    vi.restoreAllMocks();
  });
});
