/** Up to which revision this person has looked at what was done, dashboard by dashboard. Kept on this device. */
import type { ActivityEntry, DocumentId, Revision } from "@coboard/client";
import { createStore, useStore } from "zustand";
import { identity } from "../identity/identity";
import { readStored, writeStored } from "../view/stored";

/** The dashboards looked at last. */
const KEPT_MAX = 100;

type Seen = Readonly<Record<DocumentId, Revision>>;

const key = () => `coboard-activity-seen.${identity().id}`;
const store = createStore<{ seen: Seen | null }>(() => ({ seen: null }));

function seen(): Seen {
  const known = store.getState().seen;
  if (known) return known;
  const stored = readStored("device", key());
  const entries = Object.entries(typeof stored === "object" && stored !== null ? stored : {});
  const read = Object.fromEntries(entries.filter(([, revision]) => typeof revision === "number")) as Seen;
  store.setState({ seen: read });
  return read;
}

/** The newest revision that some entries tell of. */
export function newestOf(entries: readonly ActivityEntry[]): Revision {
  return Math.max(0, ...entries.map(({ revisions }) => revisions?.[1] ?? 0));
}

/** Everything up to here was looked at. */
export function noteSeen(document: DocumentId, revision: Revision): void {
  const { [document]: before = 0, ...others } = seen();
  if (revision <= before) return;
  // The dashboard looked at last comes last: objects keep the order of what was added.
  const kept = Object.entries(others).slice(1 - KEPT_MAX);
  const next = { ...Object.fromEntries(kept), [document]: revision };
  store.setState({ seen: next });
  writeStored("device", key(), next);
}

/** How many entries of others are newer than what was looked at; none of a dashboard never looked at before. */
export function unreadOf(entries: readonly ActivityEntry[], upTo: Revision | undefined): number {
  if (upTo === undefined) return 0;
  return entries.filter(({ own, revisions }) => !own && revisions !== null && revisions[1] > upTo).length;
}

/** Up to which revision it was looked at. */
export function useSeen(document: DocumentId): Revision | undefined {
  return useStore(store, ({ seen: known }) => (known ?? seen())[document]);
}
