/** Data anew, now or every so often. The interval is this viewer's own: nothing is saved. */
import { Menu } from "@mantine/core";
import { ChevronDown, RefreshCw } from "lucide-react";
import styles from "../dashboard/page.module.css";
import { useUi, useUiStore } from "../dashboard/uiStore";
import { useBoard } from "../dashboard/useBoard";
import { everyMs, refreshMs } from "../data/timeRange";
import { testIds } from "../testIds";
import { announce } from "../ui/announce";
import { IconButton } from "../ui/IconButton";
import { span } from "../ui/time";

const INTERVALS = ["", "5s", "10s", "30s", "1m", "5m", "15m", "1h"];

const wordOf = (every: number | null) => (every === null ? "Off" : span(every));

export function RefreshButton() {
  const ui = useUiStore();
  const { root } = useBoard();
  const own = useUi((state) => state.refresh);
  const stored = refreshMs(root);
  const every = own === null ? stored : everyMs(own);
  const choose = (refresh: string | null) => {
    ui.setState({ refresh });
    announce(`Refresh: ${wordOf(refresh === null ? stored : everyMs(refresh))}`);
  };
  return (
    <>
      <IconButton
        label="Refresh now"
        icon={<RefreshCw size={14} />}
        onClick={() => {
          ui.setState({ refreshedAtMs: Date.now() });
          announce("Refreshed");
        }}
        data-testid={testIds.refreshNow}
      />
      <Menu position="bottom-start" width={160}>
        <Menu.Target>
          <button
            type="button"
            className={`${styles.rangeButton} ${styles.every} ${own === null ? "" : styles.ownRange}`}
            aria-label={`Refresh: ${wordOf(every)}`}
            data-testid={testIds.refresh}
          >
            {wordOf(every)}
            <ChevronDown size={14} aria-hidden="true" />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {INTERVALS.map((interval) => (
            <Menu.Item key={interval} onClick={() => choose(interval)}>
              {wordOf(everyMs(interval))}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item disabled={own === null} onClick={() => choose(null)}>
            As saved: {wordOf(stored)}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
    </>
  );
}
