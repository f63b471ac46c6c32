/** What happens when two people change the same thing: the rules of this dashboard, in the place of the editor. */
import type { PathPolicy } from "@coboard/client";
import { useDocumentHandle, useReadable } from "@coboard/react";
import { ArrowUp, Trash2 } from "lucide-react";
import { useEffect, useRef } from "react";
import { useUi, useUiStore } from "../dashboard/uiStore";
import { Choice } from "../editor/Choice";
import { testIds } from "../testIds";
import { announce } from "../ui/announce";
import { Button } from "../ui/Button";
import { IconButton } from "../ui/IconButton";
import { SidePanel } from "../ui/SidePanel";
import { AddRule } from "./AddRule";
import styles from "./policies.module.css";
import { coveredBy, POLICIES, placeLabel, raised, WORDS } from "./rules";
import { usePolicies } from "./usePolicies";

const CHOICES = POLICIES.map((value) => ({ value, label: WORDS[value].label }));

export function PoliciesPanel() {
  return useUi((state) => state.policies) ? <Panel /> : null;
}

function Panel() {
  const ui = useUiStore();
  const top = useRef<HTMLDivElement>(null);
  const { policies, load, save } = usePolicies();
  const role = useReadable(useDocumentHandle().role);
  const editable = role === "editor" || role === "admin";
  useEffect(() => top.current?.focus({ preventScroll: true }), []);
  const close = () => {
    ui.setState({ policies: false });
    document.querySelector<HTMLElement>(`[data-testid="${testIds.policiesButton}"]`)?.focus();
  };
  return (
    <SidePanel
      id="policies"
      title="Policies"
      closeLabel="Close the policies"
      testId={testIds.policiesPanel}
      content={top}
      onClose={close}
    >
      <p className={styles.intro}>
        What happens when two people change the same thing at once. The first rule that matches decides;
        without one the last change wins, and texts merge.
      </p>
      {policies.state === "loading" && <p className={styles.empty}>Loading the rules…</p>}
      {policies.state === "failed" && (
        <div className={styles.empty} role="alert">
          <p>The rules could not be loaded: {policies.message}.</p>
          <Button onClick={() => void load()}>Try again</Button>
        </div>
      )}
      {policies.state === "ready" && (
        <>
          {policies.news && <p className={styles.news}>{policies.news}</p>}
          {policies.problem && (
            <p className={styles.problem} role="alert">
              Not saved: {policies.problem}.
            </p>
          )}
          <Rules
            rules={policies.rules}
            editable={editable}
            onChange={(rules) => save(policies.rules, rules)}
            onEmpty={() => top.current?.focus()}
          />
          {editable ? (
            <AddRule
              rules={policies.rules}
              onAdd={(rule) => save(policies.rules, [...policies.rules, rule])}
            />
          ) : (
            <p className={styles.empty}>You can look at the rules, but not change them.</p>
          )}
        </>
      )}
    </SidePanel>
  );
}

interface RulesProps {
  readonly rules: readonly PathPolicy[];
  readonly editable: boolean;
  readonly onChange: (rules: readonly PathPolicy[]) => void;
  /** A rule took its buttons along. */
  readonly onEmpty: () => void;
}

function Rules({ rules, editable, onChange, onEmpty }: RulesProps) {
  if (rules.length === 0) return <p className={styles.empty}>There are no rules yet.</p>;
  const replace = (index: number, rule: PathPolicy) => onChange(rules.with(index, rule));
  const remove = (index: number) => {
    announce(`Rule removed: ${rules[index]?.path}`);
    onChange(rules.filter((_, at) => at !== index));
    onEmpty();
  };
  return (
    <ol className={styles.rules} aria-label="Rules, the first that matches decides">
      {rules.map((rule, index) => {
        const { path, policy } = rule;
        const place = placeLabel(path);
        const covered = coveredBy(rules.slice(0, index), path);
        return (
          <li key={path} className={styles.rule} data-testid={testIds.rule} data-path={path}>
            <div className={styles.ruleHead}>
              <span className={styles.where}>
                {place && <span className={styles.place}>{place}</span>}
                <code className={styles.path}>{path}</code>
              </span>
              {editable && (
                <>
                  <IconButton
                    small
                    label={`Before the one above: ${path}`}
                    icon={<ArrowUp size={14} />}
                    disabled={index === 0}
                    onClick={() => onChange(raised(rules, index))}
                  />
                  <IconButton
                    small
                    label={`Remove: ${path}`}
                    icon={<Trash2 size={14} />}
                    onClick={() => remove(index)}
                  />
                </>
              )}
            </div>
            {editable ? (
              <Choice
                label={`Policy for ${path}`}
                value={policy}
                choices={CHOICES}
                onChoose={(value) =>
                  replace(index, { path, policy: POLICIES.find((one) => one === value) ?? policy })
                }
              />
            ) : (
              <strong>{WORDS[policy].label}</strong>
            )}
            <p className={covered ? styles.covered : styles.explanation}>
              {covered ?? WORDS[policy].explanation}
            </p>
          </li>
        );
      })}
    </ol>
  );
}
