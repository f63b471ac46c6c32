/** The rows of a table widget: frames side by side in one grid, sorted where the reader asks. */
import type { Cell, Field, Frame } from "../data/frame";

export interface Sort {
  readonly column: number;
  readonly descending: boolean;
}

/** The columns of all frames: one frame as it is; several with equal columns are put below each other. */
export function tableFields(frames: readonly Frame[]): readonly Field[] {
  const [first, ...rest] = frames;
  if (!first) return [];
  const alike = rest.every(
    (frame) =>
      frame.fields.length === first.fields.length &&
      frame.fields.every((field, index) => field.name === first.fields[index]?.name),
  );
  if (!alike) return first.fields;
  return first.fields.map((field, index) => ({
    ...field,
    values: frames.flatMap((frame) => frame.fields[index]?.values ?? []),
  }));
}

/** Row numbers in the order shown. Absent values come last either way. */
export function rowOrder(fields: readonly Field[], sort: Sort | null): number[] {
  const order = Array.from({ length: fields[0]?.values.length ?? 0 }, (_, index) => index);
  const field = sort ? fields[sort.column] : undefined;
  if (!sort || !field) return order;
  const sign = sort.descending ? -1 : 1;
  return order.sort((a, b) => compareCells(field.values[a] ?? null, field.values[b] ?? null, sign) || a - b);
}

function compareCells(a: Cell, b: Cell, sign: number): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  if (typeof a === "number" && typeof b === "number") return sign * (a - b);
  return sign * String(a).localeCompare(String(b), undefined, { numeric: true });
}
