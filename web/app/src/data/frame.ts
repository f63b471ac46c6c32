/** A frame is a table of columns, the one shape in which data reaches a widget. */

export type Cell = number | string | boolean | null;
export type FieldKind = "time" | "number" | "text" | "boolean";

export interface Field {
  readonly name: string;
  readonly kind: FieldKind;
  /** Times are milliseconds since 1970. */
  readonly values: readonly Cell[];
}

export interface Frame {
  readonly refId: string;
  readonly name: string | null;
  readonly fields: readonly Field[];
  readonly rowCount: number;
}

/** The time column, if there is one. */
export function timeField(frame: Frame): Field | null {
  return frame.fields.find((field) => field.kind === "time") ?? null;
}

export function numberFields(frame: Frame): Field[] {
  return frame.fields.filter((field) => field.kind === "number");
}

/** Builds a frame from named columns of raw cells, recognising times and numbers column by column. */
export function frameFromColumns(
  refId: string,
  columns: readonly { name: string; values: readonly Cell[] }[],
): Frame {
  const fields = columns.map((column) => fieldFromCells(column.name, column.values));
  return { refId, name: null, fields, rowCount: fields[0]?.values.length ?? 0 };
}

const ISO_TIME = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const TIME_NAME = /^(time|timestamp|date|ts|_time)$/i;
/** Larger numbers in a column called "time" are milliseconds, smaller ones seconds (the border is the year 2286). */
const SECONDS_MAX = 1e10;

function fieldFromCells(name: string, cells: readonly Cell[]): Field {
  const present = cells.filter((cell) => cell !== null && cell !== "");
  if (present.length > 0) {
    if (present.every((cell) => typeof cell === "string" && ISO_TIME.test(cell.trim()))) {
      return { name, kind: "time", values: cells.map(timeFromText) };
    }
    if (present.every(isNumeric)) {
      const numbers = cells.map(numberFromCell);
      if (TIME_NAME.test(name)) {
        return { name, kind: "time", values: numbers.map((n) => (n === null ? null : millisFromNumber(n))) };
      }
      return { name, kind: "number", values: numbers };
    }
    if (present.every(isBooleanCell)) {
      return { name, kind: "boolean", values: cells.map(booleanFromCell) };
    }
  }
  return { name, kind: "text", values: cells.map((cell) => (cell === null ? null : String(cell))) };
}

function isNumeric(cell: Cell): boolean {
  return typeof cell === "number" || (typeof cell === "string" && NUMBER.test(cell.trim()));
}

function numberFromCell(cell: Cell): number | null {
  if (typeof cell === "number") return Number.isFinite(cell) ? cell : null;
  return typeof cell === "string" && cell.trim() !== "" ? Number(cell) : null;
}

function isBooleanCell(cell: Cell): boolean {
  return typeof cell === "boolean" || cell === "true" || cell === "false";
}

function booleanFromCell(cell: Cell): boolean | null {
  if (typeof cell === "boolean") return cell;
  return cell === "true" ? true : cell === "false" ? false : null;
}

/** A date without a zone is read as UTC, so that everybody sees the same moment. */
function timeFromText(cell: Cell): number | null {
  if (typeof cell !== "string" || cell.trim() === "") return null;
  const text = cell.trim().replace(" ", "T");
  const zoned = text.length > 10 && !/(Z|[+-]\d{2}:?\d{2})$/.test(text) ? `${text}Z` : text;
  const millis = Date.parse(zoned);
  return Number.isNaN(millis) ? null : millis;
}

function millisFromNumber(value: number): number {
  return Math.abs(value) < SECONDS_MAX ? value * 1000 : value;
}
