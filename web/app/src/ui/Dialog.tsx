/** A dialog: mount it to open it. The focus stays in it while it is open, and goes back when it closes. */
import { Modal } from "@mantine/core";
import type { ReactNode } from "react";
import { useFocusBack } from "./focus";

export interface DialogProps {
  readonly title: string;
  readonly size?: number;
  readonly fullScreen?: boolean;
  /** A cross in the corner, for a dialog without buttons of its own. */
  readonly cross?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

export function Dialog({
  title,
  size = 420,
  fullScreen = false,
  cross = false,
  onClose,
  children,
}: DialogProps) {
  useFocusBack();
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      size={size}
      centered
      fullScreen={fullScreen}
      withCloseButton={cross}
      closeButtonProps={{ "aria-label": "Close" }}
      returnFocus={false}
    >
      {children}
    </Modal>
  );
}
