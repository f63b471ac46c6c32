/** The badge in the header: how much wants a decision. It opens the review and never opens it by itself. */
import { useConflicts, useOfflineQueue } from "@coboard/react";
import { GitPullRequestArrow } from "lucide-react";
import { useEffect, useRef } from "react";
import { useUi, useUiStore } from "../dashboard/uiStore";
import { testIds } from "../testIds";
import { news } from "../ui/announce";
import { cardsOf, countOf } from "./cards";
import styles from "./review.module.css";

export function ReviewButton() {
  const ui = useUiStore();
  const opened = useUi((state) => state.review);
  const { open, older } = useConflicts();
  const { refused } = useOfflineQueue();
  const count = countOf(cardsOf(open)) + refused.length;
  useSpoken(count);
  if (count + older === 0 && !opened) return null;
  const text = count === 1 ? "1 needs review" : `${count} need review`;
  return (
    <button
      type="button"
      className={styles.badge}
      aria-expanded={opened}
      aria-controls="review"
      onClick={() => ui.setState({ review: !opened })}
      data-testid={testIds.reviewButton}
      data-count={count}
    >
      <GitPullRequestArrow size={15} aria-hidden="true" />
      <span className={styles.badgeNumber} aria-hidden="true">
        {count}
      </span>
      <span className={styles.badgeText}>{text}</span>
    </button>
  );
}

/** Says that there is more to look at. */
function useSpoken(count: number): void {
  const last = useRef(count);
  useEffect(() => {
    if (count > last.current)
      news.tell("review", count === 1 ? "1 change needs review" : `${count} changes need review`);
    last.current = count;
  }, [count]);
}
