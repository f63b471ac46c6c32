/** What may be added to the rules of a dashboard, and their order. */
import type { PathPolicy } from "@coboard/client";
import { describe, expect, it } from "vitest";
import { coveredBy, placeLabel, raised, whyNot } from "./rules";

const rule = (path: string): PathPolicy => ({ path, policy: "manual" });

describe("whyNot", () => {
  it("takes what is new and can be reached", () => {
    expect(whyNot("/panels/*/title", [])).toBeNull();
    expect(whyNot("/panels/*/title", [rule("/panels/*/targets/**")])).toBeNull();
    expect(whyNot("/panels/**", [rule("/panels/*/title")])).toBeNull();
  });

  it("says why not", () => {
    expect(whyNot("", [])).toMatch("about");
    expect(whyNot("panels", [])).toMatch("slash");
    expect(whyNot(`/${"ä".repeat(256)}`, [])).toMatch("512");
    expect(whyNot(`/${"ä".repeat(255)}`, [])).toBeNull();
    expect(whyNot("/a", [rule("/a")])).toMatch("already");
    expect(whyNot("/panels/*/title", [rule("/panels/**")])).toMatch("/panels/** comes first");
    expect(coveredBy([rule("/**")], "/refreshes")).toMatch("/** comes first");
    expect(whyNot("/panelsOfMine", [rule("/panels/**")])).toBeNull();
    const many = Array.from({ length: 100 }, (_, index) => rule(`/k${index}`));
    expect(whyNot("/a", many)).toMatch("at most 100");
  });
});

describe("raised", () => {
  it("moves a rule before the one above it", () => {
    const rules = ["/a", "/b", "/c"].map(rule);
    expect(raised(rules, 2).map(({ path }) => path)).toEqual(["/a", "/c", "/b"]);
    expect(raised(rules, 1).map(({ path }) => path)).toEqual(["/b", "/a", "/c"]);
    expect(raised(rules, 0)).toBe(rules);
  });
});

describe("placeLabel", () => {
  it("has a word for what is common", () => {
    expect(placeLabel("/panels/*/targets/**")).toBe("Queries");
    expect(placeLabel("/x")).toBeNull();
  });
});
