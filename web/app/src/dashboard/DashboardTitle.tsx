/** The dashboard's title, edited where it stands. */
import { useDocumentHandle } from "@coboard/react";
import { useState } from "react";
import { testIds } from "../testIds";
import { focusSoon } from "../ui/focus";
import { renameDashboard } from "./edits";
import styles from "./page.module.css";
import { useBoard } from "./useBoard";

const TITLE_LENGTH_MAX = 200;

export function DashboardTitle() {
  const handle = useDocumentHandle();
  const { title } = useBoard();
  const [draft, setDraft] = useState<string | null>(null);
  if (draft === null) {
    return (
      <h1 style={{ minWidth: 0 }}>
        <button
          type="button"
          className={styles.title}
          title="Rename"
          onClick={() => setDraft(title)}
          data-testid={testIds.dashboardTitle}
        >
          {title || "Untitled"}
        </button>
      </h1>
    );
  }
  const finish = (save: boolean) => {
    const next = draft.trim();
    if (save && next !== "" && next !== title) renameDashboard(handle, next.toWellFormed());
    setDraft(null);
  };
  return (
    <input
      className={styles.title}
      aria-label="Title of the dashboard"
      value={draft}
      maxLength={TITLE_LENGTH_MAX}
      ref={selectAll}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={() => finish(true)}
      onKeyDown={(event) => {
        if (event.key !== "Enter" && event.key !== "Escape") return;
        finish(event.key === "Enter");
        focusSoon(() => document.querySelector<HTMLElement>(`[data-testid="${testIds.dashboardTitle}"]`));
      }}
      data-testid={testIds.dashboardTitle}
    />
  );
}

/** Runs once, when the input appears: the function's identity does not change. */
function selectAll(input: HTMLInputElement | null): void {
  input?.select();
}
