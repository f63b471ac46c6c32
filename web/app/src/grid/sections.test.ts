/** Folding and unfolding rows, and the fewest writes of a drop. */
import { compact } from "@coboard/client";
import { describe, expect, it } from "vitest";
import { overlap, type Placed, sameRect } from "./rect";
import { type GridNode, placeChanges, targetsOf, visibleLayout } from "./sections";

function node(item: string, x: number, y: number, w: number, h: number): GridNode {
  return { item, x, y, w, h, isRow: false, collapsed: false, children: [] };
}

function row(item: string, y: number, children: readonly GridNode[] | null = null): GridNode {
  return { item, x: 0, y, w: 24, h: 1, isRow: true, collapsed: children !== null, children: children ?? [] };
}

const BOARD: readonly GridNode[] = [
  node("1", 0, 0, 12, 4),
  row("2", 4),
  node("3", 0, 5, 12, 4),
  node("4", 12, 5, 12, 6),
  row("5", 11, [node("6", 0, 12, 8, 3), node("7", 8, 12, 8, 3)]),
  node("8", 0, 12, 24, 2),
];

function ys(placed: readonly Placed[]): Record<string, number> {
  return Object.fromEntries(placed.map((place) => [place.item, place.y]));
}

const storedFold = (item: string) => item === "5";

describe("visibleLayout", () => {
  it("shows a board as stored", () => {
    expect(ys(visibleLayout(BOARD, storedFold))).toEqual({ 1: 0, 2: 4, 3: 5, 4: 5, 5: 11, 8: 12 });
  });

  it("hides what a folded row owns and moves the rest up", () => {
    expect(ys(visibleLayout(BOARD, (item) => item === "5" || item === "2"))).toEqual({
      1: 0,
      2: 4,
      5: 5,
      8: 6,
    });
  });

  it("shows the widgets of a collapsed row when it is unfolded here", () => {
    const open = ys(visibleLayout(BOARD, () => false));
    expect(open).toEqual({ 1: 0, 2: 4, 3: 5, 4: 5, 5: 11, 6: 12, 7: 12, 8: 15 });
  });
});

describe("targetsOf", () => {
  it("goes back to the stored places, whatever is folded", () => {
    for (const folded of [storedFold, () => false, (item: string) => item === "2", () => true]) {
      const targets = targetsOf(BOARD, folded, visibleLayout(BOARD, folded));
      for (const entry of BOARD) {
        const target = targets.get(entry.item);
        expect(target && sameRect(target, entry), `item ${entry.item}`).toBe(true);
      }
    }
  });
});

describe("placeChanges", () => {
  it("writes nothing when nothing moved", () => {
    const shown = visibleLayout(BOARD, storedFold);
    expect(placeChanges(BOARD, storedFold, shown, shown, "1")).toEqual([]);
  });

  it("writes only the dropped widget where packing does the rest", () => {
    const nodes = [node("1", 0, 0, 12, 4), node("2", 0, 4, 12, 4), node("3", 12, 0, 12, 4)];
    const before = visibleLayout(nodes, () => false);
    const after = compact(before.map((place) => (place.item === "1" ? { ...place, x: 12, y: 4 } : place)));
    expect(placeChanges(nodes, () => false, before, after, "1")).toEqual([
      { item: "1", x: 12, y: 4, w: 12, h: 4, row: null, moved: false },
    ]);
  });

  it("writes the others it must, so that the document shows what was dropped", () => {
    const nodes = [
      node("1", 0, 0, 12, 4),
      node("2", 0, 4, 12, 4),
      node("3", 0, 90, 12, 4),
      node("4", 12, 30, 12, 4),
    ];
    const before = visibleLayout(nodes, () => false);
    const after = [
      { item: "1", x: 0, y: 8, w: 12, h: 4 },
      { item: "2", x: 0, y: 0, w: 12, h: 4 },
      { item: "3", x: 0, y: 4, w: 12, h: 4 },
      { item: "4", x: 12, y: 0, w: 12, h: 4 },
    ];
    const changes = placeChanges(nodes, () => false, before, after, "1");
    const places = new Map(changes.map((change) => [change.item, change]));
    const stored = nodes.map((entry) => ({ ...entry, ...(places.get(entry.item) ?? {}) }));
    expect(ys(visibleLayout(stored, () => false))).toEqual({ 2: 0, 3: 4, 1: 8, 4: 0 });
    expect(places.has("4")).toBe(false);
  });

  it("writes what its stored place would put in the way", () => {
    const nodes = [node("1", 0, 0, 12, 3), node("2", 0, 3, 12, 4)];
    const before = visibleLayout(nodes, () => false);
    const after = [
      { item: "2", x: 0, y: 0, w: 12, h: 4 },
      { item: "1", x: 0, y: 4, w: 12, h: 3 },
    ];
    const changes = placeChanges(nodes, () => false, before, after, "1");
    expect(changes.map(({ item, y }) => [item, y])).toEqual([
      ["1", 4],
      ["2", 0],
    ]);
  });

  it("leaves nothing on anything else, wherever one of many is dropped", () => {
    let state = 7;
    const next = (max: number) => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * max);
    };
    let several = 0;
    for (let round = 0; round < 500; round++) {
      const nodes = compact(
        Array.from({ length: 2 + next(12) }, (_, index) =>
          node(String(index + 1), next(24), next(20), 1 + next(12), 1 + next(6)),
        ),
      );
      const before = visibleLayout(nodes, () => false);
      const held = String(1 + next(nodes.length));
      const x = next(13);
      const y = next(16);
      const after = compact(before.map((place) => (place.item === held ? { ...place, x, y } : place)));
      const changes = placeChanges(nodes, () => false, before, after, held);
      if (changes.length > 1) several++;
      const places = new Map(changes.map((change) => [change.item, change]));
      const stored = nodes.map((entry) => ({ ...entry, ...(places.get(entry.item) ?? {}) }));
      const pairs = stored.flatMap((a, index) => stored.slice(index + 1).map((b) => [a, b] as const));
      expect(
        pairs.filter(([a, b]) => overlap(a, b)),
        `round ${round}`,
      ).toEqual([]);
      expect(
        visibleLayout(stored, () => false),
        `round ${round}`,
      ).toEqual(after.map(({ item, x, y, w, h }) => ({ item, x, y, w, h })));
    }
    expect(several).toBeGreaterThan(50);
  });

  it("moves a widget into an unfolded row's own list", () => {
    const before = visibleLayout(BOARD, () => false);
    const after = compact(
      before.map((place) => (place.item === "8" ? { ...place, w: 8, x: 16, y: 12 } : place)),
    );
    const changes = placeChanges(BOARD, () => false, before, after, "8");
    expect(changes).toEqual([{ item: "8", x: 16, y: 12, w: 8, h: 2, row: "5", moved: true }]);
  });

  it("takes hidden widgets along when their folded row moves", () => {
    const folded = (item: string) => item === "2" || item === "5";
    const before = visibleLayout(BOARD, folded);
    const after = compact([
      { item: "2", x: 0, y: 0, w: 24, h: 1 },
      { item: "1", x: 0, y: 1, w: 12, h: 4 },
      { item: "5", x: 0, y: 5, w: 24, h: 1 },
      { item: "8", x: 0, y: 6, w: 24, h: 2 },
    ]);
    const changes = placeChanges(BOARD, folded, before, after, "2");
    const places = new Map(changes.map((change) => [change.item, change]));
    const stored = BOARD.map((entry) => ({ ...entry, ...(places.get(entry.item) ?? {}) }));
    const shown = ys(visibleLayout(stored, storedFold));
    expect(shown).toMatchObject({ 2: 0, 3: 1, 4: 1, 1: 5 });
  });
});
