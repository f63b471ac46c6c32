/** What a widget says when it has nothing to draw: always why. */
import type { ReactNode } from "react";
import styles from "./Message.module.css";

export interface MessageProps {
  readonly icon: ReactNode;
  readonly headline: string;
  readonly problem?: boolean;
  readonly children?: ReactNode;
}

export function Message({ icon, headline, problem = false, children }: MessageProps) {
  return (
    <div className={styles.message}>
      <div className={`${styles.headline} ${problem ? styles.problem : ""}`}>
        {icon}
        <span>{headline}</span>
      </div>
      {children}
    </div>
  );
}

/** Queries as their authors wrote them. */
export function Queries({ queries }: { readonly queries: readonly { refId: string; query: string }[] }) {
  return queries
    .filter(({ query }) => query !== "")
    .map(({ refId, query }) => (
      <pre key={refId} className={styles.query}>
        <span className={styles.ref}>{refId}</span>
        {query}
      </pre>
    ));
}
