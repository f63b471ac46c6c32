/** Random operations of json0, of every kind of component, as `ot-json0` composes and transforms them. */
import json0 from "ot-json0";
import { isObject, key, place, text, value } from "./random.mjs";

const { type } = json0;

/** What `op` makes of a document. The package edits in place. */
export function applied(document, op) {
  return type.apply(structuredClone(document), op);
}

/** One component that fits, in an array. */
export function step(random, document) {
  for (;;) {
    const made = MAKERS[random.below(MAKERS.length)](random, document);
    if (made !== null) return [made];
  }
}

export function compose(one, other) {
  return type.compose(one, other);
}

/** `op`, after somebody else's. */
export function transform(op, over, side) {
  return type.transform(op, over, side);
}

export function invert(op) {
  return type.invert(op);
}

/**
 * Whether half of a surrogate pair stands somewhere, be it on the way: the transform of json0 cuts
 * between code units. No JSON in UTF-8 holds that, so it cannot come over HTTP.
 */
export function halves(found) {
  const isHalf = (value) => /\\ud[89a-f]/.test(JSON.stringify(value));
  let half = isHalf(found);
  const parts = (component) => component.o?.map((part) => ({ ...component, o: [part] })) ?? [component];
  type.incrementalApply(structuredClone(found.document), found.op.flatMap(parts), (_, after) => {
    half ||= isHalf(after);
  });
  return half;
}

/** What a case is made of, so that no kind of component can be left out unnoticed. */
export function kinds(op) {
  return op.map((component) => {
    const names = Object.keys(component).filter((name) => !["p", "o"].includes(name));
    if (component.p.length === 0) names.push("root");
    return names.sort().join("+");
  });
}

/** Every kind that must have come. */
export const KINDS = ["li", "ld", "ld+li", "lm", "oi", "od", "od+oi", "na", "sd", "si", "t", "od+oi+root"];

const MAKERS = [
  (random, document) => {
    const list = place(random, document, Array.isArray);
    if (list === null) return null;
    return { p: [...list.path, random.below(list.value.length + 1)], li: value(random, 1) };
  },
  (random, document) => {
    const list = place(random, document, (value) => Array.isArray(value) && value.length > 0);
    if (list === null) return null;
    const at = random.below(list.value.length);
    const component = { p: [...list.path, at], ld: list.value[at] };
    return random.chance(50) ? component : { ...component, li: value(random, 1) };
  },
  (random, document) => {
    const list = place(random, document, (value) => Array.isArray(value) && value.length > 0);
    if (list === null) return null;
    return { p: [...list.path, random.below(list.value.length)], lm: random.below(list.value.length) };
  },
  (random, document) => {
    const map = place(random, document, isObject);
    if (map === null) return null;
    const at = key(random);
    const component = { p: [...map.path, at], oi: value(random, 1) };
    return Object.hasOwn(map.value, at) ? { ...component, od: map.value[at] } : component;
  },
  (random, document) => {
    const map = place(random, document, (value) => isObject(value) && Object.keys(value).length > 0);
    if (map === null) return null;
    const at = random.pick(Object.keys(map.value));
    return { p: [...map.path, at], od: map.value[at] };
  },
  (random, document) => {
    const number = place(random, document, (value) => typeof value === "number");
    return number && { p: number.path, na: random.pick([1, 2, -1, -7, 0, 0.5, -0.1]) };
  },
  (random, document) => {
    const string = place(random, document, (value) => typeof value === "string");
    return string && spliced(random, string, (at, part) => ({ p: [...string.path, at], ...part("si", "sd") }));
  },
  (random, document) => {
    const string = place(random, document, (value) => typeof value === "string");
    return (
      string &&
      spliced(random, string, (at, part) => ({ p: string.path, t: "text0", o: [{ p: at, ...part("i", "d") }] }))
    );
  },
  // The root, seldom.
  (random, document) => (random.chance(10) ? { p: [], od: document, oi: value(random) } : null),
];

/** An edit of a string that splits no pair of surrogates. */
function spliced(random, { value: string }, made) {
  const letters = [...string];
  const at = random.below(letters.length + 1);
  const offset = letters.slice(0, at).join("").length;
  const gone = letters.slice(at, at + 1 + random.below(3)).join("");
  if (gone !== "" && random.chance(50)) return made(offset, (_, deleted) => ({ [deleted]: gone }));
  const come = text(random, 3);
  return come === "" ? null : made(offset, (inserted) => ({ [inserted]: come }));
}
