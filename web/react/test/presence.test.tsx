/** Hooks that tell who is here. */
import { act, renderHook } from "@testing-library/react";
import { expect, it } from "vitest";
import {
  useAudience,
  useCursors,
  useLeases,
  useOther,
  useOthers,
  useOthersListener,
  useOthersMapped,
  usePresence,
  useSelection,
  useSelf,
} from "../src/index.js";
import { fakes, peer } from "./fakes.js";

it("gives oneself and the others", () => {
  const { others, wrapper } = fakes();
  const { result } = renderHook(() => ({ self: useSelf(), others: useOthers() }), { wrapper });
  expect(result.current.self.user.id).toBe("me");
  act(() => others.set([peer("ben")]));
  expect(result.current.others.map(({ user }) => user.id)).toEqual(["ben"]);
});

it("reads and changes own presence", () => {
  const { self, update, wrapper } = fakes();
  const { result } = renderHook(() => usePresence(), { wrapper });
  result.current[1]({ focus: "@1" });
  expect(update).toHaveBeenCalledWith({ focus: "@1" });
  act(() => self.set(peer("me", { focus: "@1" })));
  expect(result.current[0]).toEqual({ focus: "@1" });
});

it("renders a mapped part only when it changes", () => {
  const { others, wrapper } = fakes();
  let renders = 0;
  const { result } = renderHook(
    () => {
      renders += 1;
      return useOthersMapped((one) => one.presence.focus ?? null);
    },
    { wrapper },
  );
  act(() => others.set([peer("ben", { focus: "@1" })]));
  expect(result.current).toEqual([["ben", "@1"]]);
  const before = renders;
  act(() => others.set([peer("ben", { focus: "@1", cursor: { x: 0.5, row: 2 } })]));
  expect(renders).toBe(before);
});

it("follows one of the others", () => {
  const { others, wrapper } = fakes();
  const { result } = renderHook(() => useOther("ben", (one) => one.user.name), { wrapper });
  expect(result.current).toBeNull();
  act(() => others.set([peer("ben")]));
  expect(result.current).toBe("ben");
});

it("counts who is here", () => {
  const { audience, wrapper } = fakes();
  const { result } = renderHook(() => useAudience(), { wrapper });
  expect(result.current).toEqual({ editors: 1, viewers: 0, listed: 1 });
  act(() => audience.set({ editors: 2, viewers: 300, listed: 100 }));
  expect(result.current.viewers).toBe(300);
});

it("tells who is editing what, while they do", () => {
  const { leases, wrapper } = fakes();
  const { result } = renderHook(() => useLeases(), { wrapper });
  const lease = { user: peer("ben").user, path: "@1/title" };
  act(() => leases.set([lease]));
  expect(result.current).toEqual([lease]);
  act(() => leases.set([]));
  expect(result.current).toEqual([]);
});

it("tells who has selected an item", () => {
  const { others, update, wrapper } = fakes();
  const { result } = renderHook(() => useSelection("17"), { wrapper });
  act(() => others.set([peer("ben", { selection: ["17"] }), peer("cleo", { selection: ["19"] })]));
  expect(result.current.users.map(({ id }) => id)).toEqual(["ben"]);
  result.current.select();
  expect(update).toHaveBeenCalledWith({ selection: ["17"] });
});

it("tells who joins and leaves", () => {
  const { events, wrapper } = fakes();
  const seen: string[] = [];
  renderHook(() => useOthersListener(({ type, user }) => seen.push(`${type} ${user.id}`)), { wrapper });
  events.fire("join", peer("ben").user);
  events.fire("leave", peer("ben").user);
  expect(seen).toEqual(["join ben", "leave ben"]);
});

it("places cursors in pixels of the container", () => {
  const { others, wrapper } = fakes();
  const element = document.createElement("div");
  element.innerHTML = '<section data-item="17"></section>';
  element.getBoundingClientRect = () => ({ left: 100, top: 50, width: 1000, height: 400 }) as DOMRect;
  const widget = element.firstElementChild as HTMLElement;
  widget.getBoundingClientRect = () => ({ left: 200, top: 150, width: 100, height: 100 }) as DOMRect;
  const container = { current: element };
  const { result } = renderHook(() => useCursors(container, { rowHeightPx: 40 }), { wrapper });
  act(() =>
    others.set([
      peer("ben", { cursor: { x: 0.5, row: 2 } }),
      peer("cleo", { cursor: { widget: "17", fx: 0.5, fy: 0.1 } }),
      peer("dan", { cursor: { widget: "99", fx: 0, fy: 0 } }),
      { ...peer("eve", { cursor: { x: 0, row: 0 } }), activity: "away" },
      peer("me", { cursor: { x: 0, row: 0 } }),
    ]),
  );
  expect(result.current.map(({ user, x, y }) => [user.id, x, y])).toEqual([
    ["ben", 500, 80],
    ["cleo", 150, 110],
  ]);
});
