/** Quick time ranges, and one's own from and to. Loaded when it is first opened. */
import { type KeyboardEvent, type SubmitEvent, useEffect, useId, useRef, useState } from "react";
import type { JsonObject } from "../data/json";
import { describeRange, rangeOf, type TimeRange } from "../data/timeRange";
import fields from "../editor/editor.module.css";
import { testIds } from "../testIds";
import { Button } from "../ui/Button";
import styles from "./range.module.css";
import { QUICK_RANGES, toType, typedRange } from "./ranges";

export interface RangePanelProps {
  /** `null`: the dashboard's own. */
  readonly range: TimeRange | null;
  readonly root: JsonObject;
  readonly onChoose: (range: TimeRange | null) => void;
}

export default function RangePanel({ range, root, onChoose }: RangePanelProps) {
  const id = useId();
  const own = rangeOf(root);
  const [from, setFrom] = useState(toType((range ?? own).from));
  const [to, setTo] = useState(toType((range ?? own).to));
  /** Said after a try, not while somebody types. */
  const [problem, setProblem] = useState<string | null>(null);
  const quickRanges = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const find = (selector: string) => quickRanges.current?.querySelector<HTMLElement>(selector);
    (find("[aria-pressed='true']") ?? find("[data-index='0']"))?.focus();
  }, []);
  const apply = (event: SubmitEvent) => {
    event.preventDefault();
    const typed = typedRange(from, to, Date.now());
    if (typeof typed === "string") setProblem(typed);
    else onChoose(typed);
  };
  const field = (name: string, value: string, take: (text: string) => void) => (
    <label className={styles.field}>
      <span>{name}</span>
      <input
        className={fields.input}
        value={value}
        maxLength={64}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={problem !== null}
        aria-describedby={`${id}hint`}
        onChange={(event) => {
          take(event.currentTarget.value);
          setProblem(null);
        }}
      />
    </label>
  );
  return (
    <div className={styles.panel} role="dialog" aria-label="Time range" data-testid={testIds.rangePanel}>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid everywhere */}
      <div
        ref={quickRanges}
        className={styles.quick}
        role="group"
        aria-label="Quick ranges"
        onKeyDown={onArrows}
      >
        {QUICK_RANGES.map((quick, index) => {
          const isShown = (range ?? own).from === quick.from && (range ?? own).to === quick.to;
          return (
            <button
              key={quick.from}
              type="button"
              className={styles.quickRange}
              aria-pressed={isShown}
              data-autofocus={isShown || undefined}
              data-index={index}
              onClick={() => onChoose(quick)}
            >
              {describeRange({ time: { ...quick } })}
            </button>
          );
        })}
      </div>
      <form className={styles.typed} onSubmit={apply}>
        {field("From", from, setFrom)}
        {field("To", to, setTo)}
        <p id={`${id}hint`} className={problem ? styles.problem : styles.hint} aria-live="polite">
          {problem ?? "now-36h, now, or a date as 2026-11-23 08:00"}
        </p>
        <div className={styles.actions}>
          <Button
            look="quiet"
            disabled={range === null}
            title={range === null ? "It is shown" : undefined}
            onClick={() => onChoose(null)}
          >
            As saved: {describeRange({ time: { ...own } })}
          </Button>
          <Button look="primary" type="submit">
            Show
          </Button>
        </div>
      </form>
    </div>
  );
}

const STEPS: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 3, ArrowUp: -3 };

/** Arrows go from range to range; there are three in a line. */
function onArrows(event: KeyboardEvent<HTMLElement>): void {
  const step = STEPS[event.key];
  const target = event.target as HTMLElement;
  if (step === undefined || target.dataset.index === undefined) return;
  event.preventDefault();
  const next = Number(target.dataset.index) + step;
  event.currentTarget.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus();
}
