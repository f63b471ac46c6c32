/** What is said of the others. */
import { expect, it } from "vitest";
import type { Board } from "../dashboard/model";
import { deviceWord, doingOf, widgetAround } from "./people";

const list = (item: string) => ({ list: `@${item}/targets` as const, index: 0 });
const places = {
  placeOf: (item: string) => (item === "9" ? list("3") : item === "3" ? list("0") : null),
} as never;
const board = { byItem: new Map([["3", { title: "CPU", type: "stat" }]]) } as unknown as Board;
const lease = (path: string) => ({ user: { id: "ana", name: "Ana", color: "" }, path });

it("names the widget that somebody edits, and a query in it", () => {
  expect(doingOf(places, board, undefined)).toBe("");
  expect(doingOf(places, board, lease("@3/title"))).toBe("editing CPU");
  expect(doingOf(places, board, lease("@9/expr"))).toBe("editing CPU query");
  expect(doingOf(places, board, lease("@0/title"))).toBe("editing the dashboard");
});

it("finds what an item is in", () => {
  expect(widgetAround(places, "9", (item) => item === "3")).toBe("3");
  expect(widgetAround(places, "9", () => false)).toBeNull();
});

it("tells a phone from a tablet and a computer", () => {
  expect(deviceWord("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Mobile/15E148")).toBe("Phone");
  expect(deviceWord("Mozilla/5.0 (Linux; Android 16; Pixel 9) Mobile Safari/537.36")).toBe("Phone");
  expect(deviceWord("Mozilla/5.0 (Linux; Android 16; Tab S11) Safari/537.36")).toBe("Tablet");
  expect(deviceWord("Mozilla/5.0 (X11; Linux x86_64) Chrome/156")).toBe("Computer");
});
