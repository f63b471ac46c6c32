/** What waits is shown at the widget that it is about. */
import type { QueueEntry } from "@coboard/client";
import { describe, expect, it } from "vitest";
import { groupsOf, headOf } from "./waiting";

function entry(sequence: number, item: string | null): QueueEntry {
  const id = { client: "c1", sequence };
  return { id, label: `edit ${sequence}`, item, ageMs: 10, durability: "device", discardable: true };
}

/** 17 and 18 are widgets of the root; 40 is a query of 17, and 41 lies in the query. */
const PARENTS: Readonly<Record<string, string>> = { "17": "0", "18": "0", "40": "17", "41": "40" };
const isWidget = (item: string) => item === "17" || item === "18";
const parentOf = (item: string) => PARENTS[item] ?? null;

describe("groupsOf", () => {
  it("puts what lies in a widget to the widget, in the order of the oldest", () => {
    const entries = [entry(1, "18"), entry(2, "41"), entry(3, "18"), entry(4, "17"), entry(5, "40")];
    const groups = groupsOf(entries, isWidget, parentOf);
    expect(groups.map(({ item, entries: of }) => [item, of.map(({ id }) => id.sequence)])).toEqual([
      ["18", [1, 3]],
      ["17", [2, 4, 5]],
    ]);
  });

  it("has one group for the dashboard and what is there no more", () => {
    const groups = groupsOf([entry(1, "0"), entry(2, null), entry(3, "99")], isWidget, parentOf);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ item: null, entries: [{}, {}, {}] });
  });
});

describe("headOf", () => {
  it("is the item of a path", () => {
    expect(headOf("@17/targets")).toBe("17");
    expect(headOf("@0/panels")).toBe("0");
    expect(headOf("panels")).toBeNull();
  });
});
