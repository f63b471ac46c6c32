/** One of several, with the browser's own list. A value that is not among them is kept and shown as it is. */
import styles from "./editor.module.css";

export interface ChoiceProps {
  readonly id?: string;
  readonly label?: string;
  readonly value: string;
  readonly choices: readonly { readonly value: string; readonly label: string }[];
  readonly onChoose: (value: string) => void;
  readonly testId?: string;
}

export function Choice({ id, label, value, choices, onChoose, testId }: ChoiceProps) {
  const known = choices.some((choice) => choice.value === value);
  return (
    <select
      id={id}
      aria-label={label}
      className={styles.input}
      value={value}
      onChange={(event) => onChoose(event.currentTarget.value)}
      data-testid={testId}
    >
      {!known && <option value={value}>{value}</option>}
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}
