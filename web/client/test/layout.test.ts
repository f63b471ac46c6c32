/** The laws of the packing, across the border of the core: no overlap, idempotent, whatever the order of its input. */
import { readFile } from "node:fs/promises";
import { beforeAll, describe, expect, it } from "vitest";
import type { Placed, Rect } from "../src/api/layout.js";
import { compact } from "../src/core/layout.js";
import { isCoreLoaded, loadCore } from "../src/core/load.js";

const COLUMNS = 24;

function overlap(a: Rect, b: Rect): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

beforeAll(async () => {
  expect(() => compact([])).toThrow("the core is not loaded");
  await loadCore(readFile(new URL("../core/coboard_core_bg.wasm", import.meta.url)));
  expect(isCoreLoaded()).toBe(true);
});

/** A small seeded generator, so that a failure can be repeated. */
function generator(seed: number): (max: number) => number {
  let state = seed;
  return (max) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * max);
  };
}

function randomLayout(seed: number): Placed[] {
  const next = generator(seed);
  return Array.from({ length: 1 + next(30) }, (_, index) => ({
    item: String(index + 1),
    x: next(COLUMNS + 4) - 2,
    y: next(60) - 2,
    w: 1 + next(COLUMNS + 4),
    h: 1 + next(12),
  }));
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  const next = generator(seed);
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = next(i + 1);
    [copy[i], copy[j]] = [copy[j] as T, copy[i] as T];
  }
  return copy;
}

function insideAndApart(packed: readonly Placed[]): boolean {
  return packed.every(
    (a, index) =>
      a.x >= 0 && a.y >= 0 && a.x + a.w <= COLUMNS && packed.slice(index + 1).every((b) => !overlap(a, b)),
  );
}

describe("compact", () => {
  it("keeps its laws on 1000 random layouts", () => {
    for (let seed = 1; seed <= 1_000; seed++) {
      const layout = randomLayout(seed);
      const packed = compact(layout);
      const text = JSON.stringify(packed);
      expect(packed.length, `kept, seed ${seed}`).toBe(layout.length);
      expect(insideAndApart(packed), `inside and apart, seed ${seed}`).toBe(true);
      expect(JSON.stringify(compact(packed)), `idempotent, seed ${seed}`).toBe(text);
      expect(JSON.stringify(compact(shuffled(layout, seed))), `order, seed ${seed}`).toBe(text);
    }
  });

  it("closes gaps upwards and leaves columns alone", () => {
    const packed = compact([
      { item: "1", x: 0, y: 0, w: 12, h: 4 },
      { item: "2", x: 0, y: 30, w: 12, h: 4 },
      { item: "3", x: 12, y: 9, w: 12, h: 2 },
    ]);
    expect(packed.map((entry) => [entry.item, entry.x, entry.y])).toEqual([
      ["1", 0, 0],
      ["3", 12, 0],
      ["2", 0, 4],
    ]);
  });

  it("settles two widgets in one place by identity", () => {
    const a = { item: "9", x: 0, y: 0, w: 6, h: 2 };
    const b = { item: "10", x: 0, y: 0, w: 6, h: 2 };
    expect(compact([b, a]).map((entry) => entry.item)).toEqual(["9", "10"]);
  });

  it("brings what is no place inside", () => {
    const wild = { item: "1", x: Number.NaN, y: -4, w: 1e300, h: 2.5 };
    expect(compact([wild])).toEqual([{ item: "1", x: 0, y: 0, w: 24, h: 3 }]);
    expect(compact([{ item: "1", x: 5, y: 0, w: 4, h: 1 }], 6)[0]).toMatchObject({ x: 2, w: 4 });
  });

  it("keeps what else an entry holds", () => {
    expect(compact([{ item: "1", x: 0, y: 3, w: 1, h: 1, title: "CPU" }])[0]).toMatchObject({
      y: 0,
      title: "CPU",
    });
  });
});
