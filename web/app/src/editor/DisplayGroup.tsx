/** How numbers are written and scaled. */
import type { Json } from "@coboard/client";
import { useDocumentHandle } from "@coboard/react";
import { setValue } from "../dashboard/edits";
import type { WidgetNode } from "../dashboard/model";
import { pathIn } from "../dashboard/paths";
import { asNumber, asString, at } from "../data/json";
import { UNIT_CHOICES } from "../data/units";
import { Choice } from "./Choice";
import styles from "./editor.module.css";
import { Field } from "./Field";
import { Group } from "./Group";
import { NumberField } from "./NumberField";

const DEFAULTS = ["fieldConfig", "defaults"] as const;

export function DisplayGroup({ node }: { readonly node: WidgetNode }) {
  const handle = useDocumentHandle();
  const { item, json } = node;
  const set = (label: string, key: string) => (value: Json | undefined) =>
    setValue(handle, item, label, [...DEFAULTS, key], value);
  const number = (label: string, key: string) => (
    <Field owner={item} path={pathIn(item, ...DEFAULTS, key)} label={label}>
      {(id) => (
        <NumberField
          id={id}
          value={asNumber(at(json, ...DEFAULTS, key))}
          onCommit={set(`change ${label.toLowerCase()}`, key)}
        />
      )}
    </Field>
  );
  return (
    <Group title="Display">
      <div className={styles.pair}>
        <Field owner={item} path={pathIn(item, ...DEFAULTS, "unit")} label="Unit">
          {(id) => (
            <Choice
              id={id}
              value={asString(at(json, ...DEFAULTS, "unit")) ?? "none"}
              choices={UNIT_CHOICES}
              onChoose={set("change the unit", "unit")}
            />
          )}
        </Field>
        {number("Decimals", "decimals")}
        {number("Min", "min")}
        {number("Max", "max")}
      </div>
    </Group>
  );
}
