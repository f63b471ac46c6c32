/** Rules of a dashboard in words, and what may be added to them. Pure. */
import type { PathPolicy, Policy } from "@coboard/client";

export const RULES_MAX = 100;
const PATH_BYTES_MAX = 512;

export interface PolicyWords {
  readonly label: string;
  readonly explanation: string;
}

export const WORDS: Readonly<Record<Policy, PolicyWords>> = {
  lww: {
    label: "The last one wins",
    explanation: "The later change stands and texts merge. What was overwritten is listed in the review.",
  },
  first: { label: "The first one stays", explanation: "What is there stays; the later change is dropped." },
  reject: {
    label: "The first one stays, or nothing",
    explanation: "As before, and a change of all or nothing is refused as a whole.",
  },
  manual: {
    label: "A person decides",
    explanation: "What is there stays, and both sides wait in the review of whoever came later.",
  },
  delete_wins: {
    label: "Deleted means deleted",
    explanation: "What somebody has deleted is not brought back by a change or a move of somebody else.",
  },
  bounce: {
    label: "Moves into deleted rows are undone",
    explanation: "A widget moved into a row that somebody deletes meanwhile stays where it was.",
  },
  max: { label: "The larger number stands", explanation: "Of two numbers the larger one stands." },
  min: { label: "The smaller number stands", explanation: "Of two numbers the smaller one stands." },
};

/** The order in which they are offered. */
export const POLICIES = Object.keys(WORDS) as readonly Policy[];

/** What people most often mean. */
export const PLACES: readonly { readonly path: string; readonly label: string }[] = [
  { path: "/panels/**", label: "Widgets, with all that is in them" },
  { path: "/panels/*/gridPos/**", label: "Place and size of widgets" },
  { path: "/panels/*/title", label: "Titles of widgets" },
  { path: "/panels/*/targets/**", label: "Queries" },
  { path: "/panels/*/fieldConfig/**", label: "Units, limits and thresholds" },
  { path: "/panels/*/options/**", label: "Options of widgets" },
  { path: "/templating/**", label: "Variables" },
  { path: "/**", label: "Everything" },
];

/** What a path is about, where there is a word for it. */
export function placeLabel(path: string): string | null {
  return PLACES.find((place) => place.path === path)?.label ?? null;
}

/** Why a rule for this path cannot be added; null: it can. */
export function whyNot(path: string, rules: readonly PathPolicy[]): string | null {
  if (path === "") return "Say what the rule is about.";
  if (!path.startsWith("/")) return "A path begins with a slash, as in /panels/*/title.";
  if (new TextEncoder().encode(path).length > PATH_BYTES_MAX) return "The path is longer than 512 bytes.";
  if (rules.some((rule) => rule.path === path)) return "There is a rule for this path already.";
  const covered = coveredBy(rules, path);
  if (covered) return covered;
  return rules.length >= RULES_MAX ? `A dashboard has at most ${RULES_MAX} rules.` : null;
}

/** Why a rule for this path decides nothing behind these rules; null: it does. */
export function coveredBy(rules: readonly PathPolicy[], path: string): string | null {
  const covering = rules.find((rule) => covers(rule.path, path));
  return covering ? `The rule for ${covering.path} comes first and decides there already.` : null;
}

/** Whether an earlier rule leaves nothing to a later one: only where that is plain to see. */
function covers(earlier: string, later: string): boolean {
  if (!earlier.endsWith("/**")) return false;
  const stem = earlier.slice(0, -3);
  return later === stem || later.startsWith(`${stem}/`);
}

/** The same rules, with one moved before the one above it. */
export function raised(rules: readonly PathPolicy[], index: number): readonly PathPolicy[] {
  const rule = rules[index];
  if (!rule || index === 0) return rules;
  const others = rules.filter((_, at) => at !== index);
  return [...others.slice(0, index - 1), rule, ...others.slice(index - 1)];
}
