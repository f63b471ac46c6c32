/** A panel beside the canvas, which it pushes; over it on a tablet, from below on a phone. Escape closes it. */
import { X } from "lucide-react";
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import { IconButton } from "./IconButton";
import styles from "./SidePanel.module.css";

interface SidePanelProps {
  readonly id: string;
  readonly title: string;
  readonly closeLabel: string;
  readonly testId: string;
  /** The part that scrolls; it can have the focus. */
  readonly content: RefObject<HTMLDivElement | null>;
  readonly onClose: () => void;
  readonly children: ReactNode;
  /** Stays below what scrolls. */
  readonly foot?: ReactNode;
}

export function SidePanel(props: SidePanelProps) {
  const { id, title, closeLabel, testId, content, onClose, children, foot } = props;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  return (
    <aside id={id} className={styles.panel} aria-label={title} onKeyDown={onKeyDown} data-testid={testId}>
      <header className={styles.head}>
        <h2 className={styles.title}>{title}</h2>
        <IconButton label={closeLabel} hint="Esc" icon={<X size={16} />} onClick={onClose} />
      </header>
      <div className={styles.scroll} ref={content} tabIndex={-1}>
        {children}
      </div>
      {foot}
    </aside>
  );
}
