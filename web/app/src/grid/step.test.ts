/** The keyboard's steps. */
import { describe, expect, it } from "vitest";
import { stepLayout } from "./step";

const STACK = [
  { item: "1", x: 0, y: 0, w: 12, h: 4 },
  { item: "2", x: 0, y: 4, w: 12, h: 4 },
];

describe("stepLayout", () => {
  it("moves by one column", () => {
    expect(stepLayout(STACK, "2", "right", false)?.find((entry) => entry.item === "2")).toMatchObject({
      x: 1,
    });
  });

  it("changes places with the neighbour below in one press", () => {
    const next = stepLayout(STACK, "1", "down", false);
    expect(next?.map((entry) => entry.item)).toEqual(["2", "1"]);
  });

  it("refuses to leave the grid", () => {
    expect(stepLayout(STACK, "1", "left", false)).toBeNull();
    expect(stepLayout(STACK, "1", "up", false)).toBeNull();
  });

  it("resizes by one cell", () => {
    expect(stepLayout(STACK, "1", "down", true)?.find((entry) => entry.item === "2")).toMatchObject({ y: 5 });
  });
});
