/** The time range that is shown, and the way to another one. It is this viewer's own: nothing is saved. */
import { Popover } from "@mantine/core";
import { ChevronDown, Clock } from "lucide-react";
import { lazy, Suspense } from "react";
import styles from "../dashboard/page.module.css";
import { useUi, useUiStore } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { describeRange, type TimeRange } from "../data/timeRange";
import { testIds } from "../testIds";
import { announce } from "../ui/announce";
import { FocusBack, usePopover } from "../ui/usePopover";
import { RefreshButton } from "./RefreshButton";

const RangePanel = lazy(() => import("./RangePanel"));

export function RangeButton() {
  const ui = useUiStore();
  const { root } = useBoard();
  const range = useUi((state) => state.range);
  const { opened, close, popover, button } = usePopover();
  const text = describeRange(range ? { time: { ...range } } : root);
  const choose = (next: TimeRange | null) => {
    ui.setState({ range: next });
    close();
    announce(`Time range: ${describeRange(next ? { time: { ...next } } : root)}`);
  };
  return (
    <span className={styles.range}>
      <Popover {...popover} position="bottom-start" width={320}>
        <Popover.Target>
          <button
            {...button}
            type="button"
            className={`${styles.rangeButton} ${range ? styles.ownRange : ""}`}
            aria-label={`Time range: ${text}`}
            title={
              range ? `Yours alone; the dashboard's is ${describeRange(root)}` : "The dashboard's time range"
            }
            data-testid={testIds.range}
            data-from={range?.from}
            data-to={range?.to}
          >
            <Clock size={14} aria-hidden="true" />
            <span className={styles.rangeText}>{text}</span>
            <ChevronDown size={14} aria-hidden="true" />
          </button>
        </Popover.Target>
        <Popover.Dropdown p={0}>
          <FocusBack />
          <Suspense fallback={null}>
            {opened && <RangePanel range={range} root={root} onChoose={choose} />}
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      <RefreshButton />
    </span>
  );
}
