/** Tells what others do: to those who listen all of it, to everybody what is about their own work. */
import type { ActivityEntry, DocumentHandle } from "@coboard/client";
import { useDocumentHandle, useReadable } from "@coboard/react";
import { useEffect, useRef } from "react";
import { type UiStore, useUiStore } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { announce, news } from "../ui/announce";
import { Button } from "../ui/Button";
import { dismissToast, toastAction, toastNews } from "../ui/toast";
import { isThere, jumpTo } from "./jump";
import { noteMade } from "./made";
import { saidOf } from "./said";
import { canTakeBack, takeBack } from "./takeBack";

/** More at once was done while one was away: the panel has it. */
const AT_ONCE_MAX = 5;
/** Whoever is in the same editor sees these being typed. */
const SEEN_WHILE_TYPED: readonly (string | null)[] = ["query", "text", "description"];

export default function Notices() {
  const handle = useDocumentHandle();
  const board = useBoard();
  const ui = useUiStore();
  const latest = useRef(board);
  latest.current = board;
  useNew((entries) => {
    const made = noteMade(handle.id, entries.all);
    // It takes the place of "Bo changed CPU": it says more.
    if (entries.others.length > 0) news.tell("changed", saidOf(entries.others));
    if (entries.others.length > AT_ONCE_MAX) return;
    for (const entry of entries.others) {
      const { editing } = ui.getState();
      if (entry.item === null || !(made.has(entry.item) || entry.item === editing)) continue;
      // The editor itself tells that its widget is gone.
      const isTold =
        entry.item === editing && (entry.verb === "deleted" || SEEN_WHILE_TYPED.includes(entry.part));
      if (!isTold) tell(handle, ui, entry, () => latest.current);
    }
  });
  return null;
}

/** A toast about one's own work: one for each widget, brought up to date in its place. */
function tell(
  handle: DocumentHandle,
  ui: UiStore,
  entry: ActivityEntry,
  board: () => ReturnType<typeof useBoard>,
): void {
  const topic = `activity-${entry.item}`;
  const undo = () => {
    dismissToast(topic);
    if (takeBack(handle, entry)) announce("Taken back");
    else toastNews(topic, "It was not taken back", "It has changed since, or is not there any more.");
  };
  const show = () => {
    dismissToast(topic);
    if (isThere(board(), entry.item)) jumpTo(ui, board(), entry.item);
  };
  toastAction(
    topic,
    `${entry.name} ${entry.text}`,
    <>
      {canTakeBack(entry) && (
        <Button look="link" onClick={undo}>
          Undo
        </Button>
      )}{" "}
      {isThere(board(), entry.item) && (
        <Button look="link" onClick={show}>
          Show
        </Button>
      )}
    </>,
  );
}

interface New {
  /** All that is known. */
  readonly all: readonly ActivityEntry[];
  /** What others have done since the last time, the oldest first. */
  readonly others: readonly ActivityEntry[];
}

/** Calls with what is new; what was there at the beginning is not. */
function useNew(listener: (news: New) => void): void {
  const { activity } = useDocumentHandle();
  const recent = useReadable(activity.recent);
  const known = useRef<ReadonlyMap<string, number> | null>(null);
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    if (recent.status !== "ready") return;
    const before = known.current;
    known.current = new Map(recent.value.map(({ id, count }) => [id, count]));
    const isNew = ({ id, count, own, verb }: ActivityEntry) =>
      before !== null && !own && verb !== "joined" && verb !== "left" && (before.get(id) ?? 0) < count;
    latest.current({ all: recent.value, others: recent.value.filter(isNew).reverse() });
  }, [recent]);
}
