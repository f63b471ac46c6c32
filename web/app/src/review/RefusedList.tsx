/** Changes that the server took back, with the reason: try again, keep in a file, or let go. */
import type { RefusedEntry } from "@coboard/client";
import { useOfflineQueue } from "@coboard/react";
import { testIds } from "../testIds";
import { Button } from "../ui/Button";
import { downloadBlob } from "../ui/download";
import { clock } from "../ui/time";
import { toastProblem } from "../ui/toast";
import styles from "./review.module.css";

export function RefusedList({ refused }: { readonly refused: readonly RefusedEntry[] }) {
  const { exportJson, retry, dismiss } = useOfflineQueue();
  const again = (entry: RefusedEntry) => {
    if (retry(entry.id) === null) {
      toastProblem(
        "retry",
        "It cannot be made again",
        "What it was about is not there any more. Export keeps it.",
      );
    }
  };
  return (
    <section className={styles.section} aria-label="Refused">
      <h3 className={styles.sectionTitle}>Refused</h3>
      <p className={styles.note}>
        These changes were taken back.{" "}
        <Button look="link" onClick={async () => downloadBlob("unsaved-changes", await exportJson())}>
          Export them
        </Button>
      </p>
      {refused.map((entry) => {
        const label = entry.label || "edit";
        return (
          <article
            key={`${entry.id.client} ${entry.id.sequence}`}
            className={styles.card}
            aria-label={`Refused: ${label}`}
            data-testid={testIds.refused}
          >
            <header className={styles.cardHead}>
              <h4 className={styles.cardTitle}>{label}</h4>
              <span className={styles.when}>at {clock(entry.refusedAtMs)}</span>
            </header>
            <p className={styles.why}>{entry.error.message}</p>
            <div className={styles.choices}>
              <Button aria-label={`Try again: ${label}`} onClick={() => again(entry)}>
                Try again
              </Button>
              <Button look="quiet" aria-label={`Dismiss: ${label}`} onClick={() => dismiss(entry.id)}>
                Dismiss
              </Button>
            </div>
          </article>
        );
      })}
    </section>
  );
}
