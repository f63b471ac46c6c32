/** A number, written when the field is left; empty means automatic. */
import { useState } from "react";
import styles from "./editor.module.css";

export interface NumberFieldProps {
  readonly id?: string;
  readonly label?: string;
  readonly value: number | undefined;
  readonly placeholder?: string;
  readonly onCommit: (value: number | undefined) => void;
}

export function NumberField({ id, label, value, placeholder = "auto", onCommit }: NumberFieldProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const commit = () => {
    if (draft === null) return;
    setDraft(null);
    const text = draft.trim().replace(",", ".");
    const next = text === "" ? undefined : Number(text);
    if (next !== value && (next === undefined || Number.isFinite(next))) onCommit(next);
  };
  return (
    <input
      id={id}
      aria-label={label}
      className={`${styles.input} num`}
      inputMode="decimal"
      placeholder={placeholder}
      value={draft ?? value ?? ""}
      onChange={(event) => setDraft(event.currentTarget.value)}
      onBlur={commit}
      onKeyDown={(event) => {
        if (event.key === "Enter") commit();
        if (event.key !== "Escape" || draft === null) return;
        // What is typed is taken back first; the next one closes the editor.
        event.preventDefault();
        setDraft(null);
      }}
    />
  );
}
