/** The words of a text widget. */
import { useDocumentHandle } from "@coboard/react";
import { setValue } from "../dashboard/edits";
import type { WidgetNode } from "../dashboard/model";
import { pathIn } from "../dashboard/paths";
import { asString, at } from "../data/json";
import { testIds } from "../testIds";
import { Choice } from "./Choice";
import { CodeField } from "./CodeField";
import { Field } from "./Field";
import { Group } from "./Group";

const MODES = [
  { value: "markdown", label: "Markdown" },
  { value: "html", label: "HTML" },
  { value: "code", label: "Plain text" },
];

export function TextGroup({ node }: { readonly node: WidgetNode }) {
  const handle = useDocumentHandle();
  const { item, json } = node;
  const old = asString(at(json, "options", "content")) === undefined && asString(json.content) !== undefined;
  const keys = old ? ["content"] : ["options", "content"];
  const modeKeys = old ? ["mode"] : ["options", "mode"];
  const mode = asString(at(json, ...modeKeys)) ?? "markdown";
  return (
    <Group title="Text">
      <Field owner={item} path={pathIn(item, ...keys)} label="Content">
        {() => (
          <CodeField
            item={item}
            keys={keys}
            label="Content"
            edit="edit the text"
            language={mode === "markdown" ? "markdown" : "plain"}
            minHeight={260}
            testId={testIds.textEditor}
          />
        )}
      </Field>
      <Field owner={item} path={pathIn(item, ...modeKeys)} label="Format">
        {(id) => (
          <Choice
            id={id}
            value={mode}
            choices={MODES}
            onChoose={(next) => setValue(handle, item, "change the format", modeKeys, next)}
          />
        )}
      </Field>
    </Group>
  );
}
