/** Import of dashboard files: one opens at once, several stay in the list and are counted. */
import type { Client } from "@coboard/client";
import { useClient } from "@coboard/react";
import { notifications } from "@mantine/notifications";
import { useCallback } from "react";
import { useLocation } from "wouter";
import { toastNews, toastProblem } from "../ui/toast";
import styles from "./list.module.css";

/** A larger file is no dashboard. The server has a limit of its own. */
const FILE_BYTES_MAX = 20 * 1024 * 1024;
const TOPIC = "import";

export function useImport(): (files: readonly File[]) => Promise<void> {
  const client = useClient();
  const [, navigate] = useLocation();
  return useCallback(
    async (files) => {
      const made: string[] = [];
      const failed: string[] = [];
      for (const [index, file] of files.entries()) {
        if (files.length > 1) showProgress(index, files.length);
        const outcome = await importOne(client, file);
        if ("id" in outcome) made.push(outcome.id);
        else failed.push(`${file.name}: ${outcome.reason}`);
      }
      notifications.hide(TOPIC);
      if (failed.length > 0) toastProblem("import-failed", "Not imported", failed.join("\n"));
      if (files.length === 1 && made[0]) navigate(`/d/${made[0]}`);
      else if (made.length > 0) toastNews("imported", `${made.length} dashboards imported`);
    },
    [client, navigate],
  );
}

async function importOne(client: Client, file: File): Promise<{ id: string } | { reason: string }> {
  if (file.size > FILE_BYTES_MAX) return { reason: "larger than 20 MB" };
  const result = await client.dashboards.import(await file.text());
  return result.ok ? { id: result.value.id } : { reason: result.error.message };
}

function showProgress(done: number, total: number): void {
  const message = (
    <div
      className={styles.progress}
      role="progressbar"
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      aria-valuetext={`${done} of ${total} imported`}
    >
      <div style={{ width: `${(done / total) * 100}%` }} />
    </div>
  );
  const data = { id: TOPIC, title: `Importing ${done + 1} of ${total}`, message, autoClose: false as const };
  if (done === 0) notifications.show(data);
  else notifications.update(data);
}
