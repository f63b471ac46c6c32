/** Asks before something that others would notice. */
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { Button } from "./Button";
import styles from "./Dialog.module.css";

export interface ConfirmDialogProps {
  readonly opened: boolean;
  readonly title: string;
  readonly children: ReactNode;
  readonly confirm: string;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

export function ConfirmDialog({ opened, title, children, confirm, onConfirm, onClose }: ConfirmDialogProps) {
  return (
    <Modal opened={opened} onClose={onClose} title={title} size={420} centered withCloseButton={false}>
      <div className={styles.text}>{children}</div>
      <div className={styles.actions}>
        {/* Enter right after the question must not destroy anything. */}
        <Button onClick={onClose} data-autofocus>
          Cancel
        </Button>
        <Button look="danger" onClick={onConfirm}>
          {confirm}
        </Button>
      </div>
    </Modal>
  );
}
