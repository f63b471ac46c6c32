/** Opens what people did; a dot says that there is something new. */
import { useDocumentHandle, useReadable } from "@coboard/react";
import { Activity } from "lucide-react";
import { lazy, Suspense, useEffect } from "react";
import styles from "../dashboard/page.module.css";
import { useUi, useUiStore } from "../dashboard/uiStore";
import { testIds } from "../testIds";
import { IconButton } from "../ui/IconButton";
import { newestOf, noteSeen, unreadOf, useSeen } from "./seen";

const Notices = lazy(() => import("./Notices"));

export function ActivityButton() {
  const ui = useUiStore();
  const { id, activity } = useDocumentHandle();
  const recent = useReadable(activity.recent);
  const opened = useUi((state) => state.activity && !state.review);
  const seen = useSeen(id);
  const entries = recent.status === "ready" ? recent.value : [];
  const unread = unreadOf(entries, seen);
  const newest = newestOf(entries);
  useEffect(() => {
    // Who comes for the first time has missed nothing; who looks at the panel has seen it.
    if (newest > 0 && (seen === undefined || (opened && !document.hidden))) noteSeen(id, newest);
  }, [id, newest, seen, opened]);
  return (
    <>
      <IconButton
        label={unread > 0 ? `Activity, ${unread} new` : "Activity"}
        hint={unread > 0 ? "" : "what people did here"}
        icon={
          <span className={styles.dotted} data-unread={unread > 0 || undefined}>
            <Activity size={16} />
          </span>
        }
        aria-expanded={opened}
        aria-controls="activity"
        onClick={() => ui.setState({ activity: !opened, policies: false, review: false })}
        data-testid={testIds.activityButton}
        data-unread={unread}
      />
      <Suspense fallback={null}>
        <Notices />
      </Suspense>
    </>
  );
}
