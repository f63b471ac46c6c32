/** The list of what people did, and the feed that shows it. */
import type { Activity, ActivityEntry, ActivityPage, Loaded, Result } from "@coboard/client";
import { act, fireEvent, render, renderHook, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { ActivityFeed, useActivity } from "../src/index.js";
import { fakes, Value } from "./fakes.js";

const NOW = new Date(2026, 10, 23, 12).getTime();

const entry = (id: number, over: Partial<ActivityEntry> = {}): ActivityEntry => ({
  id: String(id),
  actor: "ben",
  name: "Ben",
  own: false,
  device: null,
  client: null,
  origin: "client",
  verb: "moved",
  kind: "edit",
  item: "17",
  title: "CPU",
  part: null,
  path: null,
  before: undefined,
  after: undefined,
  count: 1,
  revisions: [id, id],
  atMs: NOW - 100_000 + id * 1_000,
  text: `did ${id}`,
  ...over,
});

function feed() {
  const made = fakes();
  const recent = new Value<Loaded<readonly ActivityEntry[]>>({ status: "loading", progress: null });
  const pages: Result<ActivityPage>[] = [];
  const list = vi.fn<Activity["list"]>(
    async () => pages.shift() ?? { ok: true, value: { entries: [], next: null } },
  );
  const activity = { recent, older: 5 as number | null, list };
  Object.assign(made.handle, { activity });
  const tell = (...entries: ActivityEntry[]) => act(() => recent.set({ status: "ready", value: entries }));
  return { ...made, recent, pages, list, activity, tell };
}

const ids = (state: ReturnType<typeof useActivity>) =>
  state.status === "ready" ? state.value.map(({ id }) => id) : state.status;

it("is what was done, and reads older pages on demand", async () => {
  const { wrapper, tell, pages, list } = feed();
  const { result } = renderHook(() => useActivity(), { wrapper });
  expect(ids(result.current)).toBe("loading");
  tell(entry(9), entry(8));
  expect(ids(result.current)).toEqual(["9", "8"]);
  expect(result.current.hasMore).toBe(true);
  pages.push({ ok: true, value: { entries: [entry(4)], next: null } });
  await act(async () => result.current.loadMore());
  expect(list.mock.calls).toEqual([[{ before: 5 }]]);
  expect(ids(result.current)).toEqual(["9", "8", "4"]);
  expect(result.current.hasMore).toBe(false);
});

it("goes on over pages that are empty, and can try again after a failure", async () => {
  const { wrapper, tell, pages, list } = feed();
  const { result } = renderHook(() => useActivity(), { wrapper });
  tell(entry(9));
  pages.push({ ok: true, value: { entries: [], next: 4 } }, { ok: false, error: new Error("away") as never });
  await act(async () => result.current.loadMore());
  expect(result.current.moreError).not.toBeNull();
  pages.push({ ok: true, value: { entries: [entry(2)], next: null } });
  await act(async () => result.current.loadMore());
  expect(list.mock.calls.map(([query]) => query?.before)).toEqual([5, 4, 4]);
  expect(ids(result.current)).toEqual(["9", "2"]);
});

it("asks the server for one person or one widget, and takes what is told of them alone", async () => {
  const { wrapper, tell, pages, list } = feed();
  pages.push({ ok: true, value: { entries: [entry(3, { actor: "eve" })], next: 2 } });
  pages.push({ ok: true, value: { entries: [entry(3, { actor: "eve" })], next: 2 } });
  const { result, rerender } = renderHook(({ author }) => useActivity({ author }), {
    wrapper,
    initialProps: { author: "eve" },
  });
  tell(entry(9), entry(8, { actor: "eve" }));
  await act(async () => {});
  expect(ids(result.current)).toEqual(["8", "3"]);
  expect(list.mock.calls.at(-1)).toEqual([{ author: "eve" }]);
  rerender({ author: "ben" });
  await act(async () => {});
  expect(ids(result.current)).toEqual(["9"]);
});

it("shows who did what by day, says you of oneself, and lets entries be chosen", () => {
  const { wrapper, tell } = feed();
  const onSelect = vi.fn();
  render(
    <ActivityFeed
      nowMs={NOW}
      onSelect={onSelect}
      canSelect={({ item }) => item !== null}
      strings={{ did: ({ text }) => text.toUpperCase() }}
    />,
    { wrapper },
  );
  expect(screen.getByRole("status").textContent).toBe("Loading…");
  const yesterday = entry(1, { atMs: NOW - 86_400_000, item: null, device: "Ben’s phone" });
  tell(entry(9, { own: true, actor: "me" }), entry(8), yesterday);
  expect(screen.getAllByRole("heading").map(({ textContent }) => textContent)).toEqual([
    "Today",
    "Yesterday",
  ]);
  const buttons = screen.getAllByRole("button").map(({ textContent }) => textContent);
  expect(buttons).toEqual(["You DID 9 1 min ago", "Ben DID 8 1 min ago", "Show older"]);
  expect(screen.getByText("Yesterday").parentElement?.textContent).toContain("· Ben’s phone");
  fireEvent.click(screen.getByText(/DID 8/));
  expect(onSelect.mock.calls[0]?.[0]).toMatchObject({ id: "8" });
});

it("says that nothing was done, and that it could not be read", () => {
  const { wrapper, tell, recent, activity } = feed();
  activity.older = null;
  const onRetry = vi.fn();
  render(<ActivityFeed nowMs={NOW} onRetry={onRetry} strings={{ empty: "Leer." }} />, { wrapper });
  tell();
  expect(screen.getByText("Leer.")).toBeTruthy();
  act(() => recent.set({ status: "failed", error: new Error("away") as never }));
  expect(screen.getByRole("alert").textContent).toContain("could not be read");
  fireEvent.click(screen.getByRole("button"));
  expect(onRetry).toHaveBeenCalledOnce();
});
