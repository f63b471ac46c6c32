/** JSON cases against `ot-json1`: apply, compose, and the merge of two people in both orders. */
import json1 from "ot-json1";
import text from "ot-text-unicode";
import { isDeepStrictEqual } from "node:util";
import { explain } from "./explain.mjs";
import { canonical } from "./text.mjs";

const { type } = json1;

/**
 * json1's later operation wins where it is `left`, but in text `left` goes first. Ours puts the
 * earlier insert first. The tie of their text type is turned, so that only one rule differs.
 */
const turned = {
  ...text.type,
  name: "text-unicode",
  transform: (op, over, side) => text.type.transform(op, over, side === "left" ? "right" : "left"),
};
type.registerSubtype({ type: turned });

export class Json {
  run(found, report) {
    const { document, a, b, next } = found;
    const is = (what, theirs, ours) => {
      const kind = isDeepStrictEqual(theirs, ours) ? "equal" : "unexplained";
      report(what, kind, `json1 ${JSON.stringify(theirs)}\n  ours  ${JSON.stringify(ours)}`);
    };
    const [first, then, other] = [a, next, b].map((made) => composed(made.steps));
    is("apply", type.apply(document, first), a.after);
    is("apply", type.apply(document, other), b.after);
    is("compose", type.apply(document, type.compose(first, then)), next.after);
    this.#merge(found, [first, other], 0, report);
    this.#merge(found, [other, first], 1, report);
  }

  /** The first operation is committed before the second. */
  #merge(found, ops, index, report) {
    const ours = found.merged[index];
    const theirs = merged(found.document, ops);
    if (theirs === null) {
      // Nothing to compare with; counted, so that it shows.
      report("merge", "json1 does not converge", "");
      return;
    }
    const met = !type.tryTransform(ops[1], ops[0], "left").ok;
    let kind = explain(theirs, ours, found, met);
    if (kind === "unexplained" && ops.some(isSpelledOtherwise)) {
      // The same edits with every insert before the delete it stands at.
      const spelled = merged(found.document, ops.map(spelledAsOurs));
      if (explain(spelled, ours, found, met) !== "unexplained") kind = "text spelling";
    }
    const what = met ? "merge, json1 has a conflict" : "merge, json1 has no conflict";
    report(what, kind, `json1 ${JSON.stringify(theirs)}\n  ours  ${JSON.stringify(ours)}`);
  }
}

/** What both come to; null if json1 itself comes to two things. */
function merged(document, [first, later]) {
  const after = (one, other, side) => type.apply(type.apply(document, one), type.transformNoConflict(other, one, side));
  const here = after(first, later, "left");
  const there = after(later, first, "right");
  return isDeepStrictEqual(here, there) ? here : null;
}

function isSpelledOtherwise(op) {
  return !isDeepStrictEqual(op, spelledAsOurs(op));
}

/** Turns the text edits within an operation into the form of the test kit. */
function spelledAsOurs(op) {
  if (Array.isArray(op)) return op.map(spelledAsOurs);
  if (typeof op !== "object" || op === null || op.es === undefined) return op;
  return { ...op, es: canonical(op.es) };
}

function composed(steps) {
  return steps.map(operation).reduce(type.compose, null);
}

/** A step of the test kit as an operation of json1. */
function operation([what, where, value]) {
  switch (what) {
    case "insert":
      return json1.insertOp(where, value);
    case "replace":
      return json1.replaceOp(where, true, value);
    case "remove":
      return json1.removeOp(where, true);
    case "move":
      return json1.moveOp(where, value);
    case "add":
      return json1.editOp(where, "number", value);
    case "text":
      return json1.editOp(where, "text-unicode", value);
    default:
      throw new Error(`no step is called ${what}`);
  }
}
