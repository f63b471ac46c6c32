/** JSON text to a frame: an array of objects (rows), or one object of equally long arrays (columns). */

import type { Json } from "@coboard/client";
import { DataError, type Parsed, ROWS_MAX } from "./csv";
import { type Cell, frameFromColumns } from "./frame";
import { asObject, isObject } from "./json";

export function frameFromJson(refId: string, text: string): Parsed {
  const value = parse(text);
  if (Array.isArray(value)) return fromRows(refId, value);
  if (isObject(value) && Object.values(value).every(Array.isArray)) return fromColumns(refId, value);
  if (isObject(value)) return fromRows(refId, [value]);
  throw new DataError("expected an array of rows, or an object of columns");
}

function parse(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    throw new DataError(error instanceof Error ? error.message : "not valid JSON");
  }
}

function fromRows(refId: string, rows: readonly Json[]): Parsed {
  const kept = rows.slice(0, ROWS_MAX);
  const names: string[] = [];
  for (const row of kept) {
    for (const name of Object.keys(asObject(row))) if (!names.includes(name)) names.push(name);
  }
  const columns =
    names.length > 0
      ? names.map((name) => ({ name, values: kept.map((row) => cell(asObject(row)[name])) }))
      : [{ name: "value", values: kept.map(cell) }];
  return { frame: frameFromColumns(refId, columns), omittedRows: rows.length - kept.length };
}

function fromColumns(refId: string, value: { readonly [key: string]: Json }): Parsed {
  const entries = Object.entries(value).map(([name, list]) => [name, list as readonly Json[]] as const);
  const length = Math.max(0, ...entries.map(([, list]) => list.length));
  const kept = Math.min(length, ROWS_MAX);
  const columns = entries.map(([name, list]) => ({
    name,
    values: Array.from({ length: kept }, (_, index) => cell(list[index])),
  }));
  return { frame: frameFromColumns(refId, columns), omittedRows: length - kept };
}

function cell(value: Json | undefined): Cell {
  if (value === undefined || value === null) return null;
  return typeof value === "object" ? JSON.stringify(value) : value;
}
