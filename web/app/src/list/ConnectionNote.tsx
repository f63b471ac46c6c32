/** Says in the list that it may be out of date; silent while the connection is well. */
import { useConnectionStatus } from "@coboard/react";
import { RefreshCw } from "lucide-react";
import styles from "./list.module.css";

export function ConnectionNote() {
  const { state } = useConnectionStatus();
  if (state !== "reconnecting" && state !== "error" && state !== "needs-auth") return null;
  return (
    <span className={styles.note} role="status">
      <RefreshCw size={14} aria-hidden="true" />
      {state === "reconnecting" ? "Reconnecting…" : "Not connected"}
    </span>
  );
}
