/** Hooks that read the Document and change it. */
import { act, render, renderHook, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import {
  CoboardProvider,
  DocumentProvider,
  shallowEqual,
  useClient,
  useDocument,
  useDocumentHandle,
  useDocumentListener,
  useMutation,
  useRedo,
  useTextField,
  useUndo,
  useWidget,
} from "../src/index.js";
import { fakes } from "./fakes.js";

interface Board {
  title: string;
  panels: { title: string }[];
}

function Id() {
  return <p>{useDocumentHandle().id}</p>;
}

it("throws without a provider", () => {
  vi.spyOn(console, "error").mockImplementation(() => {});
  expect(() => renderHook(() => useClient())).toThrow("CoboardProvider");
  expect(() => renderHook(() => useDocumentHandle())).toThrow("DocumentProvider");
  vi.restoreAllMocks();
});

it("leaves as often as it joins, StrictMode included", () => {
  const { client, handle, wrapper } = fakes();
  const { unmount } = renderHook(() => useDocumentHandle().id, { wrapper });
  expect(client.join.mock.calls.length - handle.leave.mock.calls.length).toBe(1);
  unmount();
  expect(client.join.mock.calls.length).toBe(handle.leave.mock.calls.length);
});

it("never shows one Document as another when the id changes", () => {
  const { client } = fakes();
  const tree = (id: string) => (
    <CoboardProvider client={client as never}>
      <DocumentProvider id={id}>
        <Id />
      </DocumentProvider>
    </CoboardProvider>
  );
  const { rerender } = render(tree("d1"));
  expect(screen.getByText("d1")).toBeTruthy();
  rerender(tree("d2"));
  expect(screen.queryByText("d1")).toBeNull();
  expect(screen.getByText("d2")).toBeTruthy();
});

it("is loading, ready or failed", () => {
  const { load, ready, wrapper } = fakes();
  const { result } = renderHook(() => useDocument((board: Board) => board.title), { wrapper });
  expect(result.current).toEqual({ status: "loading", progress: null });
  act(() => load.set({ state: "loading", from: "server", bytes: 5, bytesTotal: 20 }));
  expect(result.current).toEqual({ status: "loading", progress: 0.25 });
  const error = new Error("gone") as never;
  act(() => load.set({ state: "failed", from: "server", bytes: 0, bytesTotal: null, error }));
  expect(result.current).toEqual({ status: "failed", error });
  act(() => ready({ title: "CPU", panels: [] }));
  expect(result.current).toEqual({ status: "ready", value: "CPU" });
});

it("renders only when the selection changes", () => {
  const { content, ready, wrapper } = fakes();
  ready({ title: "CPU", panels: [{ title: "a" }] });
  let renders = 0;
  const { result } = renderHook(
    () => {
      renders += 1;
      return useDocument((board: Board) => board.panels.map(({ title }) => title), shallowEqual);
    },
    { wrapper },
  );
  const before = renders;
  const value = result.current;
  act(() => content.set({ title: "Memory", panels: [{ title: "a" }] }));
  expect(renders).toBe(before);
  expect(result.current).toBe(value);
  act(() => content.set({ title: "Memory", panels: [{ title: "b" }] }));
  expect(result.current).toEqual({ status: "ready", value: ["b"] });
});

it("follows one widget, and says when it is gone", () => {
  const { content, items, ready, wrapper } = fakes();
  items.set("17", { title: "a" });
  ready({});
  const { result } = renderHook(() => useWidget("17", (panel: { title: string }) => panel.title), {
    wrapper,
  });
  expect(result.current).toBe("a");
  act(() => {
    items.set("17", { title: "b" });
    content.set({ changed: true });
  });
  expect(result.current).toBe("b");
  act(() => {
    items.delete("17");
    content.set({ changed: 2 });
  });
  expect(result.current).toBeNull();
});

it("makes one named edit with arguments", () => {
  const { edit, handle, wrapper } = fakes();
  const { result, rerender } = renderHook(
    ({ item }) =>
      useMutation("rename", (change, title: string) => change.set(`@${item}/title`, title), [item]),
    { wrapper, initialProps: { item: "17" } },
  );
  const first = result.current;
  first("CPU");
  expect(handle.edit.mock.calls[0]?.[0]).toBe("rename");
  expect(edit.set).toHaveBeenLastCalledWith("@17/title", "CPU");
  rerender({ item: "17" });
  expect(result.current).toBe(first);
  rerender({ item: "19" });
  result.current("Memory");
  expect(edit.set).toHaveBeenLastCalledWith("@19/title", "Memory");
});

it("gives the text of a path", () => {
  const { wrapper } = fakes();
  const { result } = renderHook(() => useTextField("@17/text"), { wrapper });
  expect(result.current).toMatchObject({ path: "@17/text" });
});

it("undoes and redoes what there is", () => {
  const { handle, redoable, undoable, wrapper } = fakes();
  const { result } = renderHook(() => ({ ...useUndo(), ...useRedo() }), { wrapper });
  expect(result.current).toMatchObject({ canUndo: false, canRedo: false });
  act(() => undoable.set({ count: 1, label: "rename" }));
  expect(result.current).toMatchObject({ canUndo: true, canRedo: false });
  act(() => redoable.set({ count: 1, label: "move" }));
  expect(result.current).toMatchObject({ canRedo: true, label: "move" });
  result.current.undo();
  result.current.redo();
  expect(handle.history.undo).toHaveBeenCalledOnce();
  expect(handle.history.redo).toHaveBeenCalledOnce();
});

it("listens with the newest listener and stops with the component", () => {
  const { events, wrapper } = fakes();
  const seen: string[] = [];
  const { rerender, unmount } = renderHook(
    ({ name }) => useDocumentListener("change", ({ label }) => seen.push(`${name} ${label}`)),
    { wrapper, initialProps: { name: "old" } },
  );
  rerender({ name: "new" });
  events.fire("change", { label: "move" });
  expect(seen).toEqual(["new move"]);
  unmount();
  events.fire("change", { label: "move" });
  expect(seen).toHaveLength(1);
});
