/** The keys of Move mode, while it lasts. */
import styles from "./grid.module.css";

const KEYS = [
  ["← ↑ → ↓", "move"],
  ["⇧ + arrows", "resize"],
  ["Enter", "keep"],
  ["Esc", "cancel"],
] as const;

export function MoveHint() {
  return (
    <div className={styles.hint} aria-hidden="true">
      {KEYS.map(([key, what]) => (
        <span key={what}>
          <kbd>{key}</kbd> {what}
        </span>
      ))}
    </div>
  );
}
