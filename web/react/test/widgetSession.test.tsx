/** Being at a widget, and writing into a draft of it. */
import type { Contention, DocumentHandle, ForeignDraft, Participant } from "@coboard/client";
import { act, renderHook } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { HandleProvider, useDocumentHandle, useWidgetSession } from "../src/index.js";
import { fakes, peer, Value } from "./fakes.js";

function at() {
  const all = fakes();
  const session = {
    participants: new Value<readonly Participant[]>([]),
    contention: new Value<Contention>({ level: "free", users: [], lastEditMs: null }),
    drafts: new Value<readonly ForeignDraft[]>([]),
    open: vi.fn(),
    close: vi.fn(),
  };
  const widget = vi.fn((_item: string) => session);
  Object.assign(all.handle, { widget });
  return { ...all, session, widget };
}

it("opens a widget while it is mounted, and gives who else is there", () => {
  const { session, widget, wrapper } = at();
  const { result, unmount } = renderHook(() => useWidgetSession("17"), { wrapper });
  expect(widget).toHaveBeenLastCalledWith("17");
  const here = () => session.open.mock.calls.length - session.close.mock.calls.length;
  expect(here()).toBe(1);
  const ben = { user: peer("ben").user, field: "@17/title", sinceMs: 5, activity: "active" as const };
  act(() => {
    session.participants.set([ben]);
    session.contention.set({ level: "same-widget", users: ["ben"], lastEditMs: null });
    session.drafts.set([{ user: ben.user, values: null, preview: null }]);
  });
  expect(result.current.participants).toEqual([ben]);
  expect(result.current.contention.level).toBe("same-widget");
  expect(result.current.drafts).toHaveLength(1);
  unmount();
  expect(here()).toBe(0);
});

it("hands another handle to the hooks below", () => {
  const { wrapper: Outer } = at();
  const draft = { id: "draft" } as DocumentHandle;
  const { result } = renderHook(() => useDocumentHandle(), {
    wrapper: ({ children }) => (
      <Outer>
        <HandleProvider handle={draft}>{children}</HandleProvider>
      </Outer>
    ),
  });
  expect(result.current).toBe(draft);
});
