/** CSV text to a frame. The first line names the columns; the parser is fetched when the first CSV appears. */
import { type Cell, type Frame, frameFromColumns } from "./frame";

/** Rows beyond this are left out, and the widget says so. */
export const ROWS_MAX = 10_000;

export class DataError extends Error {}

export interface Parsed {
  readonly frame: Frame;
  /** Rows that were left out because of {@link ROWS_MAX}. */
  readonly omittedRows: number;
}

export async function frameFromCsv(refId: string, text: string): Promise<Parsed> {
  const { default: papa } = await import("papaparse");
  const { data, errors } = papa.parse<string[]>(text.trim(), { skipEmptyLines: "greedy" });
  const broken = errors.find((error) => error.type === "Quotes");
  if (broken) throw new DataError(`line ${(broken.row ?? 0) + 1}: ${broken.message.toLowerCase()}`);
  const [header, ...rows] = data;
  if (!header) throw new DataError("the CSV text is empty");
  const kept = rows.slice(0, ROWS_MAX);
  const columns = header.map((name, index) => ({
    name: name.trim() || `column ${index + 1}`,
    values: kept.map((row): Cell => emptyToNull(row[index])),
  }));
  return { frame: frameFromColumns(refId, columns), omittedRows: rows.length - kept.length };
}

function emptyToNull(cell: string | undefined): Cell {
  return cell === undefined || cell.trim() === "" ? null : cell;
}
