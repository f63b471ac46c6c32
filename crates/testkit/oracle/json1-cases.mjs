/** Random operations of json1, of every kind of component, as `ot-json1` composes and transforms them. */
import json1 from "ot-json1";
import "ot-text-unicode";
import { isObject, key, place, text, value } from "./random.mjs";

const { type } = json1;

/** What `op` makes of a document; undefined where the root itself is gone. */
export function applied(document, op) {
  return type.apply(document, op);
}

/** One step that fits. */
export function step(random, document) {
  for (;;) {
    const made = MAKERS[random.below(MAKERS.length)](random, document);
    if (made !== null) return made;
  }
}

export function compose(one, other) {
  return type.compose(one, other);
}

/** `op`, after somebody else's; what meets a conflict is dropped as the package drops it. */
export function transform(op, over, side) {
  return type.transformNoConflict(op, over, side);
}

/** Needs the document before `op`: json1 keeps no old values. */
export function invert(op, before) {
  return type.invertWithDoc(op, before);
}

/** Texts of json1 are cut between letters only. */
export function halves() {
  return false;
}

/** What a case is made of, so that no kind of component can be left out unnoticed. */
export function kinds(op) {
  const found = [];
  const walk = (parts, root) => {
    for (const part of parts) {
      if (Array.isArray(part)) walk(part, root && parts.length > 1 && isObject(part[0]));
      else if (isObject(part)) found.push(Object.keys(part).sort().join("+") + (root ? "+root" : ""));
      else root = false;
    }
  };
  if (op !== null) walk(op, true);
  return found;
}

/** Every kind that must have come. */
export const KINDS = ["i", "r", "i+r", "p", "d", "d+r", "i+p", "es", "ena", "i+r+root", "es+i", "d+es"];

const MAKERS = [
  (random, document) => {
    const to = free(random, document);
    return to && json1.insertOp(to, value(random, 1));
  },
  (random, document) => {
    const gone = place(random, document, (_, path) => path.length > 0);
    return gone && json1.removeOp(gone.path);
  },
  (random, document) => {
    const old = place(random, document, (_, path) => path.length > 0 || random.chance(5));
    return old && json1.replaceOp(old.path, true, value(random, old.path.length));
  },
  move,
  move,
  (random, document) => {
    const number = place(random, document, (value) => typeof value === "number");
    return number && json1.editOp(number.path, "number", random.pick([1, 2, -1, -7, 0.5, -0.1]));
  },
  (random, document) => {
    const string = place(random, document, (value) => typeof value === "string");
    if (string === null) return null;
    const length = [...string.value].length;
    const at = random.below(length + 1);
    const op = at > 0 ? [at] : [];
    const come = text(random, 3);
    if (come !== "") op.push(come);
    const gone = random.below(Math.min(length - at, 3) + 1);
    if (gone > 0) op.push({ d: gone });
    return typeof op.at(-1) === "number" || op.length === 0 ? null : json1.editOp(string.path, "text-unicode", op);
  },
];

/** From anywhere to anywhere; places are found in the document without what is moved. */
function move(random, document) {
  const from = place(random, document, (_, path) => path.length > 0);
  if (from === null) return null;
  const to = free(random, type.apply(document, json1.removeOp(from.path)));
  return to && json1.moveOp(from.path, to);
}

/** A place where nothing stands: a new key, or a gap in a list. */
function free(random, document) {
  const holder = place(random, document, (value) => isObject(value) || Array.isArray(value));
  if (holder === null) return null;
  if (Array.isArray(holder.value)) return [...holder.path, random.below(holder.value.length + 1)];
  const at = key(random);
  return Object.hasOwn(holder.value, at) ? null : [...holder.path, at];
}
