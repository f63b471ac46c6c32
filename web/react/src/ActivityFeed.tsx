/** A feed of what people did, without a look of its own: elements with classes, words that can be replaced. */
import type { ActivityEntry } from "@coboard/client";
import type { ReactNode } from "react";
import { type ActivityFilter, useActivity } from "./useActivity.js";

/** Every word of the feed; others than these for another language. @public */
export interface ActivityStrings {
  /** Who did it, of one's own entries. */
  you: string;
  /** What was done, to be read after the name. */
  did(entry: ActivityEntry): string;
  /** The heading of a day. */
  day(atMs: number, nowMs: number): string;
  ago(atMs: number, nowMs: number): string;
  /** On which device, behind the time. */
  on(device: string): string;
  loading: string;
  empty: string;
  failed: string;
  retry: string;
  more: string;
  loadingMore: string;
  moreFailed: string;
}

const DAY_MS = 86_400_000;
const startOfDay = (ms: number) => new Date(ms).setHours(0, 0, 0, 0);

const ENGLISH: ActivityStrings = {
  you: "You",
  did: ({ text }) => text,
  day: (atMs, nowMs) => {
    const days = Math.round((startOfDay(nowMs) - startOfDay(atMs)) / DAY_MS);
    if (days <= 0) return "Today";
    if (days === 1) return "Yesterday";
    return new Date(atMs).toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });
  },
  ago: (atMs, nowMs) => {
    const minutes = Math.floor((nowMs - atMs) / 60_000);
    if (minutes < 1) return "just now";
    if (minutes < 60) return `${minutes} min ago`;
    return new Date(atMs).toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  },
  on: (device) => `· ${device}`,
  loading: "Loading…",
  empty: "Nothing has been done here yet.",
  failed: "What was done could not be read.",
  retry: "Try again",
  more: "Show older",
  loadingMore: "Loading older…",
  moreFailed: "Older entries could not be read.",
};

/** Settings of a feed. @public */
export interface ActivityFeedProps {
  filter?: ActivityFilter;
  strings?: Partial<ActivityStrings>;
  /** The time that "5 min ago" counts from. */
  nowMs: number;
  /** Somebody chose an entry; without it entries are text. Whether one can be chosen is asked first. */
  onSelect?: (entry: ActivityEntry) => void;
  canSelect?: (entry: ActivityEntry) => boolean;
  /** Called where reading failed and is to be tried again. */
  onRetry?: () => void;
  /** Before each entry, such as a picture of who it was. */
  renderActor?: (entry: ActivityEntry) => ReactNode;
  className?: string;
}

/**
 * What people did, by day.
 *
 * @example
 * <ActivityFeed nowMs={Date.now()} strings={{ you: "Ich", did: auf_deutsch }} onSelect={jump} />
 * @public
 */
export function ActivityFeed(props: ActivityFeedProps) {
  const strings = { ...ENGLISH, ...props.strings };
  const activity = useActivity(props.filter);
  if (activity.status === "loading") {
    return (
      <p className={props.className} data-activity="loading" role="status">
        {strings.loading}
      </p>
    );
  }
  if (activity.status === "failed") {
    return (
      <div className={props.className} data-activity="failed" role="alert">
        <p>{strings.failed}</p>
        {props.onRetry && (
          <button type="button" onClick={props.onRetry}>
            {strings.retry}
          </button>
        )}
      </div>
    );
  }
  const { value, hasMore, isLoadingMore, moreError, loadMore } = activity;
  return (
    <div className={props.className} data-activity="list">
      {value.length === 0 && !hasMore && <p data-activity="empty">{strings.empty}</p>}
      {byDay(value).map((entries) => {
        const [first] = entries;
        const day = first ? strings.day(first.atMs, props.nowMs) : "";
        return (
          <section key={first?.id} aria-label={day}>
            <h3>{day}</h3>
            <ol>
              {entries.map((entry) => (
                <li key={entry.id} data-verb={entry.verb} data-own={entry.own || undefined}>
                  <Entry entry={entry} strings={strings} props={props} />
                </li>
              ))}
            </ol>
          </section>
        );
      })}
      {moreError && <p role="alert">{strings.moreFailed}</p>}
      {hasMore && (
        <button type="button" data-activity="more" disabled={isLoadingMore} onClick={loadMore}>
          {isLoadingMore ? strings.loadingMore : strings.more}
        </button>
      )}
    </div>
  );
}

interface EntryProps {
  readonly entry: ActivityEntry;
  readonly strings: ActivityStrings;
  readonly props: ActivityFeedProps;
}

function Entry({ entry, strings, props }: EntryProps) {
  const { nowMs, onSelect, canSelect, renderActor } = props;
  const content = (
    <>
      {renderActor?.(entry)}
      <span data-activity="sentence">
        <strong>{entry.own ? strings.you : entry.name}</strong> {strings.did(entry)}
      </span>{" "}
      <span data-activity="when">
        <time dateTime={new Date(entry.atMs).toISOString()}>{strings.ago(entry.atMs, nowMs)}</time>
        {entry.device && <> {strings.on(entry.device)}</>}
      </span>
    </>
  );
  if (!onSelect || canSelect?.(entry) === false) return <div data-activity="entry">{content}</div>;
  return (
    <button type="button" data-activity="entry" onClick={() => onSelect(entry)}>
      {content}
    </button>
  );
}

function byDay(entries: readonly ActivityEntry[]): (readonly ActivityEntry[])[] {
  const days = new Map<number, ActivityEntry[]>();
  for (const entry of entries) {
    const day = startOfDay(entry.atMs);
    const known = days.get(day);
    if (known) known.push(entry);
    else days.set(day, [entry]);
  }
  return [...days.values()];
}
