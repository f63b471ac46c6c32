/** How many people are in each dashboard. The lobby tells of changes, not of visitors: these are asked for now and then. */
import type { DocumentId } from "@coboard/client";
import { useClient } from "@coboard/react";
import { useEffect, useState } from "react";

const ASK_EVERY_MS = 10_000;

export function useOnline(): ReadonlyMap<DocumentId, number> {
  const client = useClient();
  const [online, setOnline] = useState<ReadonlyMap<DocumentId, number>>(new Map());
  useEffect(() => {
    let current = true;
    const ask = async () => {
      if (document.hidden || client.connection.current.state !== "connected") return;
      const answer = await client.dashboards.list();
      if (current && answer.ok) setOnline(new Map(answer.value.map((board) => [board.id, board.online])));
    };
    const timer = setInterval(() => void ask(), ASK_EVERY_MS);
    return () => {
      current = false;
      clearInterval(timer);
    };
  }, [client]);
  return online;
}
