/** How far a long queue has been sent, or a long absence been caught up with. */
import type { SyncStatus } from "@coboard/client";
import { progressText } from "./pill";
import styles from "./sync.module.css";

export function SyncProgress({ progress }: { readonly progress: SyncStatus["progress"] }) {
  if (progress === null) return null;
  const { done, total } = progress;
  const text = progressText(progress);
  return (
    <div className={`${styles.progress} num`}>
      <span aria-hidden="true">{text}</span>
      <div
        className={styles.bar}
        role="progressbar"
        aria-label="Sync"
        aria-valuemin={0}
        aria-valuemax={total}
        aria-valuenow={done}
        aria-valuetext={text}
      >
        <div style={{ width: `${(done / Math.max(1, total)) * 100}%` }} />
      </div>
    </div>
  );
}
