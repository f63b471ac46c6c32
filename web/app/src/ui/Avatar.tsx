/** A person as a disc with initials in their colour. */
import { initialsOf } from "../identity/names";
import styles from "./Avatar.module.css";

export interface AvatarProps {
  readonly name: string;
  readonly color: string;
  readonly small?: boolean;
  readonly away?: boolean;
}

export function Avatar({ name, color, small = false, away = false }: AvatarProps) {
  const classes = [styles.avatar, small ? styles.small : "", away ? styles.away : ""].join(" ");
  return (
    <span className={classes} style={{ background: color }} aria-hidden="true">
      {initialsOf(name)}
    </span>
  );
}
