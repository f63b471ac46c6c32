/** Says plainly what can be done without a server, and what cannot. */
import { useClient, useDevice } from "@coboard/react";
import { CloudOff } from "lucide-react";
import { testIds } from "../testIds";
import { Button } from "../ui/Button";
import { clock } from "../ui/time";
import styles from "./list.module.css";

export function OfflineNote() {
  const client = useClient();
  const { status, documents, list } = useDevice();
  return (
    <div className={styles.offline} role="status" data-testid={testIds.offlineNote}>
      <CloudOff size={18} aria-hidden="true" />
      <div>
        <strong>No connection to the server.</strong>{" "}
        {status.state === "unavailable"
          ? `Nothing can be opened: ${status.error.message}.`
          : documents.length === 0
            ? "None of the dashboards is on this device: one is after it was opened here."
            : "What was opened on this device can be read and edited; changes are sent later. Making, importing and deleting dashboards needs the server."}
        {list !== null && ` The list is of ${clock(list.atMs)}.`}
      </div>
      <Button onClick={() => client.reconnect()}>Try again</Button>
    </div>
  );
}
