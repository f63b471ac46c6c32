/** Deltas of text fields, and the binding of the code editor. */
import type { DocumentHandle } from "@coboard/client";
import { ChangeSet } from "@codemirror/state";
import { describe, expect, it } from "vitest";
import { changeSetOf, deltaOf } from "./code/binding";
import { TextPort } from "./code/port";
import { piecesOf } from "./pieces";
import { mapOffset, textDelta } from "./textDelta";

/** Applies a delta the naive way. */
function applied(text: string, delta: ReturnType<typeof textDelta>): string {
  let at = 0;
  let out = "";
  for (const part of delta) {
    if (typeof part === "number") {
      out += text.slice(at, at + part);
      at += part;
    } else if (typeof part === "string") out += part;
    else at += part.delete;
  }
  return out + text.slice(at);
}

describe("textDelta", () => {
  it("is the smallest splice, and leads from one text to the other", () => {
    expect(textDelta("hello", "hello")).toEqual([]);
    expect(textDelta("hello world", "hello big world")).toEqual([6, "big "]);
    expect(textDelta("abc", "")).toEqual([{ delete: 3 }]);
    for (const [a, b] of [
      ["", "x"],
      ["aaa", "aa"],
      ["abcabc", "abc"],
      ["one", "two"],
      ["a😀b", "a😁b"],
    ] as const) {
      expect(applied(a, textDelta(a, b))).toBe(b);
    }
  });

  it("never cuts a surrogate pair", () => {
    expect(textDelta("a😀b", "a😁b")).toEqual([1, "😁", { delete: 2 }]);
  });
});

describe("piecesOf", () => {
  const text = "0123456789😀abcdef";
  const units = (delta: ReturnType<typeof textDelta>) =>
    delta.reduce<number>((sum, part) => {
      if (typeof part === "number") return sum;
      return sum + (typeof part === "string" ? part.length : part.delete);
    }, 0);

  it("leaves alone what is short", () => {
    const delta = [2, "xy", { delete: 3 }];
    expect(piecesOf(delta, text, 5)).toEqual([delta]);
    expect(piecesOf([], text, 5)).toEqual([]);
  });

  it("cuts what is long into deltas that lead to the same text, and never a surrogate pair", () => {
    const long = "new 🙂🙂🙂 words and more of them";
    const deltas = [
      [3, long, { delete: 4 }],
      [long],
      [{ delete: text.length }],
      [1, "a", 2, long, { delete: 2 }, 3, "b", { delete: 5 }, "tail"],
      [9, { delete: 3 }, long],
    ];
    for (const delta of deltas) {
      for (const unitsMax of [3, 4, 7, 16]) {
        const pieces = piecesOf(delta, text, unitsMax);
        let made = text;
        for (const piece of pieces) {
          expect(units(piece)).toBeLessThanOrEqual(unitsMax);
          expect(
            piece.every((part, at) => typeof part !== "number" || typeof piece[at + 1] !== "number"),
          ).toBe(true);
          made = applied(made, piece);
          expect(made.isWellFormed()).toBe(true);
        }
        expect(made).toBe(applied(text, delta));
      }
    }
  });
});

describe("mapOffset", () => {
  it("moves a caret with what others do before it, and not with what they do after it", () => {
    expect(mapOffset(["xx"], 3)).toBe(5);
    expect(mapOffset([5, "xx"], 3)).toBe(3);
    expect(mapOffset([{ delete: 2 }], 3)).toBe(1);
    expect(mapOffset([2, { delete: 5 }], 4)).toBe(2);
    expect(mapOffset([3, "xx"], 3)).toBe(3);
  });
});

describe("code editor deltas", () => {
  it("goes from changes to deltas and back without loss", () => {
    const text = "first\nsecond\nthird";
    const changes = ChangeSet.of(
      [
        { from: 0, to: 5, insert: "1st" },
        { from: 6, insert: "new\n" },
        { from: 13, to: 18 },
      ],
      text.length,
    );
    const delta = deltaOf(changes);
    const back = changeSetOf(delta, text.length);
    expect(deltaOf(back)).toEqual(delta);
    expect(applied(text, delta)).toBe("1st\nnew\nsecond\n");
  });
});

describe("what an editor hands on", () => {
  /** A document with one text that takes changes or refuses them. */
  function documentOf(text: string) {
    const state = { text, takes: true };
    const value = {
      get current() {
        return state.text;
      },
    };
    const edit = (_label: string, change: (step: { text: (path: string, delta: never) => void }) => void) => {
      if (!state.takes) return { id: { client: "c", sequence: 0 } };
      change({ text: (_path, delta) => (state.text = applied(state.text, delta)) });
      return { id: { client: "c", sequence: 1 } };
    };
    const handle = { read: () => state.text, text: () => ({ value }), edit } as unknown as DocumentHandle;
    return { state, port: new TextPort(handle, { item: "1", keys: ["content"], edit: "type" }) };
  }

  it("is made up for when it was not taken, and nothing that comes after it is misplaced", () => {
    const { state, port } = documentOf("begin");
    state.takes = false;
    port.submit([5, " a"], "begin a");
    expect([state.text, port.isBehind]).toEqual(["begin", true]);
    state.takes = true;
    port.submit([7, "b"], "begin ab");
    expect([state.text, port.isBehind]).toEqual(["begin ab", false]);
  });

  it("goes in later, also if nothing more is typed", () => {
    const { state, port } = documentOf("begin");
    state.takes = false;
    port.submit([5, " a"], "begin a");
    port.submit([], "begin a");
    expect(port.isBehind).toBe(true);
    state.takes = true;
    port.submit([], "begin a");
    expect([state.text, port.isBehind]).toEqual(["begin a", false]);
  });
});
