/** The review: what lost against somebody else, one card a widget, and what was refused. It pushes the canvas. */
import { useConflicts, useHistory, useOfflineQueue } from "@coboard/react";
import { type ReactNode, useEffect, useRef } from "react";
import { useUi, useUiStore } from "../dashboard/uiStore";
import { testIds } from "../testIds";
import { Button } from "../ui/Button";
import { SidePanel } from "../ui/SidePanel";
import { ConflictCard } from "./ConflictCard";
import { cardsOf } from "./cards";
import { RefusedList } from "./RefusedList";
import styles from "./review.module.css";

export function ReviewPanel() {
  const opened = useUi((state) => state.review);
  return opened ? <Panel /> : null;
}

function Panel() {
  const ui = useUiStore();
  const list = useRef<HTMLDivElement>(null);
  const { open, older, dismissOlder } = useConflicts();
  const { refused } = useOfflineQueue();
  const cards = cardsOf(open);
  const away = cards.filter(({ review }) => review !== null);
  const live = cards.filter(({ review }) => review === null);
  const isEmpty = cards.length + refused.length + older === 0;
  useKeptFocus(list, `${open.length} ${refused.length}`);
  const close = () => {
    ui.setState({ review: false });
    document.querySelector<HTMLElement>(`[data-testid="${testIds.reviewButton}"]`)?.focus();
  };
  return (
    <SidePanel
      id="review"
      title="Review"
      closeLabel="Close the review"
      testId={testIds.reviewPanel}
      content={list}
      onClose={close}
      foot={!isEmpty && <UndoLine />}
    >
      {isEmpty && (
        <p className={styles.empty}>
          Nothing to decide. What several people change at once is merged; only what was lost comes here.
        </p>
      )}
      {away.length > 0 && (
        <Section title="While you were away" cards={away}>
          Others changed the same things. What does not clash is saved already.
        </Section>
      )}
      {live.length > 0 && <Section title="Just now" cards={live} />}
      {refused.length > 0 && <RefusedList refused={refused} />}
      {older > 0 && (
        <div className={styles.older}>
          <span>{older} older ones are no longer listed; the history has them.</span>
          <Button look="link" onClick={dismissOlder}>
            Dismiss
          </Button>
        </div>
      )}
    </SidePanel>
  );
}

interface SectionProps {
  readonly title: string;
  readonly cards: ReturnType<typeof cardsOf>;
  readonly children?: ReactNode;
}

function Section({ title, cards, children }: SectionProps) {
  const { resolve } = useConflicts();
  const rows = cards.flatMap((card) => card.rows);
  const all = (take: "theirs" | "mine") => {
    const possible = rows.filter((row) => row.choices[take]).flatMap((row) => row.conflicts);
    resolve(
      possible.map(({ id }) => id),
      { take },
    );
  };
  return (
    <section className={styles.section} aria-label={title}>
      <h3 className={styles.sectionTitle}>{title}</h3>
      {children && <p className={styles.note}>{children}</p>}
      {rows.length > 1 && (
        <div className={styles.similar}>
          <span>All {rows.length} the same way:</span>
          <Button look="link" onClick={() => all("theirs")}>
            all theirs
          </Button>
          <Button look="link" onClick={() => all("mine")}>
            all mine
          </Button>
        </div>
      )}
      {cards.map((card) => (
        <ConflictCard key={card.key} card={card} />
      ))}
    </section>
  );
}

function UndoLine() {
  const history = useHistory();
  return (
    <footer className={styles.foot}>
      Every choice is an ordinary change.
      <Button look="link" onClick={() => void history.undo()}>
        Undo
      </Button>
    </footer>
  );
}

/** Opened: the focus goes there. What was decided takes its buttons along: the focus stays in the review. */
function useKeptFocus(list: { readonly current: HTMLElement | null }, state: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: after each decision
  useEffect(() => {
    const { activeElement } = document;
    if (activeElement === document.body || activeElement === null) {
      const next = list.current?.querySelector<HTMLElement>("button");
      (next ?? list.current)?.focus({ preventScroll: true });
    }
  }, [state]);
  useEffect(() => list.current?.focus({ preventScroll: true }), [list]);
}
