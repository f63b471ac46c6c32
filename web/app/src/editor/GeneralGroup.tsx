/** Title, type, description. */
import { useDocumentHandle } from "@coboard/react";
import { setValue } from "../dashboard/edits";
import type { WidgetNode } from "../dashboard/model";
import { pathIn } from "../dashboard/paths";
import { testIds } from "../testIds";
import { DRAWN_TYPES, drawnType, typeLabel } from "../widgets/catalogue";
import { BoundText } from "./BoundText";
import { Choice } from "./Choice";
import { Field } from "./Field";
import { Group } from "./Group";

export function GeneralGroup({ node }: { readonly node: WidgetNode }) {
  const handle = useDocumentHandle();
  const { item, type } = node;
  const types = DRAWN_TYPES.map((value) => ({ value: value as string, label: typeLabel(value) }));
  const choices = drawnType(type) === type ? types : [{ value: type, label: typeLabel(type) }, ...types];
  return (
    <Group title="Widget">
      <Field owner={item} path={pathIn(item, "title")} label="Title">
        {(id) => (
          <BoundText
            id={id}
            item={item}
            keys={["title"]}
            label="edit the title"
            testId={testIds.fieldTitle}
          />
        )}
      </Field>
      {!node.isRow && (
        <>
          <Field owner={item} path={pathIn(item, "type")} label="Type">
            {(id) => (
              <Choice
                id={id}
                value={type}
                choices={choices}
                onChoose={(next) =>
                  setValue(handle, item, `make it a ${typeLabel(next).toLowerCase()}`, ["type"], next)
                }
                testId={testIds.fieldType}
              />
            )}
          </Field>
          <Field owner={item} path={pathIn(item, "description")} label="Description">
            {(id) => (
              <BoundText
                id={id}
                item={item}
                keys={["description"]}
                label="edit the description"
                placeholder="Shown at the title"
                multiline
              />
            )}
          </Field>
        </>
      )}
    </Group>
  );
}
