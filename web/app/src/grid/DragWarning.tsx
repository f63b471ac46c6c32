/** While one drags: somebody else has moved the widget a moment ago, or holds it at this moment. */
import { useUi } from "../dashboard/uiStore";
import { testIds } from "../testIds";
import styles from "./grid.module.css";

export function DragWarning() {
  const warning = useUi((state) => state.dragWarning);
  if (warning === null) return null;
  return (
    <div className={`${styles.hint} ${styles.warning}`} role="status" data-testid={testIds.dragWarning}>
      {warning}
    </div>
  );
}
