/** After five seconds without a connection: what that means, and a way to try at once. */
import { useClient, useLostConnectionListener } from "@coboard/react";
import { CloudOff } from "lucide-react";
import { useState } from "react";
import styles from "../dashboard/page.module.css";
import { Button } from "../ui/Button";

export function LostBanner() {
  const client = useClient();
  const [lost, setLost] = useState(false);
  useLostConnectionListener((event) => setLost(event === "lost"));
  if (!lost) return null;
  return (
    <div className={styles.banner}>
      <CloudOff size={16} />
      <span>The connection is lost. You can go on: your changes wait in this tab.</span>
      <Button look="quiet" onClick={() => client.reconnect()}>
        Retry now
      </Button>
    </div>
  );
}
