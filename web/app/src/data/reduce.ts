/** One number out of many: the calculations of Grafana's `reduceOptions.calcs`. */
import type { Cell } from "./frame";

export const CALCULATIONS = [
  "lastNotNull",
  "last",
  "first",
  "mean",
  "min",
  "max",
  "sum",
  "count",
  "range",
  "diff",
] as const;
export type Calculation = (typeof CALCULATIONS)[number];

const WORDS: Readonly<Record<Calculation, string>> = {
  lastNotNull: "Last",
  last: "Last",
  first: "First",
  mean: "Mean",
  min: "Min",
  max: "Max",
  sum: "Total",
  count: "Count",
  range: "Range",
  diff: "Difference",
}; // prettier-ignore

export function calculationOf(name: string | undefined): Calculation {
  return CALCULATIONS.find((calculation) => calculation === name) ?? "lastNotNull";
}

export function calculationWord(calculation: Calculation): string {
  return WORDS[calculation];
}

/** `null` when there is nothing to calculate with. */
export function reduceCells(cells: readonly Cell[], calculation: Calculation): number | null {
  const numbers = cells.filter((cell): cell is number => typeof cell === "number");
  const first = numbers[0];
  const last = numbers[numbers.length - 1];
  if (calculation === "count") return numbers.length;
  if (first === undefined || last === undefined) return null;
  switch (calculation) {
    case "last": {
      const end = cells[cells.length - 1];
      return typeof end === "number" ? end : null;
    }
    case "lastNotNull":
      return last;
    case "first":
      return first;
    case "mean":
      return sum(numbers) / numbers.length;
    case "min":
      return numbers.reduce((a, b) => Math.min(a, b));
    case "max":
      return numbers.reduce((a, b) => Math.max(a, b));
    case "sum":
      return sum(numbers);
    case "range":
      return numbers.reduce((a, b) => Math.max(a, b)) - numbers.reduce((a, b) => Math.min(a, b));
    case "diff":
      return last - first;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}
