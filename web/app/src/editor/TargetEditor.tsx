/** One query: inline data, seeded sample numbers, or the text of a query whose source is not connected. */
import type { ItemId, Json } from "@coboard/client";
import { useDocumentHandle } from "@coboard/react";
import { Trash2 } from "lucide-react";
import { useContext } from "react";
import { setValue } from "../dashboard/edits";
import type { WidgetNode } from "../dashboard/model";
import { pathIn } from "../dashboard/paths";
import { asArray, asNumber, asString, at, type JsonObject } from "../data/json";
import { INLINE, queryText, sourceLabel, sourceType, TESTDATA } from "../data/sources";
import { SCENARIOS } from "../data/testdata";
import { testIds } from "../testIds";
import { IconButton } from "../ui/IconButton";
import { Choice } from "./Choice";
import { CodeField } from "./CodeField";
import styles from "./editor.module.css";
import { Field } from "./Field";
import { NumberField } from "./NumberField";
import { InDraft } from "./useDraft";

export interface TargetEditorProps {
  readonly owner: WidgetNode;
  readonly item: ItemId;
  readonly target: JsonObject;
  readonly position: number;
}

export function TargetEditor({ owner, item, target, position }: TargetEditorProps) {
  const handle = useDocumentHandle();
  const inDraft = useContext(InDraft);
  const refId = asString(target.refId) ?? String.fromCharCode(65 + position);
  const source = sourceType(owner.json, target);
  return (
    <div className={styles.target} data-testid={testIds.target(refId)}>
      <div className={styles.targetHead}>
        <span className={styles.refId}>{refId}</span>
        <span className={styles.source}>{sourceLabel(source)}</span>
        <IconButton
          small
          disabled={inDraft}
          label={`Remove ${refId}`}
          icon={<Trash2 size={14} />}
          onClick={() => handle.edit(`remove query ${refId}`, (edit) => edit.trash(item))}
        />
      </div>
      <div className={styles.fields}>
        {source === INLINE ? (
          <Inline owner={owner} item={item} target={target} />
        ) : source === TESTDATA ? (
          <Sample owner={owner} item={item} target={target} />
        ) : (
          <Query owner={owner} item={item} target={target} source={source} />
        )}
      </div>
    </div>
  );
}

interface PartProps {
  readonly owner: WidgetNode;
  readonly item: ItemId;
  readonly target: JsonObject;
}

function Inline({ owner, item, target }: PartProps) {
  const handle = useDocumentHandle();
  const format = asString(target.format) === "json" ? "json" : "csv";
  return (
    <>
      <Field owner={owner.item} path={pathIn(item, "text")} label="Data">
        {() => (
          <CodeField
            item={item}
            keys={["text"]}
            label="Data"
            edit="edit the data"
            language={format === "json" ? "json" : "plain"}
            minHeight={140}
          />
        )}
      </Field>
      <Field owner={owner.item} path={pathIn(item, "format")} label="Format">
        {(id) => (
          <Choice
            id={id}
            value={format}
            choices={[
              { value: "csv", label: "CSV, first line names the columns" },
              { value: "json", label: "JSON, rows or columns" },
            ]}
            onChoose={(next) => setValue(handle, item, "change the format", ["format"], next)}
          />
        )}
      </Field>
    </>
  );
}

function Sample({ owner, item, target }: PartProps) {
  const handle = useDocumentHandle();
  const set = (label: string, key: string) => (value: Json | undefined) =>
    setValue(handle, item, label, [key], value);
  const number = (label: string, key: string, placeholder: string) => (
    <Field owner={owner.item} path={pathIn(item, key)} label={label}>
      {(id) => (
        <NumberField
          id={id}
          value={asNumber(target[key])}
          placeholder={placeholder}
          onCommit={set(`change ${label.toLowerCase()}`, key)}
        />
      )}
    </Field>
  );
  const own = asArray(target.series).some(
    (series) => at(series, "min") !== undefined || at(series, "max") !== undefined,
  );
  return (
    <>
      <div className={styles.pair}>
        <Field owner={owner.item} path={pathIn(item, "scenario")} label="Shape">
          {(id) => (
            <Choice
              id={id}
              value={asString(target.scenario) ?? "random_walk"}
              choices={SCENARIOS.map((value) => ({ value, label: value.replace("_", " ") }))}
              onChoose={set("change the shape", "scenario")}
            />
          )}
        </Field>
        {number("Seed", "seed", "1")}
        {!own && number("From", "min", "0")}
        {!own && number("To", "max", "100")}
      </div>
      <p className={styles.hint}>The same numbers for everybody, and marked as sample.</p>
    </>
  );
}

function Query({ owner, item, target, source }: PartProps & { readonly source: string }) {
  const query = queryText(target);
  return (
    <>
      {query && (
        <Field owner={owner.item} path={pathIn(item, query.key)} label="Query">
          {() => (
            <CodeField
              item={item}
              keys={[query.key]}
              label="Query"
              edit="edit the query"
              language={query.key === "rawSql" ? "sql" : "plain"}
            />
          )}
        </Field>
      )}
      <p className={styles.hint}>
        {sourceLabel(source).replace(/^./, (letter) => letter.toUpperCase())} is not connected. The query is
        kept and exported.
      </p>
    </>
  );
}
