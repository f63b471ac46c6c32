/** A new rule at the end: a place and what happens there. */
import type { PathPolicy, Policy } from "@coboard/client";
import { useDocumentHandle } from "@coboard/react";
import { type SubmitEvent, useId, useState } from "react";
import { Choice } from "../editor/Choice";
import fields from "../editor/editor.module.css";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { useDraft } from "../view/drafts";
import styles from "./policies.module.css";
import { PLACES, POLICIES, WORDS, whyNot } from "./rules";

const CHOICES = POLICIES.map((value) => ({ value, label: WORDS[value].label }));

export interface AddRuleProps {
  readonly rules: readonly PathPolicy[];
  readonly onAdd: (rule: PathPolicy) => Promise<boolean>;
}

export function AddRule({ rules, onAdd }: AddRuleProps) {
  const id = useId();
  const { id: document } = useDocumentHandle();
  const [path, setPath, forgetPath] = useDraft(`rule.${document}`, "");
  const [policy, setPolicy] = useState<Policy>("manual");
  /** Said after the first try, not while somebody types. */
  const [tried, setTried] = useState(false);
  const problem = whyNot(path.trim(), rules);
  const add = async (event: SubmitEvent) => {
    event.preventDefault();
    setTried(problem !== null);
    if (problem !== null) return;
    if (await onAdd({ path: path.trim(), policy })) {
      announce(`Rule added: ${path.trim()}`);
      setPath("");
      forgetPath();
    }
  };
  return (
    <form className={styles.add} aria-label="Add a rule" onSubmit={(event) => void add(event)}>
      <h3 className={styles.addTitle}>Add a rule</h3>
      <label className={styles.label} htmlFor={`${id}path`}>
        For
      </label>
      <input
        id={`${id}path`}
        className={fields.input}
        value={path}
        placeholder="/panels/*/title"
        list={`${id}places`}
        autoComplete="off"
        spellCheck={false}
        aria-invalid={tried && problem !== null}
        aria-describedby={`${id}hint`}
        onChange={(event) => {
          setPath(event.currentTarget.value);
          setTried(false);
        }}
      />
      <datalist id={`${id}places`}>
        {PLACES.map((place) => (
          <option key={place.path} value={place.path}>
            {place.label}
          </option>
        ))}
      </datalist>
      <p
        id={`${id}hint`}
        className={tried && problem ? styles.problem : styles.explanation}
        aria-live="polite"
      >
        {tried && problem
          ? problem
          : "A path in the dashboard's JSON: * is any one key or place in a list, ** any number of them."}
      </p>
      <label className={styles.label} htmlFor={`${id}policy`}>
        Policy
      </label>
      <Choice
        id={`${id}policy`}
        value={policy}
        choices={CHOICES}
        onChoose={(value) => setPolicy(POLICIES.find((one) => one === value) ?? policy)}
      />
      <p className={styles.explanation}>{WORDS[policy].explanation}</p>
      <Button look="primary" type="submit">
        Add
      </Button>
    </form>
  );
}
