/** What several people did to a text at once, as deltas at the places where they did it. */
import type { TextDelta } from "../api/text.js";
import { splice } from "./delta.js";

/** Insertions and deletions looked for, in characters; what differs more is one splice. A guess: a second of many typists. */
const STEPS_MAX = 200;
/** Characters between the first and the last difference; of a longer stretch one splice is made. */
const LENGTH_MAX = 50_000;

type Part = TextDelta[number];

/**
 * A delta that turns `before` into `after`. Changes at several places stay apart, so that a caret between them stays
 * where it is; the way is the shortest (Myers, "An O(ND) Difference Algorithm", 1986).
 * @internal
 */
export function difference(before: string, after: string): TextDelta {
  const whole = splice(before, after);
  const start = typeof whole[0] === "number" ? whole[0] : 0;
  const inserted = whole.find((part) => typeof part === "string");
  const deleted = whole.find((part) => typeof part === "object");
  if (inserted === undefined || deleted === undefined) return whole;
  const [old, made] = [[...before.slice(start, start + deleted.delete)], [...inserted]];
  if (old.length + made.length > LENGTH_MAX) return whole;
  const rounds = search(old, made);
  return rounds === null ? whole : partsOf(old, made, rounds, start);
}

/** How far each diagonal is reached with so many steps, before each round; null where it takes too many. */
function search(old: readonly string[], made: readonly string[]): Int32Array[] | null {
  const reach = new Int32Array(2 * STEPS_MAX + 3);
  const rounds: Int32Array[] = [];
  for (let steps = 0; steps <= STEPS_MAX; steps += 1) {
    rounds.push(reach.slice());
    for (let diagonal = -steps; diagonal <= steps; diagonal += 2) {
      let x = arrival(reach, diagonal, steps).x;
      while (x < old.length && x - diagonal < made.length && old[x] === made[x - diagonal]) x += 1;
      reach[STEPS_MAX + 1 + diagonal] = x;
      if (x >= old.length && x - diagonal >= made.length) return rounds;
    }
  }
  return null;
}

/** Where a round comes onto a diagonal, and from which one. */
function arrival(reach: Int32Array, diagonal: number, steps: number): { x: number; from: number } {
  const at = (one: number) => reach[STEPS_MAX + 1 + one] as number;
  if (steps === 0) return { x: 0, from: 0 };
  const inserts = diagonal === -steps || (diagonal !== steps && at(diagonal - 1) < at(diagonal + 1));
  return inserts
    ? { x: at(diagonal + 1), from: diagonal + 1 }
    : { x: at(diagonal - 1) + 1, from: diagonal - 1 };
}

/** The way back from the end, as parts of a delta. */
function partsOf(
  old: readonly string[],
  made: readonly string[],
  rounds: readonly Int32Array[],
  start: number,
): TextDelta {
  const steps: Part[] = [];
  let [x, y] = [old.length, made.length];
  for (let round = rounds.length - 1; round > 0; round -= 1) {
    const reach = rounds[round] as Int32Array;
    const { x: came, from } = arrival(reach, x - y, round);
    for (; x > came; x -= 1, y -= 1) steps.push((old[x - 1] as string).length);
    if (from > x - y) {
      y -= 1;
      steps.push(made[y] as string);
    } else {
      x -= 1;
      steps.push({ delete: (old[x] as string).length });
    }
  }
  for (; x > 0; x -= 1) steps.push((old[x - 1] as string).length);
  if (start > 0) steps.push(start);
  return joined(steps.reverse());
}

/** Neighbours of a kind as one, an insertion before the deletion beside it, nothing skipped at the end. */
function joined(steps: readonly Part[]): TextDelta {
  const parts: Part[] = [];
  let [kept, inserted, deleted] = [0, "", 0];
  const flush = () => {
    if (inserted !== "") parts.push(inserted);
    if (deleted > 0) parts.push({ delete: deleted });
    [inserted, deleted] = ["", 0];
  };
  for (const step of steps) {
    if (typeof step === "number") {
      flush();
      kept += step;
      continue;
    }
    if (kept > 0) parts.push(kept);
    kept = 0;
    if (typeof step === "string") inserted += step;
    else deleted += step.delete;
  }
  flush();
  return parts;
}
