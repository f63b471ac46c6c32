/**
 * Which dashboards this person opened last on this device, and what each of them showed. Kept in the browser, never in
 * a dashboard. A tab remembers its own view as well, so that two tabs at one dashboard each keep theirs over a reload.
 */
import type { DocumentId, ItemId } from "@coboard/client";
import type { Variables } from "../dashboard/uiStore";
import type { TimeRange } from "../data/timeRange";
import { identity } from "../identity/identity";
import { readStored, writeStored } from "./stored";

/** The newest so many are kept. */
const VISITS_MAX = 100;
const TITLE_LENGTH_MAX = 200;
const WORD_LENGTH_MAX = 64;
const FOLDS_MAX = 100;
const VARIABLES_MAX = 50;
const VALUES_MAX = 100;
const VALUE_LENGTH_MAX = 1_000;

/** What a tab shows of a dashboard. */
export interface View {
  /** The first widget that can be seen; `null` at the top. */
  readonly anchor: ItemId | null;
  /** How much of it is above the edge, 0 to 1: windows of different size agree. */
  readonly offset: number;
  /** `null`: the dashboard's own. */
  readonly range: TimeRange | null;
  /** Rows that this viewer has folded or unfolded, against what is stored. */
  readonly folds: Folds;
  /** What this viewer has chosen for variables, against what is stored. */
  readonly variables: Variables;
}

export type Folds = Readonly<Record<ItemId, boolean>>;

export interface Visit {
  readonly id: DocumentId;
  readonly title: string;
  readonly atMs: number;
  readonly view: View | null;
}

export const TOP: View = { anchor: null, offset: 0, range: null, folds: {}, variables: {} };

/** Opened last first. */
export function visits(): readonly Visit[] {
  const stored = readStored("device", visitsKey());
  const list = Array.isArray(stored) ? stored.map(visitOf) : [];
  return list.filter((visit) => visit !== null).slice(0, VISITS_MAX);
}

/** The dashboard is open now. */
export function noteVisit(id: DocumentId, title: string, atMs = Date.now()): void {
  change(id, (view) => ({ id, title: title.slice(0, TITLE_LENGTH_MAX), atMs, view }));
}

/** What it shows now. It must have been opened before. */
export function noteView(id: DocumentId, view: View): void {
  writeStored("tab", hereKey(), { id, view });
  const known = visits();
  const next = known.map((visit) => (visit.id === id ? { ...visit, view } : visit));
  writeStored("device", visitsKey(), next);
}

/** What this tab showed before it was loaded again, else what was shown last on this device. */
export function lastView(id: DocumentId): View | null {
  const here = readStored("tab", hereKey());
  if (isRecord(here) && here.id === id) return viewOf(here.view);
  return visits().find((visit) => visit.id === id)?.view ?? null;
}

export const visitsKey = () => `coboard-visits.${identity().id}`;
const hereKey = () => `coboard-here.${identity().id}`;

function change(id: DocumentId, next: (view: View | null) => Visit): void {
  const known = visits();
  const before = known.find((visit) => visit.id === id);
  const others = known.filter((visit) => visit.id !== id);
  writeStored("device", visitsKey(), [next(before?.view ?? null), ...others].slice(0, VISITS_MAX));
}

function visitOf(value: unknown): Visit | null {
  if (!isRecord(value)) return null;
  const { id, title, atMs } = value;
  if (typeof id !== "string" || typeof title !== "string" || typeof atMs !== "number") return null;
  return { id, title, atMs, view: viewOf(value.view) };
}

/** Reads a view as it was stored, or as another device of this person told it. */
export function viewOf(value: unknown): View | null {
  if (!isRecord(value)) return null;
  const { anchor, offset } = value;
  const isAnchor = typeof anchor === "string" && anchor.length <= WORD_LENGTH_MAX;
  const inside = typeof offset === "number" && offset >= 0 && offset <= 1 ? offset : 0;
  return {
    anchor: isAnchor ? anchor : null,
    offset: inside,
    range: rangeOf(value.range),
    folds: foldsOf(value.folds),
    variables: variablesOf(value.variables),
  };
}

function foldsOf(value: unknown): Folds {
  const entries = isRecord(value) ? Object.entries(value) : [];
  const folds = entries.filter((entry): entry is [string, boolean] => typeof entry[1] === "boolean");
  return Object.fromEntries(folds.slice(0, FOLDS_MAX));
}

/** Words, or lists of them. */
function variablesOf(value: unknown): Variables {
  const isWord = (one: unknown) => typeof one === "string" && one.length <= VALUE_LENGTH_MAX;
  const entries = isRecord(value) ? Object.entries(value) : [];
  const usable = entries.filter(
    ([, one]) => isWord(one) || (Array.isArray(one) && one.length <= VALUES_MAX && one.every(isWord)),
  );
  return Object.fromEntries(usable.slice(0, VARIABLES_MAX)) as Variables;
}

function rangeOf(value: unknown): TimeRange | null {
  if (!isRecord(value)) return null;
  const { from, to } = value;
  const isWord = (word: unknown): word is string =>
    typeof word === "string" && word !== "" && word.length <= WORD_LENGTH_MAX;
  return isWord(from) && isWord(to) ? { from, to } : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
