/** Asks for one line of text. */
import { TextInput } from "@mantine/core";
import { useState } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import styles from "./Dialog.module.css";

export interface TextDialogProps {
  readonly title: string;
  readonly label: string;
  readonly initial: string;
  readonly confirm: string;
  readonly maxLength?: number;
  readonly onConfirm: (text: string) => void;
  readonly onClose: () => void;
}

/** Mount it to open it. */
export function TextDialog({
  title,
  label,
  initial,
  confirm,
  maxLength = 200,
  onConfirm,
  onClose,
}: TextDialogProps) {
  const [text, setText] = useState(initial);
  const ready = text.trim() !== "";
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (ready) onConfirm(text.trim());
        }}
      >
        <TextInput
          label={label}
          value={text}
          maxLength={maxLength}
          onChange={(event) => setText(event.currentTarget.value)}
          data-autofocus
        />
        <div className={styles.actions}>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" disabled={!ready}>
            {confirm}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
