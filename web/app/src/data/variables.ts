/**
 * Simple variables of a dashboard: `templating.list` of Grafana, read and put into texts as `$name`, `${name}`,
 * `${name:format}` and `[[name]]`. Nothing is asked of a data source: a query's variable has the options that were
 * stored with it.
 */
import type { Json } from "@coboard/client";
import { asArray, asObject, asString, at, isObject, type JsonObject } from "./json";
import type { Scope, Variable, VariableOption } from "./scope";

/** Grafana's word for every option. */
export const ALL = "$__all";
const KINDS: Readonly<Record<string, Variable["kind"]>> = {
  custom: "choice",
  interval: "choice",
  query: "choice",
  datasource: "choice",
  textbox: "text",
  constant: "fixed",
};
const HIDDEN = 2;

export function variablesOf(root: JsonObject): readonly Variable[] {
  return asArray(at(root, "templating", "list")).flatMap((entry) => {
    const name = asString(at(entry, "name"));
    const kind = KINDS[asString(at(entry, "type")) ?? ""];
    return isObject(entry) && name && kind ? [variableOf(entry, name, kind)] : [];
  });
}

function variableOf(entry: JsonObject, name: string, kind: Variable["kind"]): Variable {
  const listed = asArray(entry.options).map(optionOf).filter(isOption);
  const query = asString(entry.query) ?? "";
  const typed = entry.type === "custom" || entry.type === "interval" ? optionsIn(query) : [];
  const current = optionsOfCurrent(asObject(entry.current));
  const options = listed.length > 0 ? listed : typed.length > 0 ? typed : current;
  const all = entry.includeAll === true && !options.some(({ value }) => value === ALL);
  const first = kind === "choice" ? options.slice(0, 1).map(({ value }) => value) : [query];
  return {
    name,
    label: asString(entry.label) || name,
    kind: entry.hide === HIDDEN ? "fixed" : kind,
    options: all ? [{ text: "All", value: ALL }, ...options] : options,
    multi: entry.multi === true,
    stored: current.length > 0 ? current.map(({ value }) => value) : first,
  };
}

/** "a, b" or "text : value, …". */
function optionsIn(query: string): VariableOption[] {
  const parts = query.split(",").map((part) => part.trim());
  return parts.filter(Boolean).map((part) => {
    const [, text, value] = /^(.+?)\s+:\s+(.+)$/.exec(part) ?? [];
    return { text: text ?? part, value: value ?? part };
  });
}

function optionsOfCurrent({ text, value }: JsonObject): VariableOption[] {
  const values = wordsOf(value);
  const texts = wordsOf(text);
  return values.map((one, index) => ({ text: texts[index] ?? one, value: one }));
}

function wordsOf(value: Json | undefined): string[] {
  return (Array.isArray(value) ? value : [value]).flatMap((one) =>
    typeof one === "string" || typeof one === "number" ? [String(one)] : [],
  );
}

function optionOf(option: Json): VariableOption | null {
  const [value] = wordsOf(at(option, "value"));
  return value === undefined ? null : { value, text: asString(at(option, "text")) ?? value };
}

function isOption(option: VariableOption | null): option is VariableOption {
  return option !== null;
}

interface Chosen {
  readonly variable: Variable;
  readonly values: readonly string[];
}

type Values = ReadonlyMap<string, Chosen>;

/** `null` where the dashboard has no variables: then nothing is looked for in its texts. */
export function scopeOf(root: JsonObject, chosen: Readonly<Record<string, Json>>): Scope | null {
  const variables = variablesOf(root);
  if (variables.length === 0) return null;
  const values: Values = new Map(
    variables.map((variable) => {
      const own = variable.kind === "fixed" ? undefined : chosen[variable.name];
      return [variable.name, { variable, values: own === undefined ? variable.stored : wordsOf(own) }];
    }),
  );
  return {
    variables,
    valuesOf: (name) => values.get(name)?.values ?? [],
    fillText: (text) => fillText(text, values, "text"),
    fillWidget: (widget) => fillWidget(widget, values),
  };
}

const PLACE = /\$(\w+)|\$\{(\w+)(?:\.[^:}]*)?(?::(\w+))?\}|\[\[(\w+)(?::(\w+))?\]\]/g;

function fillText(text: string, scope: Values, format: string): string {
  if (!/[$[]/.test(text)) return text;
  return text.replace(PLACE, (place, plain, braced, bracedFormat, old, oldFormat) => {
    const found = scope.get(plain ?? braced ?? old);
    return found ? formatted(found, bracedFormat ?? oldFormat ?? format) : place;
  });
}

function formatted({ variable, values }: Chosen, format: string): string {
  const { options } = variable;
  const isAll = values.includes(ALL);
  const words = isAll ? options.map(({ value }) => value).filter((value) => value !== ALL) : values;
  if (format === "text") {
    const textOf = (value: string) => options.find((option) => option.value === value)?.text ?? value;
    return isAll ? "All" : words.map(textOf).join(" + ");
  }
  if (words.length === 1) return words[0] ?? "";
  if (format === "csv") return words.join(",");
  if (format === "pipe") return words.join("|");
  return format === "glob" ? `{${words.join(",")}}` : `(${words.join("|")})`;
}

function fillWidget(widget: JsonObject, scope: Values): JsonObject {
  const filled = { ...widget };
  for (const key of ["title", "content", "options"] as const) fillKey(filled, key, scope, "text");
  fillKey(filled, "targets", scope, "regex");
  const changed = Object.keys(filled).some((key) => filled[key] !== widget[key]);
  return changed ? filled : widget;
}

function fillKey(widget: { [key: string]: Json }, key: string, scope: Values, format: string): void {
  const value = widget[key];
  if (value !== undefined) widget[key] = fillJson(value, scope, format);
}

function fillJson(value: Json, scope: Values, format: string): Json {
  if (typeof value === "string") return fillText(value, scope, format);
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => fillJson(item, scope, format));
    return items.every((item, index) => item === value[index]) ? value : items;
  }
  if (!isObject(value)) return value;
  const entries = Object.entries(value).map(([key, item]) => [key, fillJson(item, scope, format)] as const);
  return entries.every(([key, item]) => item === value[key]) ? value : Object.fromEntries(entries);
}
