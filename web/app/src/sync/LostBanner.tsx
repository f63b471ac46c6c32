/** After five seconds without a connection: what that means, and a way to try at once. */
import { useClient, useLostConnectionListener, useSyncStatus } from "@coboard/react";
import { CloudOff } from "lucide-react";
import { useState } from "react";
import styles from "../dashboard/page.module.css";
import { Button } from "../ui/Button";

export function LostBanner() {
  const client = useClient();
  const [lost, setLost] = useState(false);
  useLostConnectionListener((event) => setLost(event === "lost"));
  const { durability } = useSyncStatus();
  if (!lost) return null;
  return (
    <div className={styles.banner}>
      <CloudOff size={16} />
      <span>
        The connection is lost. You can go on: your changes{" "}
        {durability === "memory" ? "wait in this tab, keep it open." : "are kept on this device."}
      </span>
      <Button look="quiet" onClick={() => client.reconnect()}>
        Retry now
      </Button>
    </div>
  );
}
