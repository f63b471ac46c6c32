/** Cursors and avatars, as they are without any style. */
import { act, render, renderHook, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import {
  AvatarStack,
  Cursors,
  useFollow,
  useFollowedView,
  usePresenters,
  useSelection,
} from "../src/index.js";
import { type Spring, springStep } from "../src/spring.js";
import { fakes, peer } from "./fakes.js";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function stage() {
  const parts = fakes();
  const container = { current: document.createElement("div") };
  container.current.getBoundingClientRect = () =>
    ({ left: 0, top: 0, width: 1_000, height: 2_000 }) as DOMRect;
  render(<Cursors container={container} rowHeightPx={40} />, { wrapper: parts.wrapper });
  const cursors = () => [...document.querySelectorAll<HTMLElement>("[data-coboard=cursor]")];
  const frames = (count: number) => act(() => void vi.advanceTimersByTime(count * 20));
  return { ...parts, cursors, frames };
}

const at = (x: number, row: number) => peer("ben", { cursor: { x, row } });

it("draws a cursor where somebody points, named and in their colour", () => {
  const { others, cursors, frames } = stage();
  act(() => others.set([at(0.5, 2)]));
  frames(2);
  const [cursor] = cursors();
  expect(cursor?.style.transform).toBe("translate3d(500px, 80px, 0)");
  expect(cursor?.style.getPropertyValue("--coboard-color")).toBe("#123456");
  expect(cursor?.textContent).toBe("ben");
  act(() => others.set([peer("ben")]));
  expect(cursors()).toEqual([]);
  // One's own other window.
  act(() => others.set([peer("me", { cursor: { x: 0.5, row: 2 } })]));
  expect(cursors()).toEqual([]);
});

it("is where it belongs as soon as it is there", () => {
  const { others, cursors } = stage();
  act(() => others.set([at(0.5, 2)]));
  expect(cursors()[0]?.style.transform).toBe("translate3d(500px, 80px, 0)");
});

it("lets it glide, and rest", () => {
  const { others, cursors, frames } = stage();
  act(() => others.set([at(0, 0)]));
  frames(2);
  act(() => others.set([at(0.5, 0)]));
  frames(3);
  const x = () => Number(/translate3d\((.*?)px/.exec(cursors()[0]?.style.transform ?? "")?.[1]);
  expect(x()).toBeGreaterThan(0);
  expect(x()).toBeLessThan(500);
  frames(100);
  expect(x()).toBe(500);
});

it("fades the name of one that rests, then the cursor", () => {
  const { others, cursors, frames } = stage();
  act(() => others.set([at(0.5, 2)]));
  frames(50);
  expect(cursors()[0]?.hasAttribute("data-quiet")).toBe(false);
  act(() => void vi.advanceTimersByTime(4_500));
  expect(cursors()[0]?.hasAttribute("data-quiet")).toBe(true);
  expect(cursors()[0]?.hasAttribute("data-dim")).toBe(false);
  act(() => void vi.advanceTimersByTime(60_000));
  expect(cursors()[0]?.hasAttribute("data-dim")).toBe(true);
  act(() => others.set([at(0.6, 2)]));
  frames(2);
  expect(cursors()[0]?.hasAttribute("data-quiet")).toBe(false);
});

it("has no node for a cursor outside of the window", () => {
  const { others, cursors, frames } = stage();
  act(() => others.set([at(0.5, 45)]));
  frames(2);
  expect(cursors()).toEqual([]);
});

it("never overshoots, however late a frame is", () => {
  for (const late of [0.016, 0.05, 0.2, 0.9]) {
    const spring: Spring = { x: 0, y: 0, vx: 0, vy: 0 };
    let farthest = 0;
    for (let frame = 0; frame < 200; frame += 1) {
      springStep(spring, 100, -50, frame % 5 === 2 ? late : 0.016);
      farthest = Math.max(farthest, spring.x, -2 * spring.y);
    }
    expect(farthest).toBeLessThan(101);
    expect(spring).toMatchObject({ x: 100, y: -50 });
  }
});

it("takes one late frame for no jump, and wakes up where the cursor is", () => {
  const spring: Spring = { x: 0, y: 0, vx: 0, vy: 0 };
  expect(springStep(spring, 100, 0, 0.5)).toBe(true);
  expect(spring.x).toBeLessThan(60);
  expect(springStep(spring, 100, 0, 5)).toBe(false);
  expect(spring.x).toBe(100);
});

it("shows five people at most, oneself last and once", () => {
  const { others, audience, wrapper } = fakes();
  render(<AvatarStack strings={{ label: "Wer da ist" }} />, { wrapper });
  const idle = { ...peer("eve"), activity: "idle" as const };
  act(() => others.set([peer("ana"), peer("ben"), peer("cleo"), peer("dan"), idle, peer("me")]));
  const list = screen.getByRole("list", { name: "Wer da ist" });
  expect([...list.children].map((item) => item.textContent)).toEqual(["A", "B", "C", "D", "+1", "M"]);
  expect(screen.getByRole("img", { name: "and eve" })).toBeTruthy();
  expect(screen.getByRole("img", { name: "me, you" })).toBeTruthy();
  act(() => audience.set({ editors: 6, viewers: 130, listed: 100 }));
  expect(list.textContent).toBe("ABCD+1+36 viewersM");
});

it("follows, and tells who is followed, who follows and who presents", () => {
  const { others, following, update, wrapper } = fakes();
  const hook = () => ({ ...useFollow(), view: useFollowedView(), presenters: usePresenters() });
  const { result } = renderHook(hook, { wrapper });
  const view = { from: "now-1h", to: "now", variables: {}, anchor: null };
  act(() =>
    others.set([
      peer("ana", { view, presenting: true }),
      peer("ben", { following: "me" }),
      peer("dan", { following: "ana" }),
    ]),
  );
  expect(result.current.followers.map(({ id }) => id)).toEqual(["ben"]);
  expect(result.current.presenters.map(({ id }) => id)).toEqual(["ana"]);
  expect(result.current.view).toBeNull();
  act(() => result.current.follow("ana"));
  expect(following.current).toBe("ana");
  expect(result.current.following?.id).toBe("ana");
  expect(result.current.view).toEqual(view);
  expect(result.current.presenting).toBe(false);
  result.current.present(true);
  expect(update).toHaveBeenCalledWith({ presenting: true });
});

it("has whoever selected an item last at the end", () => {
  const { others, wrapper } = fakes();
  const { result } = renderHook(() => useSelection("17"), { wrapper });
  const selects = (id: string) => peer(id, { selection: ["17"] });
  const order = () => result.current.users.map(({ id }) => id);
  act(() => others.set([peer("ana"), selects("ben")]));
  act(() => others.set([selects("ana"), selects("ben")]));
  expect(order()).toEqual(["ben", "ana"]);
  act(() => others.set([selects("ana"), peer("ben")]));
  act(() => others.set([selects("ana"), selects("ben")]));
  expect(order()).toEqual(["ana", "ben"]);
});
