/** A page or a region that has nothing to show says so here: one sentence and what to do next. */
import type { ReactNode } from "react";
import styles from "./State.module.css";

export interface StateProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}

export function State({ title, children, actions }: StateProps) {
  return (
    <div className={styles.state}>
      <h2 className={styles.title}>{title}</h2>
      {children && <div className={styles.text}>{children}</div>}
      {actions && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
