/** An editor for longer texts, fetched when the first of them is opened. */
import type { ItemId } from "@coboard/client";
import { lazy, Suspense } from "react";
import styles from "./editor.module.css";

const CodeEditor = lazy(() => import("./code/CodeEditor"));

export interface CodeFieldProps {
  readonly item: ItemId;
  readonly keys: readonly string[];
  readonly label: string;
  /** What undo calls it. */
  readonly edit: string;
  readonly language: "markdown" | "json" | "sql" | "plain";
  readonly minHeight?: number;
  readonly testId?: string;
}

export function CodeField({ minHeight = 96, testId, ...rest }: CodeFieldProps) {
  return (
    <div className={styles.code} style={{ minHeight }} data-testid={testId}>
      <Suspense fallback={null}>
        <CodeEditor
          key={`${rest.item} ${rest.keys.join("/")} ${rest.language}`}
          minHeight={minHeight}
          {...rest}
        />
      </Suspense>
    </div>
  );
}
