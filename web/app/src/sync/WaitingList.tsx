/** What waits for the server by widget, with its age, and what was given up. */
import type { QueueEntry, RefusedEntry } from "@coboard/client";
import { useDocumentHandle, useOfflineQueue } from "@coboard/react";
import { RotateCcw, Undo2, X } from "lucide-react";
import { useMemo } from "react";
import { nameOf } from "../dashboard/model";
import { useBoard } from "../dashboard/useBoard";
import { testIds } from "../testIds";
import { announce } from "../ui/announce";
import { IconButton } from "../ui/IconButton";
import { clock, span } from "../ui/time";
import { toastProblem } from "../ui/toast";
import { useNow } from "../ui/useNow";
import styles from "./sync.module.css";
import { groupsOf, headOf } from "./waiting";

/** A longer list tells nobody more. */
const SHOWN_MAX = 50;

export function WaitingList() {
  const handle = useDocumentHandle();
  const { byItem } = useBoard();
  const { entries } = useOfflineQueue();
  const now = useNow(1_000);
  // Ages are as of the moment at which the list was made.
  // biome-ignore lint/correctness/useExhaustiveDependencies: another list, another moment
  const madeAt = useMemo(() => Date.now(), [entries]);
  const groups = groupsOf(
    entries.slice(0, SHOWN_MAX),
    (item) => byItem.has(item),
    (item) => headOf(handle.placeOf(item)?.list ?? ""),
  );
  if (entries.length === 0) return null;
  return (
    <section className={styles.section} aria-label="Waiting to be saved">
      <h3 className={styles.sectionTitle}>
        Waiting to be saved <span className="num">{entries.length}</span>
      </h3>
      {groups.map(({ item, entries: of }) => {
        const widget = item === null ? undefined : byItem.get(item);
        return (
          <div key={item ?? "dashboard"} className={styles.group} data-testid={testIds.waitingGroup}>
            <h4 className={styles.groupTitle}>{widget ? nameOf(widget) : "Dashboard"}</h4>
            <ul className={styles.list}>
              {of.map((entry) => (
                <Waiting key={keyOf(entry)} entry={entry} ageMs={entry.ageMs + Math.max(0, now - madeAt)} />
              ))}
            </ul>
          </div>
        );
      })}
      {entries.length > SHOWN_MAX && (
        <p className={styles.more}>and {entries.length - SHOWN_MAX} newer ones</p>
      )}
    </section>
  );
}

function Waiting({ entry, ageMs }: { readonly entry: QueueEntry; readonly ageMs: number }) {
  const { discard } = useOfflineQueue();
  const label = entry.label || "edit";
  const give = () => {
    discard(entry.id);
    announce(`Discarded: ${label}`);
  };
  return (
    <li className={styles.entry}>
      <span className={styles.label} title={label}>
        {label}
      </span>
      <span className={`${styles.age} num`}>
        {entry.durability === "device" ? "" : "in this tab only, "}
        {span(ageMs)}
      </span>
      <IconButton
        small
        label={entry.discardable ? `Discard: ${label}` : `On its way: ${label}`}
        hint={entry.discardable ? "takes it back, never sent" : "undo takes it back"}
        icon={<Undo2 size={14} />}
        aria-disabled={!entry.discardable}
        className={entry.discardable ? "" : styles.fixed}
        onClick={() => entry.discardable && give()}
      />
    </li>
  );
}

export function DiscardedList() {
  const { discarded, retry, dismiss } = useOfflineQueue();
  if (discarded.length === 0) return null;
  const again = (entry: RefusedEntry) => {
    if (retry(entry.id) === null) {
      toastProblem("retry", "It cannot be made again", "What it was about is not there any more.");
    }
  };
  return (
    <section className={styles.section} aria-label="Discarded">
      <h3 className={styles.sectionTitle}>
        Discarded <span className="num">{discarded.length}</span>
      </h3>
      <ul className={styles.list}>
        {discarded.slice(-SHOWN_MAX).map((entry) => (
          <li key={keyOf(entry)} className={styles.entry}>
            <span className={styles.label} title={entry.label}>
              {entry.label || "edit"}
            </span>
            <span className={`${styles.age} num`}>at {clock(entry.refusedAtMs)}</span>
            <IconButton
              small
              label={`Make again: ${entry.label || "edit"}`}
              icon={<RotateCcw size={14} />}
              onClick={() => again(entry)}
            />
            <IconButton
              small
              label={`Dismiss: ${entry.label || "edit"}`}
              icon={<X size={14} />}
              onClick={() => dismiss(entry.id)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

function keyOf({ id }: { readonly id: QueueEntry["id"] }): string {
  return `${id.client} ${id.sequence}`;
}
