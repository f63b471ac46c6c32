/** Fields that belong together. */
import type { ReactNode } from "react";
import styles from "./editor.module.css";

export interface GroupProps {
  readonly title: string;
  readonly action?: ReactNode;
  readonly children: ReactNode;
}

export function Group({ title, action, children }: GroupProps) {
  return (
    <section className={styles.group} aria-label={title}>
      <h3 className={styles.groupTitle}>
        {title}
        {action}
      </h3>
      <div className={styles.fields}>{children}</div>
    </section>
  );
}
