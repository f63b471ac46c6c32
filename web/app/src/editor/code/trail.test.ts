/** Where a caret is for those who have seen more of the text, or less, than its owner had. */
import { ChangeSet, Text } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { TextTrail } from "./trail";

const typed = (length: number, at: number, insert: string) => ChangeSet.of({ from: at, insert }, length);

describe("a caret", () => {
  it("is moved by what its owner had not seen, and not again by what was in its text", () => {
    const trail = new TextTrail();
    trail.add("ben", typed(10, 0, "xx"), 4);
    trail.add("ana", typed(12, 7, "yyy"), 5);
    trail.add("ben", typed(15, 0, "z"), 6);
    expect(trail.place(5, { client: "ana", revision: 3, ahead: 0 })).toBe(5 + 2 + 3 + 1);
    expect(trail.place(8, { client: "ana", revision: 3, ahead: 1 })).toBe(8 + 2 + 1);
    expect(trail.place(11, { client: "ana", revision: 5, ahead: 0 })).toBe(12);
    expect(trail.place(12, { client: "ana", revision: 6, ahead: 0 })).toBe(12);
  });

  it("stays before what others write right there", () => {
    const trail = new TextTrail();
    trail.add("me", typed(4, 2, "mine"), null, 1);
    expect(trail.place(2, { client: "ana", revision: 3, ahead: 0 })).toBe(2);
  });

  it("may be in a text that is newer than what is here, and is right once that has come", () => {
    const trail = new TextTrail();
    trail.add("ben", typed(10, 0, "xx"), 4);
    const seen = { client: "ana", revision: 6, ahead: 0 };
    expect(trail.isBehind(seen)).toBe(true);
    trail.add("me", typed(12, 0, "mine"), null, 1);
    expect(trail.isBehind(seen)).toBe(true);
    // What was missed comes as one change, which has what its owner typed.
    trail.add("cem", typed(16, 4, "ana "), 6);
    expect(trail.isBehind(seen)).toBe(false);
    expect(trail.place(4, seen)).toBe("mineana ".length);
  });

  it("waits for what its owner has typed and nobody else has", () => {
    const trail = new TextTrail();
    const seen = { client: "ana", revision: 3, ahead: 1 };
    expect(trail.has(seen)).toBe(false);
    trail.add("ana", typed(4, 2, "a"), 4);
    expect(trail.has(seen)).toBe(true);
  });

  it("counts own operations that a revision does not have, an undo among them", () => {
    const trail = new TextTrail();
    trail.add("me", typed(4, 2, "a"), null, 7);
    trail.add("me", typed(5, 3, "b"), null, 7);
    trail.add("me", typed(6, 4, "c"), null, 8);
    trail.addOwn("me", ChangeSet.of({ from: 4, to: 5 }, 7));
    expect(trail.ahead(3)).toBe(3);
    trail.committed(8, 5);
    expect([trail.ahead(3), trail.ahead(4), trail.ahead(5)]).toEqual([3, 3, 1]);
    trail.committed(9, 6);
    expect(trail.ahead(6)).toBe(0);
  });

  it("stays between the letters that its owner sees beside it, whatever came first", () => {
    const random = randomOf(20_261_123);
    for (let run = 0; run < 3_000; run += 1) play(random, `run ${run}`);
  });
});

/**
 * A text of letters that are all different, to which the owner of a caret and others add in any order. Where one deletes
 * what the other stands in, a caret is as near as can be told, and that is judged by nobody.
 */
function play(random: (n: number) => number, run: string): void {
  let letter = 0x4e00;
  const fresh = () => String.fromCharCode(letter++);
  const change = (length: number) => {
    const insert = Array.from({ length: 1 + random(3) }, fresh).join("");
    return ChangeSet.of({ from: random(length + 1), insert }, length);
  };
  let text = Text.of([Array.from({ length: 12 }, fresh).join("")]);
  let owned = text;
  let pending: ChangeSet[] = [];
  for (let count = random(4); count > 0; count -= 1) {
    const made = change(owned.length);
    pending.push(made);
    owned = made.apply(owned);
  }
  const ahead = pending.length;
  const trail = new TextTrail();
  let revision = 3;
  while (pending.length > 0 || random(4)) {
    const isOwn = pending.length > 0 && random(2) === 0;
    const made = isOwn ? (pending.shift() as ChangeSet) : change(text.length);
    if (!isOwn) pending = moved(pending, made);
    text = made.apply(text);
    revision += 1;
    trail.add(isOwn ? "ana" : "ben", made, revision);
  }
  const caret = random(owned.length + 1);
  const at = trail.place(caret, { client: "ana", revision: 3, ahead });
  const now = text.toString();
  const [left, right] = [owned.toString()[caret - 1], owned.toString()[caret]];
  if (left && now.includes(left)) expect(at, run).toBeGreaterThan(now.indexOf(left));
  if (right && now.includes(right)) expect(at, run).toBeLessThanOrEqual(now.indexOf(right));
}

/** What waits, moved over a change that was committed first. */
function moved(pending: readonly ChangeSet[], over: ChangeSet): ChangeSet[] {
  let before = over;
  return pending.map((one) => {
    const behind = one.map(before);
    before = before.map(one, true);
    return behind;
  });
}

function randomOf(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 4_294_967_296) * n);
  };
}
