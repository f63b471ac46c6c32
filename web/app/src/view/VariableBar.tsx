/** The variables of a dashboard, each with a field. What is chosen is this viewer's own: nothing is saved. */
import { Popover } from "@mantine/core";
import { ChevronDown } from "lucide-react";
import { useUiStore } from "../dashboard/uiStore";
import type { Scope, Variable } from "../data/scope";
import { ALL } from "../data/variables";
import { testIds } from "../testIds";
import { announce } from "../ui/announce";
import { FocusBack, usePopover } from "../ui/usePopover";
import styles from "./variables.module.css";

export default function VariableBar({ scope }: { readonly scope: Scope }) {
  const ui = useUiStore();
  const choose = ({ name, label }: Variable, value: string | readonly string[]) => {
    ui.setState(({ variables }) => ({ variables: { ...variables, [name]: value } }));
    announce(`${label}: ${typeof value === "string" ? value : value.join(", ")}`);
  };
  return scope.variables.map((variable) => {
    const { name, kind, multi } = variable;
    const values = scope.valuesOf(name);
    if (kind === "fixed") return null;
    const field = {
      variable,
      values,
      onChoose: (value: string | readonly string[]) => choose(variable, value),
    };
    if (kind === "text") return <Typed key={name} {...field} />;
    return multi ? <Several key={name} {...field} scope={scope} /> : <One key={name} {...field} />;
  });
}

interface FieldProps {
  readonly variable: Variable;
  readonly values: readonly string[];
  readonly onChoose: (value: string | readonly string[]) => void;
}

function One({ variable, values, onChoose }: FieldProps) {
  const value = values[0] ?? "";
  const known = variable.options.some((option) => option.value === value);
  const options = known ? variable.options : [{ text: value, value }, ...variable.options];
  return (
    <label className={styles.variable}>
      <span>{variable.label}</span>
      <select
        value={value}
        onChange={(event) => onChoose(event.currentTarget.value)}
        data-testid={testIds.variable(variable.name)}
      >
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.text}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Taken when somebody is done typing: each letter would ask for all data anew. */
function Typed({ variable, values, onChoose }: FieldProps) {
  const value = values[0] ?? "";
  return (
    <label className={styles.variable}>
      <span>{variable.label}</span>
      <input
        key={value}
        defaultValue={value}
        size={12}
        maxLength={1_000}
        autoComplete="off"
        spellCheck={false}
        onBlur={({ currentTarget }) => currentTarget.value === value || onChoose(currentTarget.value)}
        onKeyDown={({ key, currentTarget }) => key === "Enter" && currentTarget.blur()}
        data-testid={testIds.variable(variable.name)}
      />
    </label>
  );
}

function Several({ variable, values, scope, onChoose }: FieldProps & { readonly scope: Scope }) {
  const { opened, popover, button } = usePopover();
  const toggle = (value: string) => {
    const others = values.filter((one) => one !== value && one !== ALL && value !== ALL);
    const next = values.includes(value) ? others : [...others, value];
    if (next.length > 0) onChoose(next);
  };
  return (
    <Popover {...popover} position="bottom-start">
      <Popover.Target>
        <button
          {...button}
          type="button"
          className={styles.variable}
          aria-expanded={opened}
          data-testid={testIds.variable(variable.name)}
        >
          <span>{variable.label}</span>
          <span className={styles.several}>{scope.fillText(`\${${variable.name}}`)}</span>
          <ChevronDown size={14} aria-hidden="true" />
        </button>
      </Popover.Target>
      <Popover.Dropdown p={6}>
        <FocusBack />
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset draws a frame of its own */}
        <div role="group" aria-label={variable.label} className={styles.options}>
          {variable.options.map(({ text, value }) => (
            <label key={value}>
              <input type="checkbox" checked={values.includes(value)} onChange={() => toggle(value)} />
              {text}
            </label>
          ))}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
