/** What each choice on a conflict does. */
import type { Choice, OpenConflict, Strategy } from "../api/conflicts.js";
import type { KeptConflict } from "../device/conflictShelf.js";
import { jsonEqual } from "../support/json.js";
import type { Remedy, RemedyStep } from "./remedy.js";

/** What carries a choice out; null where it is none of this conflict's. @internal */
export function remedyOf(kept: KeptConflict, choice: Choice): Remedy {
  const { conflict, remedies } = kept;
  if (!isOffered(conflict, choice.take)) return null;
  if (choice.take !== "value") return remedies[choice.take] as Remedy;
  return conflict.path === null ? null : [{ set: conflict.path, value: choice.value }];
}

/** Whether it can be chosen. @internal */
export function isOffered({ choices }: OpenConflict, take: Choice["take"]): boolean {
  return choices[take];
}

/** What a strategy chooses by itself. @internal */
export function choiceOf(strategy: Strategy | undefined): Choice | "ask" {
  switch (strategy) {
    case "client":
      return { take: "mine" };
    case "server":
      return { take: "theirs" };
    case "merge":
    case "manual":
    case undefined:
      return "ask";
  }
}

/** One widget that is brought back by several is brought back once. @internal */
export function unique(steps: readonly RemedyStep[]): readonly RemedyStep[] {
  return steps.filter((step, index) => steps.findIndex((other) => jsonEqual(other, step)) === index);
}

/** What brings something back, and the rest. @internal */
export function split(steps: readonly RemedyStep[]): [RemedyStep[], RemedyStep[]] {
  return [steps.filter((step) => "bringBack" in step), steps.filter((step) => !("bringBack" in step))];
}

/** How the edit is called. @internal */
export function labelOf({ take }: Choice, count: number): string {
  const what = take === "mine" ? "use mine" : take === "theirs" ? "put theirs back" : "use a merged value";
  return count === 1 ? what : `${what}, ${count} times`;
}
