/** A panel beside the canvas, which it pushes; over it on a tablet, from below on a phone. Escape closes it. */
import { X } from "lucide-react";
import type { KeyboardEvent, ReactNode, RefObject } from "react";
import { useFocusBack } from "./focus";
import { IconButton } from "./IconButton";
import styles from "./SidePanel.module.css";

interface SidePanelProps {
  readonly id: string;
  readonly title: string;
  /** Stands in the head in place of the title alone. */
  readonly head?: ReactNode;
  readonly closeLabel: string;
  readonly testId: string;
  readonly closeTestId?: string;
  /** The part that scrolls; it can have the focus. */
  readonly content: RefObject<HTMLDivElement | null>;
  readonly onClose: () => void;
  /** The content goes to the edges, and has distances of its own. */
  readonly flush?: boolean;
  readonly children: ReactNode;
  /** Stays above what scrolls. */
  readonly bar?: ReactNode;
  /** Stays below what scrolls. */
  readonly foot?: ReactNode;
}

export function SidePanel(props: SidePanelProps) {
  const {
    id,
    title,
    head,
    closeLabel,
    testId,
    closeTestId,
    content,
    onClose,
    flush = false,
    children,
    bar,
    foot,
  } = props;
  useFocusBack();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented || event.nativeEvent.isComposing) return;
    event.preventDefault();
    event.stopPropagation();
    onClose();
  };
  return (
    <aside id={id} className={styles.panel} aria-label={title} onKeyDown={onKeyDown} data-testid={testId}>
      <header className={styles.head}>
        {head ?? <h2>{title}</h2>}
        <IconButton
          label={closeLabel}
          hint="Esc"
          icon={<X size={16} />}
          onClick={onClose}
          data-testid={closeTestId}
        />
      </header>
      {bar}
      <div className={`${styles.scroll} ${flush ? styles.flush : ""}`} ref={content} tabIndex={-1}>
        {children}
      </div>
      {foot}
    </aside>
  );
}
