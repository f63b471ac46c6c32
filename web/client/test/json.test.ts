/** JSON text for the core. */
import { expect, it } from "vitest";
import { jsonEqual, toJsonText } from "../src/support/json.js";

it("replaces lone surrogates, in values and keys, and nothing else", () => {
  expect(toJsonText({ "k\ud800": "a\udc00b" })).toBe('{"k\ufffd":"a\ufffdb"}');
  expect(toJsonText("\\ud800 😀 \\\\ud800")).toBe(JSON.stringify("\\ud800 😀 \\\\ud800"));
});

it("compares JSON, key order aside", () => {
  expect(jsonEqual({ a: [1, { b: null }], c: "x" }, { c: "x", a: [1, { b: null }] })).toBe(true);
  expect(jsonEqual({ a: 1 }, { a: 1, b: undefined })).toBe(false);
  expect(jsonEqual([1, 2], [2, 1])).toBe(false);
  expect(jsonEqual([], {})).toBe(false);
});
