/**
 * Says why two engines came to different documents, or that nothing says why.
 *
 * The test kit names the items and cells that both operations wanted, and how they met, from the
 * operations alone. A difference counts as explained only if the documents are equal once those
 * places, and no others, are taken out of both; and every place that is taken out must be of a
 * kind that is known to be decided otherwise by the two engines.
 */
import { isDeepStrictEqual } from "node:util";

/** Meetings that json1 decides otherwise. An add against a set it also notes as a conflict. */
const SILENT = ["move-delete", "delete-set", "same-value", "circle"];
const NOTED = [...SILENT, "add-set"];

export function explain(theirs, ours, found, met) {
  if (isDeepStrictEqual(theirs, ours)) return "equal";
  const ties = tieRule(found.placed);
  if (equalButTies(theirs, ours, ties)) return "list-tie";
  const kinds = met ? NOTED : SILENT;
  const present = kinds.filter((kind) => found.contended.some((fact) => fact[0] === kind));
  for (const some of subsets(present)) {
    const facts = found.contended.filter((fact) => some.includes(fact[0]));
    if (equalWithout(theirs, ours, facts, ties)) return some.join(" + ");
  }
  return "unexplained";
}

/** All choices of kinds, the small ones first. */
function subsets(kinds) {
  const all = [];
  for (let bits = 1; bits < 1 << kinds.length; bits += 1) {
    all.push(kinds.filter((_, index) => bits & (1 << index)));
  }
  return all.sort((a, b) => a.length - b.length);
}

/** Two items may stand in either order only if each was put there by another person. */
function tieRule([mine, theirs]) {
  const [a, b] = [new Set(mine), new Set(theirs)];
  return (one, other) => (a.has(one) && b.has(other)) || (b.has(one) && a.has(other));
}

function equalButTies(one, other, ties) {
  if (Array.isArray(one) && Array.isArray(other)) {
    const places = new Map(other.map((item, index) => [item.id, index]));
    if (one.length !== other.length || one.some((item) => !places.has(item.id))) return false;
    for (let left = 0; left < one.length; left += 1) {
      for (let right = left + 1; right < one.length; right += 1) {
        const turned = places.get(one[left].id) > places.get(one[right].id);
        if (turned && !ties(one[left].id, one[right].id)) return false;
      }
    }
    return one.every((item) => equalButTies(item, other[places.get(item.id)], ties));
  }
  if (isObject(one) && isObject(other)) {
    const keys = Object.keys(one);
    return (
      keys.length === Object.keys(other).length &&
      keys.every((key) => key in other && equalButTies(one[key], other[key], ties))
    );
  }
  return isDeepStrictEqual(one, other);
}

/** Whether the documents are equal apart from the places of the facts. */
function equalWithout(one, other, facts, ties) {
  const items = new Set();
  const cells = new Map();
  for (const [, item, keys] of facts) {
    if (keys === null) items.add(item);
    else cells.set(item, [...(cells.get(item) ?? []), keys]);
  }
  const [left, right] = [one, other].map((document) => {
    const taken = new Map();
    return { rest: without(document, 0, items, cells, taken), taken };
  });
  if (!equalButTies(left.rest, right.rest, ties)) return false;
  // What stands in both must have the same content, wherever it stands.
  return [...items].every((item) => {
    const [here, there] = [left.taken.get(item), right.taken.get(item)];
    return here === undefined || there === undefined || equalButTies(here, there, ties);
  });
}

/** A copy without the given items, wherever they stand, and the given cells. */
function without(value, item, items, cells, taken) {
  if (Array.isArray(value)) {
    const kept = [];
    for (const element of value) {
      const rest = without(element, element.id, items, cells, taken);
      if (items.has(element.id)) taken.set(element.id, rest);
      else kept.push(rest);
    }
    return kept;
  }
  if (!isObject(value)) return value;
  return withoutCells(value, item, [], items, cells, taken);
}

function withoutCells(map, item, above, items, cells, taken) {
  const kept = {};
  for (const [key, value] of Object.entries(map)) {
    const keys = [...above, key];
    const gone = (cells.get(item) ?? []).some((cell) => isDeepStrictEqual(cell, keys));
    if (gone) continue;
    kept[key] = isObject(value)
      ? withoutCells(value, item, keys, items, cells, taken)
      : without(value, item, items, cells, taken);
  }
  return kept;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
