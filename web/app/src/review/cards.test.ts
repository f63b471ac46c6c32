/** The review as people see it. */
import type { OpenConflict } from "@coboard/client";
import { describe, expect, it } from "vitest";
import { cardsOf, countOf, difference } from "./cards";

function conflict(path: string | null, over: Partial<OpenConflict> = {}): OpenConflict {
  return {
    id: `5.${path}`,
    kind: "lost_write",
    item: "17",
    path,
    policy: "first",
    before: { value: 1 },
    theirs: { value: 2 },
    mine: { value: 3 },
    winner: "theirs",
    operation: { client: "me", sequence: 1 },
    revision: 5,
    theirOperation: null,
    reason: "lost",
    review: null,
    theirAuthor: { id: "bo", name: "Bo" },
    atMs: 10,
    subject: "17",
    title: "CPU",
    values: { before: 1, theirs: 2, mine: 3 },
    choices: { theirs: true, mine: true, value: true },
    ...over,
  };
}

describe("cards", () => {
  it("are one for each widget, with a row for each field", () => {
    const cards = cardsOf([
      conflict("@17/fieldConfig/defaults/unit"),
      conflict("@17/fieldConfig/defaults/max"),
      conflict("@18/title", { item: "18", subject: "18", title: null, theirAuthor: null }),
    ]);
    expect(cards.map(({ rows }) => rows.map(({ label }) => label))).toEqual([["Unit", "Max"], ["Title"]]);
    expect(cards[0]).toMatchObject({ title: "CPU", authors: ["Bo"] });
    expect(countOf(cards)).toBe(3);
  });

  it("hold what belongs together as one row", () => {
    const [card] = cardsOf([conflict("@17/gridPos/x"), conflict("@17/gridPos/y")]);
    expect(card?.rows).toHaveLength(1);
    expect(card?.rows[0]).toMatchObject({
      label: "Place and size",
      theirs: "x 2 · y 2",
      mine: "x 3 · y 3",
      choices: { theirs: true, mine: true, value: false },
    });
    expect(cardsOf([conflict("@17/gridPos/x")])[0]?.rows[0]?.theirs).toBe("x 2");
  });

  it("of an absence come first and stay apart", () => {
    const cards = cardsOf([
      conflict("@17/a", { atMs: 99 }),
      conflict("@17/a", { review: "away-1", id: "b" }),
    ]);
    expect(cards.map(({ review }) => review)).toEqual(["away-1", null]);
  });

  it("say what was removed, moved, or is nothing", () => {
    const gone = conflict("@17/a", { kind: "edit_in_deleted", theirs: {}, values: { mine: 3 } });
    const moved = conflict(null, {
      kind: "concurrent_move",
      before: { location: ["3", "a"] },
      theirs: { location: null },
      mine: { location: ["3", "b"] },
      values: {},
      choices: { theirs: true, mine: true, value: false },
    });
    const unset = conflict("@17/b", { theirs: {}, values: { before: 1, mine: 3 } });
    const unknown = conflict("@17/c", { values: {}, mine: { value: { $l: "9" } } });
    const rows = [gone, moved, unset, unknown].map((one) => cardsOf([one])[0]?.rows[0]);
    expect(rows.map((row) => row?.theirs)).toEqual(["removed", "removed", undefined, null]);
    expect(rows.map((row) => row?.mine)).toEqual(["3", "moved", "3", null]);
  });

  it("edit only what can be typed", () => {
    const list = conflict("@17/a", { values: { mine: [1], theirs: 2 } });
    expect(cardsOf([list])[0]?.rows[0]?.choices.value).toBe(false);
  });
});

describe("the difference", () => {
  it("is what the other text has not", () => {
    expect(difference("cpu of node 1", "cpu of node 2")).toEqual(["cpu of node ", "1", ""]);
    expect(difference("🙂 a", "🙃 a")).toEqual(["", "🙂", " a"]);
    expect(difference("20", "30")).toEqual(["", "20", ""]);
    expect(difference("same", "same")).toEqual(["same", "", ""]);
  });
});
