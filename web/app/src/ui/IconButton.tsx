/** A button with an icon; its label is its tooltip and its accessible name. */
import { Tooltip } from "@mantine/core";
import type { ComponentProps, ReactNode } from "react";
import styles from "./Button.module.css";

export interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  readonly label: string;
  /** Shown after the label in the tooltip, for example a key. */
  readonly hint?: string;
  readonly icon: ReactNode;
  readonly small?: boolean;
}

export function IconButton({ label, hint, icon, small = false, className = "", ...rest }: IconButtonProps) {
  const classes = [styles.button, styles.icon, small ? styles.small : "", className].join(" ");
  return (
    <Tooltip label={hint ? `${label} · ${hint}` : label} openDelay={400} closeDelay={0}>
      <button type="button" aria-label={label} className={classes} {...rest}>
        {icon}
      </button>
    </Tooltip>
  );
}
