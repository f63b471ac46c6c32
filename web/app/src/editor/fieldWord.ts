/** What a field is called where there is room for a word. */
import type { Path } from "@coboard/client";

const WORDS: Readonly<Record<string, string>> = {
  content: "Content",
  expr: "Query",
  query: "Query",
  rawSql: "Query",
  text: "Data",
  min: "From",
  max: "To",
};

export function fieldWord(path: Path): string {
  const key = path.split("/").at(-1) ?? "";
  return WORDS[key] ?? key.replace(/^./, (letter) => letter.toUpperCase());
}
