/** What people did to the Document, in words. */
import type {
  Activity,
  ActivityEntry,
  CoboardError,
  ItemId,
  Loaded,
  Revision,
  UserId,
} from "@coboard/client";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useDocumentHandle } from "./useDocumentHandle.js";
import { useReadable } from "./useReadable.js";

/** Only what was done to this item, or by this person. @public */
export interface ActivityFilter {
  item?: ItemId;
  author?: UserId;
}

/** What {@link useActivity} gives. @public */
export type ActivityList = Loaded<readonly ActivityEntry[]> & {
  /** Reads older entries, if there are any and none are being read. */
  loadMore(): void;
  /** Whether there are older ones. */
  hasMore: boolean;
  /** Whether older ones are being read. */
  isLoadingMore: boolean;
  /** Why the last reading of older ones failed. */
  moreError: CoboardError | null;
};

/** Older entries, and where they end. */
interface Older {
  entries: readonly ActivityEntry[];
  /** Undefined: nothing was read yet; null: this is all. */
  next: Revision | null | undefined;
  state: "idle" | "reading";
  error: CoboardError | null;
}

const NOTHING: Older = { entries: [], next: undefined, state: "idle", error: null };
/** A page may be empty and another one follow, where a filter leaves out much. A guess: some seconds. */
const PAGES_AT_ONCE = 10;

/**
 * What was done, the newest first; kept up to date while mounted.
 *
 * @example
 * const activity = useActivity({ item });
 * @public
 */
export function useActivity({ item, author }: ActivityFilter = {}): ActivityList {
  const { activity } = useDocumentHandle();
  const recent = useReadable(activity.recent);
  const isFiltered = item !== undefined || author !== undefined;
  const { older, readFrom } = useOlder(activity, item, author);

  const entries = useMemo(() => {
    if (recent.status !== "ready") return null;
    const fits = (entry: ActivityEntry) =>
      (item === undefined || entry.item === item) && (author === undefined || entry.actor === author);
    const newest = recent.value.filter(fits);
    const known = new Set(newest.map(({ id }) => id));
    return [...newest, ...older.entries.filter(({ id }) => !known.has(id))].sort((a, b) => b.atMs - a.atMs);
  }, [recent, older.entries, item, author]);

  const next = older.next === undefined ? (isFiltered ? null : activity.older) : older.next;
  const loadMore = useCallback(() => {
    if (older.state === "idle" && next !== null) readFrom(next);
  }, [older.state, next, readFrom]);
  const isReadingFirst = isFiltered && older.next === undefined && older.error === null;
  const list = {
    loadMore,
    hasMore: next !== null,
    isLoadingMore: older.state === "reading",
    moreError: older.error,
  };
  if (recent.status === "failed") return { ...recent, ...list };
  if (entries === null || (isReadingFirst && entries.length === 0)) {
    return { status: "loading", progress: null, ...list };
  }
  return { status: "ready", value: entries, ...list };
}

/** Entries older than those that are kept up to date. With a filter the first of them are read at once. */
function useOlder(activity: Activity, item: ItemId | undefined, author: UserId | undefined) {
  const [older, setOlder] = useState(NOTHING);
  /** Raised with each filter: what was read for another one is not taken. */
  const filter = useRef(0);
  const readFrom = useCallback(
    (from: Revision | undefined) => {
      const asked = filter.current;
      const take = (change: (known: Older) => Older): boolean => {
        if (asked !== filter.current) return false;
        setOlder(change);
        return true;
      };
      const only = {
        ...(item === undefined ? {} : { item }),
        ...(author === undefined ? {} : { author }),
      };
      void readPages(activity, only, from, take);
    },
    [activity, item, author],
  );
  useEffect(() => {
    filter.current += 1;
    setOlder(NOTHING);
    if (item !== undefined || author !== undefined) readFrom(undefined);
    return () => {
      filter.current += 1;
    };
  }, [readFrom, item, author]);
  return { older, readFrom };
}

/** Reads until something is there, the end, or enough pages were empty; `take` says whether it is still wanted. */
async function readPages(
  activity: Activity,
  filter: ActivityFilter,
  from: Revision | undefined,
  take: (change: (known: Older) => Older) => boolean,
): Promise<void> {
  take((known) => ({ ...known, state: "reading", error: null }));
  let before = from;
  for (let pages = 1; ; pages += 1) {
    const page = await activity.list({ ...filter, ...(before === undefined ? {} : { before }) });
    if (!page.ok) {
      take((known) => ({ ...known, state: "idle", error: page.error }));
      return;
    }
    const { entries, next } = page.value;
    const done = entries.length > 0 || next === null || pages === PAGES_AT_ONCE;
    const isWanted = take((known) => ({
      entries: [...known.entries, ...entries],
      next,
      state: done ? "idle" : "reading",
      error: null,
    }));
    if (done || !isWanted) return;
    before = next;
  }
}
