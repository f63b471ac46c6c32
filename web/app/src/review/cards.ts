/** The review as people see it: one card for each widget, one row for each field. Pure. */
import type { Json, OpenConflict, Path } from "@coboard/client";
import { isObject } from "../data/json";

/** One thing to decide: a field, or several that are one for people, as a place is. */
export interface ReviewRow {
  readonly key: string;
  readonly label: string;
  readonly conflicts: readonly OpenConflict[];
  /** Undefined: nothing is there; null: it cannot be shown. */
  readonly before: string | null | undefined;
  readonly theirs: string | null | undefined;
  readonly mine: string | null | undefined;
  readonly winner: "theirs" | "mine";
  readonly choices: OpenConflict["choices"];
}

export interface ReviewCard {
  readonly key: string;
  readonly subject: string;
  readonly title: string | null;
  readonly review: string | null;
  readonly authors: readonly string[];
  readonly atMs: number;
  readonly rows: readonly ReviewRow[];
}

/** What belongs to one field for people, though it is several in the document. */
const WHOLE = ["gridPos", "datasource"] as const;

const WORDS: Readonly<Record<string, string>> = {
  gridPos: "Place and size",
  datasource: "Data source",
  content: "Text",
  expr: "Query",
  rawSql: "Query",
  panels: "Widgets",
  targets: "Queries",
  steps: "Thresholds",
};

/** The cards, those of an absence first, then by time. */
export function cardsOf(open: readonly OpenConflict[]): readonly ReviewCard[] {
  const groups = new Map<string, OpenConflict[]>();
  for (const conflict of open) {
    const key = `${conflict.review ?? ""} ${conflict.subject}`;
    groups.set(key, [...(groups.get(key) ?? []), conflict]);
  }
  const cards = [...groups].map(([key, conflicts]) => cardOf(key, conflicts));
  return cards.sort((a, b) => Number(b.review !== null) - Number(a.review !== null) || b.atMs - a.atMs);
}

/** How many things there are to decide. */
export function countOf(cards: readonly ReviewCard[]): number {
  return cards.reduce((sum, { rows }) => sum + rows.length, 0);
}

function cardOf(key: string, conflicts: readonly OpenConflict[]): ReviewCard {
  const rows = new Map<string, OpenConflict[]>();
  for (const conflict of conflicts) {
    const row = `${conflict.item} ${wholeOf(conflict.path)} ${conflict.winner}`;
    rows.set(row, [...(rows.get(row) ?? []), conflict]);
  }
  const names = conflicts.map(({ theirAuthor }) => theirAuthor?.name ?? null);
  const [first] = conflicts;
  return {
    key,
    subject: first?.subject ?? "",
    title: conflicts.find(({ title }) => title !== null)?.title ?? null,
    review: first?.review ?? null,
    authors: [...new Set(names.filter((name) => name !== null))],
    atMs: Math.max(...conflicts.map(({ atMs }) => atMs)),
    rows: [...rows].map(([row, of]) => rowOf(row, of)),
  };
}

function rowOf(key: string, conflicts: readonly OpenConflict[]): ReviewRow {
  const [first] = conflicts as readonly [OpenConflict];
  const all = (take: keyof OpenConflict["choices"]) => conflicts.every(({ choices }) => choices[take]);
  const single = conflicts.length === 1;
  return {
    key,
    label: labelOf(first),
    conflicts,
    before: sideText(conflicts, "before"),
    theirs: sideText(conflicts, "theirs"),
    mine: sideText(conflicts, "mine"),
    winner: first.winner,
    choices: {
      theirs: all("theirs"),
      mine: all("mine"),
      value: single && !isPart(first.path) && first.choices.value && isPlain(first),
    },
  };
}

/** Only what can be typed is edited. */
function isPlain({ values }: OpenConflict): boolean {
  return [values.theirs, values.mine].every(
    (value) => value === undefined || typeof value === "string" || typeof value === "number",
  );
}

function labelOf({ path, kind }: OpenConflict): string {
  const keys = keysOf(path);
  if (keys.length === 0) return kind === "move_vs_delete" ? "Moved or removed" : "Order";
  const key = WHOLE.find((whole) => keys.includes(whole)) ?? keys.at(-1) ?? "";
  const known = WORDS[key];
  if (known) return known;
  const words = key.replace(/([a-z])([A-Z])/g, "$1 $2").toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function wholeOf(path: Path | null): string {
  const keys = keysOf(path);
  const index = keys.findIndex((key) => (WHOLE as readonly string[]).includes(key));
  return index < 0 ? keys.join("/") : keys.slice(0, index + 1).join("/");
}

function keysOf(path: Path | null): readonly string[] {
  return (path ?? "").split("/").slice(1);
}

function sideText(conflicts: readonly OpenConflict[], side: "before" | "theirs" | "mine") {
  const [first] = conflicts as readonly [OpenConflict];
  const texts = conflicts.map((conflict) => textOf(conflict, side));
  if (conflicts.length === 1 && !isPart(first.path)) return texts[0];
  const named = conflicts.map(({ path }, index) => `${keysOf(path).at(-1)} ${texts[index] ?? "–"}`);
  return texts.every((text) => text === undefined) ? undefined : named.join(" · ");
}

/** A part of something that is one for people is named. */
function isPart(path: Path | null): boolean {
  const keys = keysOf(path);
  return wholeOf(path) !== keys.join("/");
}

function textOf(conflict: OpenConflict, side: "before" | "theirs" | "mine"): string | null | undefined {
  const intent = conflict[side];
  if (side === "theirs" && isGone(conflict)) return "removed";
  if ("location" in intent)
    return intent.location === null ? "removed" : side === "before" ? "here" : "moved";
  if ("add" in intent && typeof intent.add === "number")
    return intent.add < 0 ? `${intent.add}` : `+${intent.add}`;
  const value = conflict.values[side];
  if (value !== undefined) return write(value);
  return "value" in intent || "text" in intent ? null : undefined;
}

/** Their edit took away what one's own was in. */
export function isGone({ kind, winner }: OpenConflict): boolean {
  return kind === "edit_in_deleted" && winner === "theirs";
}

function write(value: Json): string {
  if (typeof value === "string") return value;
  return isObject(value) || Array.isArray(value) ? JSON.stringify(value, null, 1) : String(value);
}

/** A text in three parts, the middle one is what differs from another text. */
export function difference(text: string, other: string): readonly [string, string, string] {
  // A part of a number or of a word says nothing.
  if (text !== other && !/\s/.test(text) && !/\s/.test(other)) return ["", text, ""];
  const [a, b] = [[...text], [...other]];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a.at(-1 - end) === b.at(-1 - end)) end += 1;
  const middle = a.slice(start, a.length - end).join("");
  return [a.slice(0, start).join(""), middle, a.slice(a.length - end).join("")];
}
