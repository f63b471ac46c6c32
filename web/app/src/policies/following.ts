/** What the panel shows while it reads, writes, and others write. Pure. */
import type { CoboardError, PathPolicy, Result } from "@coboard/client";

export type Policies =
  | { readonly state: "loading" }
  | { readonly state: "failed"; readonly message: string }
  | {
      readonly state: "ready";
      readonly rules: readonly PathPolicy[];
      /** Why what was done last was not saved. */
      readonly problem: string | null;
      /** What others did while one looked. */
      readonly news: string | null;
    };

export const LOADING: Policies = { state: "loading" };

/** Rules as one made them. */
export function shown(rules: readonly PathPolicy[]): Policies {
  return { state: "ready", rules, problem: null, news: null };
}

/** The server told the rules: `who` changed them, if it was not this person. What is known already is no news. */
export function followed(known: Policies, rules: readonly PathPolicy[], who: string | null): Policies {
  if (known.state !== "ready") return shown(rules);
  if (same(known.rules, rules)) return known;
  return {
    ...known,
    rules,
    news: who === null ? "You changed the rules elsewhere." : `${who} changed the rules.`,
  };
}

/** The server answered what they are. */
export function reread(known: Policies, answer: Result<readonly PathPolicy[]>): Policies {
  if (known.state === "ready") {
    if (!answer.ok || same(known.rules, answer.value)) return known;
    return { ...known, rules: answer.value, news: known.news ?? "The rules were changed meanwhile." };
  }
  return answer.ok ? shown(answer.value) : { state: "failed", message: answer.error.message };
}

/** What one did was not stored: `before` is shown again, or what was told meanwhile. */
export function notSaved(
  known: Policies,
  before: readonly PathPolicy[] | null,
  error: CoboardError,
): Policies {
  if (known.state !== "ready") return known;
  const overtaken = error.code === "E_REV_OLD";
  const problem = overtaken
    ? "somebody else changed the rules meanwhile; look at them and try again"
    : error.message;
  return { ...known, rules: before ?? known.rules, problem };
}

function same(a: readonly PathPolicy[], b: readonly PathPolicy[]): boolean {
  return (
    a.length === b.length &&
    a.every(({ path, policy }, at) => b[at]?.path === path && b[at].policy === policy)
  );
}
