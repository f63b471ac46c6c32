/** Folding and unfolding rows, and the fewest writes of a drop. */
import { compact } from "@coboard/client";
import { describe, expect, it } from "vitest";
import { type Placed, sameRect } from "./rect";
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
    const nodes = [node("1", 0, 0, 12, 4), node("2", 0, 4, 12, 4), node("3", 0, 90, 12, 4)];
    const before = visibleLayout(nodes, () => false);
    const after = [
      { item: "1", x: 0, y: 8, w: 12, h: 4 },
      { item: "2", x: 0, y: 0, w: 12, h: 4 },
      { item: "3", x: 0, y: 4, w: 12, h: 4 },
    ];
    const changes = placeChanges(nodes, () => false, before, after, "1");
    const places = new Map(changes.map((change) => [change.item, change]));
    const stored = nodes.map((entry) => ({ ...entry, ...(places.get(entry.item) ?? {}) }));
    expect(ys(visibleLayout(stored, () => false))).toEqual({ 2: 0, 3: 4, 1: 8 });
    expect(changes.length).toBeLessThan(3);
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
