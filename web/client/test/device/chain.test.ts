/** From a snapshot to a revision, through what several tabs heard in different pieces. */
import { describe, expect, it } from "vitest";
import { needed, type Piece, Reach, stopsOf, wayTo } from "../../src/device/chain.js";

const piece = (from: number, to: number, stops: readonly number[] | null = null) => ({
  from,
  to,
  stops,
  lineage: "L",
  heardBy: "",
});
const at = (...bases: number[]) => ({ lineage: "L", client: "c", bases });
const ends = (chain: { pieces: readonly Piece[] } | null) => chain?.pieces.map(({ to }) => to);

describe("a way", () => {
  it("goes from piece to piece, whatever the order they were stored in", () => {
    const reach = new Reach(3, [piece(7, 9), piece(3, 5), piece(5, 7)]);
    expect(reach.furthest).toBe(9);
    expect(ends(reach.chain(9))).toEqual([5, 7, 9]);
    expect(ends(reach.chain(3))).toEqual([]);
    expect(reach.chain(8)).toBeNull();
  });

  it("enters a piece of single entries anywhere, a composed one only where it begins", () => {
    expect(new Reach(4, [piece(2, 8)]).furthest).toBe(8);
    expect(new Reach(4, [piece(2, 8, [2])]).furthest).toBe(4);
    expect(new Reach(4, [piece(2, 8, [2, 4])]).furthest).toBe(8);
  });

  it("does not jump over what is missing", () => {
    expect(new Reach(3, [piece(4, 6)]).furthest).toBe(3);
  });
});

it("says where a page can be entered", () => {
  expect(stopsOf({ from: 1, to: 3 })).toBeNull();
  expect(stopsOf({ from: 1, to: 3, segments: [{ entry: {} }, { entry: {} }] })).toBeNull();
  expect(stopsOf({ from: 1, to: 9, segments: [{ entry: {} }, { from: 2, to: 8 }, { entry: {} }] })).toEqual([
    1, 2, 8,
  ]);
});

describe("what is needed", () => {
  const starts = [
    { lineage: "L", revision: 0 },
    { lineage: "L", revision: 10 },
  ];
  const pieces = [piece(0, 4), piece(4, 10), piece(10, 12)];

  it("is the newest snapshot and what stands behind it", () => {
    const { starts: kept, pieces: used } = needed(starts, pieces, []);
    expect([...kept]).toEqual([starts[1]]);
    expect([...used]).toEqual([pieces[2]]);
  });

  it("is also the way to each place where somebody stands", () => {
    const { starts: kept, pieces: used } = needed(starts, pieces, [at(4), at(12)]);
    expect(kept.size).toBe(2);
    expect([...used]).toEqual([pieces[2], pieces[0]]);
  });

  it("is what a tab may have gone on to without saying so", () => {
    const { pieces: used } = needed(starts, pieces, [{ ...at(0), until: 4 }]);
    expect([...used]).toEqual([pieces[2], pieces[0]]);
  });

  it("goes over each base in turn, and past the first without what was made for others", () => {
    const composed = { ...piece(4, 10, [4]), heardBy: "other" };
    const mine = { ...piece(4, 10, [4]), heardBy: "c" };
    const start = { lineage: "L", revision: 0 };
    expect(wayTo(start, [piece(0, 4), composed], at(10))).toEqual([piece(0, 4), composed]);
    expect(wayTo(start, [piece(0, 4), composed], at(4, 10))).toBeNull();
    expect(wayTo(start, [piece(0, 4), composed, mine], at(4, 10))).toEqual([piece(0, 4), mine]);
  });

  it("keeps nothing for a place that nothing leads to", () => {
    expect(needed(starts, pieces, [{ ...at(4), lineage: "M" }]).starts.size).toBe(1);
    expect(needed([], pieces, [at(4)]).starts.size).toBe(0);
  });
});
