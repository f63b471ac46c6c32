/** A labelled field with the initials of whoever is in it. */
import type { ItemId, Path } from "@coboard/client";
import { useLastEdit } from "@coboard/react";
import { type ReactNode, useId } from "react";
import { justChanged, justNow } from "../review/words";
import { testIds } from "../testIds";
import { Avatar } from "../ui/Avatar";
import styles from "./editor.module.css";
import { useFieldPresence } from "./useFieldPresence";

export interface FieldProps {
  readonly owner: ItemId;
  readonly path: Path;
  readonly label: string;
  /** Gets the id that the label points to. */
  readonly children: (id: string) => ReactNode;
}

export function Field({ owner, path, label, children }: FieldProps) {
  const id = useId();
  const { people, flash, onFocus, onBlur } = useFieldPresence(owner, path);
  const recent = useLastEdit(path);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it listens to the focus of what is inside it
    <div className={`${styles.field} ${flash ? styles.flash : ""}`} onFocus={onFocus} onBlur={onBlur}>
      <div className={styles.label}>
        <label htmlFor={id}>{label}</label>
        {recent && (
          <span
            className={styles.recent}
            title={justChanged(recent, "changed")}
            data-testid={testIds.fieldWarning}
          >
            {justNow(recent)}
          </span>
        )}
        {people.map((person) => (
          <span key={person.id} title={`${person.name} is here`}>
            <Avatar small name={person.name} color={person.color} />
          </span>
        ))}
      </div>
      {children(id)}
    </div>
  );
}
