/** A button with words. */
import type { ComponentProps } from "react";
import styles from "./Button.module.css";

export interface ButtonProps extends ComponentProps<"button"> {
  readonly look?: "primary" | "outline" | "quiet" | "danger" | "link";
  readonly large?: boolean;
}

export function Button({
  look = "outline",
  large = false,
  className = "",
  type = "button",
  ...rest
}: ButtonProps) {
  const classes = [styles.button, styles[look], large ? styles.large : "", className].join(" ");
  return <button type={type} className={classes} {...rest} />;
}
