/** From which value on which colour holds. */
import type { Json } from "@coboard/client";
import { useDocumentHandle } from "@coboard/react";
import { Plus, X } from "lucide-react";
import { setValue } from "../dashboard/edits";
import type { WidgetNode } from "../dashboard/model";
import { pathIn } from "../dashboard/paths";
import { LEVEL_CHOICES, namedColor } from "../data/colors";
import { asObject, at } from "../data/json";
import { type Step, thresholdsOf } from "../data/thresholds";
import { IconButton } from "../ui/IconButton";
import { Choice } from "./Choice";
import styles from "./editor.module.css";
import { Field } from "./Field";
import { Group } from "./Group";
import { NumberField } from "./NumberField";

const STEPS = ["fieldConfig", "defaults", "thresholds", "steps"] as const;
/** The distance at which a new step is put above the last one. */
const NEXT_STEP = 10;

export function ThresholdsGroup({ node }: { readonly node: WidgetNode }) {
  const handle = useDocumentHandle();
  const { item, json } = node;
  const { steps, mode } = thresholdsOf(asObject(at(json, "fieldConfig", "defaults")));
  const write = (next: readonly Step[]) =>
    setValue(handle, item, "change the thresholds", STEPS, next.map(stored));
  const change = (index: number, part: Partial<Step>) =>
    write(steps.map((step, at) => (at === index ? { ...step, ...part } : step)));
  const add = () => {
    const top = steps[steps.length - 1]?.from ?? Number.NEGATIVE_INFINITY;
    const from = steps.length === 0 ? Number.NEGATIVE_INFINITY : Number.isFinite(top) ? top + NEXT_STEP : 0;
    write([...steps, { from, color: steps.length === 0 ? "green" : "red" }]);
  };
  return (
    <Group
      title={mode === "percentage" ? "Thresholds, in percent of the range" : "Thresholds"}
      action={<IconButton small label="Add a threshold" icon={<Plus size={16} />} onClick={add} />}
    >
      {steps.length === 0 && <p className={styles.hint}>None: numbers have the colour of text.</p>}
      {steps.length > 0 && (
        <Field owner={item} path={pathIn(item, ...STEPS)} label="From this value on">
          {() =>
            steps.map((step, index) => (
              <div key={step.from} className={styles.step}>
                <span
                  className={styles.dot}
                  style={{ background: namedColor(step.color) ?? "var(--faint)" }}
                />
                <Choice
                  label="Colour"
                  value={step.color}
                  choices={LEVEL_CHOICES}
                  onChoose={(color) => change(index, { color })}
                />
                {Number.isFinite(step.from) ? (
                  <NumberField
                    label="From"
                    value={step.from}
                    onCommit={(from) => from !== undefined && change(index, { from })}
                  />
                ) : (
                  <span className={styles.hint}>the start</span>
                )}
                <IconButton
                  small
                  label="Remove this threshold"
                  icon={<X size={14} />}
                  onClick={() => write(steps.filter((_, at) => at !== index))}
                />
              </div>
            ))
          }
        </Field>
      )}
    </Group>
  );
}

function stored({ from, color }: Step, index: number): Json {
  return { color, value: index === 0 && !Number.isFinite(from) ? null : from };
}
