/** Deltas between two texts: as one splice, and at each place that differs. */
import { describe, expect, it } from "vitest";
import type { TextDelta } from "../src/api/text.js";
import { beside } from "../src/document/beside.js";
import { splice } from "../src/document/delta.js";
import { difference } from "../src/document/difference.js";

function apply(text: string, delta: TextDelta): string {
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

describe("splice", () => {
  it.each<[string, string, TextDelta]>([
    ["", "", []],
    ["a", "a", []],
    ["", "ab", ["ab"]],
    ["ab", "", [{ delete: 2 }]],
    ["hello", "hello world", [5, " world"]],
    ["one two", "one 2 two", [4, "2 "]],
    ["abc", "abXc", [2, "X"]],
    ["abc", "ac", [1, { delete: 1 }]],
    ["aaa", "aaaa", [3, "a"]],
    ["cat", "cut", [1, "u", { delete: 1 }]],
  ])("turns %j into %j", (before, after, delta) => {
    expect(splice(before, after)).toEqual(delta);
  });

  it("never splits a surrogate pair", () => {
    expect(splice("x😀y", "x😁y")).toEqual([1, "😁", { delete: 2 }]);
    // U+1F600 and U+1FA00 differ in the high surrogate, U+1F600 and U+1F601 in the low one.
    expect(splice("😀", "🨀")).toEqual(["🨀", { delete: 2 }]);
  });

  it("is right for random texts", () => {
    let seed = 7;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * below);
    };
    const alphabet = ["a", "b", "😀", "😁", "🨀", "\n"];
    const text = () => Array.from({ length: random(8) }, () => alphabet[random(alphabet.length)]).join("");
    for (let run = 0; run < 5000; run += 1) {
      const [before, after] = [text(), text()];
      const delta = splice(before, after);
      expect(apply(before, delta)).toBe(after);
      for (const part of delta) if (typeof part === "string") expect(part.isWellFormed()).toBe(true);
    }
  });
});

describe("difference", () => {
  it.each<[string, string, TextDelta]>([
    ["same", "same", []],
    ["one two", "one 2 two", [4, "2 "]],
    ["alpha\nbeta\ngamma", "1: alpha\nbeta\ngamma!", ["1: ", 16, "!"]],
    [
      "foo a foo b foo",
      "bar a bar b bar",
      ["bar", { delete: 3 }, 3, "bar", { delete: 3 }, 3, "bar", { delete: 3 }],
    ],
    ["x😀 middle 😀y", "x😁 middle 😁y", [1, "😁", { delete: 2 }, 8, "😁", { delete: 2 }]],
  ])("turns %j into %j and leaves what stands between", (before, after, delta) => {
    expect(difference(before, after)).toEqual(delta);
  });

  it("is one splice where nearly all is new", () => {
    const [before, after] = ["a".repeat(300), "b".repeat(300)];
    expect(difference(before, after)).toEqual(splice(before, after));
  });

  it("is right for random texts", () => {
    let seed = 11;
    const random = (below: number) => {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      return Math.floor((seed / 2147483648) * below);
    };
    const alphabet = ["a", "b", "😀", "😁", "🨀", "\r\n"];
    const text = () => Array.from({ length: random(12) }, () => alphabet[random(alphabet.length)]).join("");
    for (let run = 0; run < 5000; run += 1) {
      const [before, after] = [text(), text()];
      const delta = difference(before, after);
      expect(apply(before, delta)).toBe(after);
      for (const part of delta) if (typeof part === "string") expect(part.isWellFormed()).toBe(true);
    }
  });
});

describe("two versions of a text", () => {
  it.each<[string, string, string, string | null]>([
    ["a b c", "a b C", "A b c", "A b C"],
    ["a b c", "A b c", "a b C", "A b C"],
    ["a b c", "b c", "a b 😀", "b 😀"],
    ["a\nb\nc", "a\nnew\nb\nc", "a\nb\nc and more", "a\nnew\nb\nc and more"],
    ["a b c", "a x c", "a y c", null],
    ["a b c", "a c", "a b2 c", null],
    ["middle", "the middle", "middle of it", null],
    ["", "a", "b", null],
  ])("of %j, %j and %j are %j", (base, theirs, mine, both) => {
    expect(beside(base, theirs, mine)).toBe(both);
  });
});
