/** Is my work safe? One place, icon and word; a click tells the rest. */
import { useConnectionStatus, useSyncStatus } from "@coboard/react";
import { Popover } from "@mantine/core";
import { CircleAlert, CircleCheck, CloudOff, LoaderCircle, type LucideIcon, RefreshCw } from "lucide-react";
import { useEffect, useRef } from "react";
import { testIds } from "../testIds";
import { alarm, announce } from "../ui/announce";
import { useNow } from "../ui/useNow";
import { type Pill, type PillState, pillOf } from "./pill";
import { StatusDetails } from "./StatusDetails";
import styles from "./sync.module.css";
import { useLastProblem } from "./useLastProblem";

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
  const counting = connection.state === "reconnecting";
  const now = useNow(counting ? 1_000 : null);
  const pill = pillOf(connection, sync, Math.max(now, Date.now()));
  const lastProblem = useLastProblem();
  useSpoken(pill);
  const Icon = ICONS[pill.state];
  return (
    <Popover position="bottom-end" width={348} trapFocus returnFocus>
      <Popover.Target>
        <button
          type="button"
          className={`${styles.pill} ${styles[pill.tone]} num`}
          aria-label={`Sync status: ${pill.text}`}
          data-testid={testIds.statusPill}
          data-state={pill.state}
          data-transport={connection.state === "connected" ? connection.transport : undefined}
          data-pending={sync.pendingCount}
          data-durability={sync.durability}
          data-revision={sync.revision}
          data-via={connection.state === "connected" ? connection.via : undefined}
        >
          <Icon size={15} aria-hidden="true" />
          <span className={styles.word}>{pill.text}</span>
        </button>
      </Popover.Target>
      <Popover.Dropdown p={0}>
        <StatusDetails pill={pill} connection={connection} sync={sync} lastProblem={lastProblem} />
      </Popover.Dropdown>
    </Popover>
  );
}

/** Says changes of state aloud: politely, or at once where unsaved work is at risk. */
function useSpoken({ state, sentence }: Pill): void {
  const last = useRef(state);
  const latest = useRef(sentence);
  useEffect(() => {
    latest.current = sentence;
  });
  useEffect(() => {
    if (last.current === state) return;
    const before = last.current;
    last.current = state;
    if (state === "offline" || state === "blocked") alarm(latest.current);
    else if (before !== "saving" && before !== "connecting" && state !== "saving") announce(latest.current);
  }, [state]);
}
