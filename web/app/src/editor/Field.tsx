/** A labelled field with the initials of whoever is in it. */
import type { ItemId, Path, User } from "@coboard/client";
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
    <div
      className={`${styles.field} ${flash ? styles.flash : ""}`}
      data-path={path}
      onFocus={onFocus}
      onBlur={onBlur}
    >
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
        {people.length > 0 && <Editors people={people} told={recent !== null} />}
      </div>
      {children(id)}
    </div>
  );
}

/** Who is editing the field; in words as well, where the room is not taken by what they changed just now. */
function Editors({ people, told }: { readonly people: readonly User[]; readonly told: boolean }) {
  const names = people.map(({ name }) => name).join(", ");
  const words = `${names} ${people.length === 1 ? "is" : "are"} editing this field`;
  return (
    <span className={styles.editors} title={words} data-testid={testIds.fieldEditors}>
      {people.map(({ id, name, color }) => (
        <Avatar key={id} small name={name} color={color} />
      ))}
      <span className={told ? "visually-hidden" : styles.editorsText}>{words}</span>
    </span>
  );
}
