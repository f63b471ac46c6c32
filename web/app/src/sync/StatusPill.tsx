/** Is my work safe? One place, icon and word; a click tells the rest. */
import { useConnectionStatus, useSyncStatus } from "@coboard/react";
import { Popover } from "@mantine/core";
import { CircleAlert, CircleCheck, CloudOff, LoaderCircle, type LucideIcon, RefreshCw } from "lucide-react";
import { useEffect, useRef } from "react";
import { testIds } from "../testIds";
import { alarm, news } from "../ui/announce";
import { useNow } from "../ui/useNow";
import { FocusBack, usePopover } from "../ui/usePopover";
import { type Pill, type PillState, pillOf } from "./pill";
import { StatusDetails } from "./StatusDetails";
import styles from "./sync.module.css";
import { useLastProblem } from "./useLastProblem";

/** What is at risk for longer than this is said at once. */
const RISK_MS = 1_000;

const ICONS: Readonly<Record<PillState, LucideIcon>> = {
  saved: CircleCheck,
  saving: LoaderCircle,
  syncing: RefreshCw,
  offline: CloudOff,
  reconnecting: RefreshCw,
  connecting: LoaderCircle,
  blocked: CircleAlert,
};

export function StatusPill() {
  const connection = useConnectionStatus();
  const sync = useSyncStatus({ smooth: true });
  // The word may come late, the number not.
  const { pendingCount } = useSyncStatus();
  const counting = connection.state === "reconnecting";
  const now = useNow(counting ? 1_000 : null);
  const pill = pillOf(connection, sync, Math.max(now, Date.now()));
  const lastProblem = useLastProblem();
  useSpoken(pill);
  const Icon = ICONS[pill.state];
  const { popover, button } = usePopover();
  return (
    <Popover {...popover} position="bottom-end" width={348}>
      <Popover.Target>
        <button
          {...button}
          type="button"
          className={`${styles.pill} ${styles[pill.tone]} num`}
          aria-label={`Sync status: ${pill.text}`}
          data-testid={testIds.statusPill}
          data-state={pill.state}
          data-transport={connection.state === "connected" ? connection.transport : undefined}
          data-pending={pendingCount}
          data-durability={sync.durability}
          data-revision={sync.revision}
          data-via={connection.state === "connected" ? connection.via : undefined}
        >
          <Icon size={15} aria-hidden="true" />
          <span className={styles.word}>{pill.text}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <FocusBack />
        <StatusDetails pill={pill} connection={connection} sync={sync} lastProblem={lastProblem} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** Says changes of state aloud: politely, or at once where unsaved work is at risk. */
function useSpoken({ state, tone, sentence }: Pill): void {
  const risky = tone === "problem";
  const last = useRef(`${state} ${risky}`);
  const latest = useRef(sentence);
  useEffect(() => {
    latest.current = sentence;
  });
  useEffect(() => {
    const now = `${state} ${risky}`;
    if (last.current === now) return undefined;
    const before = last.current.split(" ")[0];
    last.current = now;
    // For a moment everything is in memory alone, until it is on the device.
    const timer = risky ? setTimeout(() => alarm(latest.current), RISK_MS) : undefined;
    if (!risky && before !== "saving" && before !== "connecting" && state !== "saving")
      news.tell("status", latest.current);
    return () => clearTimeout(timer);
  }, [state, risky]);
}
