/** Random choices that are the same on every machine: case `number` of `seed`. */
export class Random {
  #state;

  constructor(seed, number) {
    this.#state = (Math.imul(seed, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b)) >>> 0;
  }

  /** A whole number from 0 up to, not including, `end`. Mulberry32. */
  below(end) {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = this.#state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * end);
  }

  chance(percent) {
    return this.below(100) < percent;
  }

  pick(options) {
    return options[this.below(options.length)];
  }
}

const KEYS = ["a", "b", "c", "", "0", "x/y", "~1", "é", "🙂"];
const LETTERS = ["a", "b", "é", "🙂", "\n", "𝒳"];
const NUMBERS = [0, 1, 2, -1, 7, 0.5, 0.1, -2.25, 1e21, 9007199254740991];

/** Small enough that places meet often. */
export function value(random, depth = 0) {
  const kind = random.below(depth < 3 ? 10 : 6);
  if (kind < 2) return random.pick(NUMBERS);
  if (kind < 4) return text(random, 6);
  if (kind < 5) return random.pick([null, true, false]);
  if (kind < 6) return random.pick([[], {}, ""]);
  const count = random.below(4);
  if (kind < 8) return Array.from({ length: count }, () => value(random, depth + 1));
  return Object.fromEntries(Array.from({ length: count }, () => [key(random), value(random, depth + 1)]));
}

/** Mostly an object, as documents are; sometimes any other value. */
export function document(random) {
  if (random.chance(8)) return value(random);
  const made = { l: [], m: {} };
  for (let left = 2 + random.below(4); left > 0; left -= 1) made.l.push(value(random, 1));
  for (let left = 1 + random.below(4); left > 0; left -= 1) made.m[key(random)] = value(random, 1);
  return made;
}

export function key(random) {
  return random.pick(KEYS);
}

export function text(random, lengthMax) {
  return Array.from({ length: random.below(lengthMax + 1) }, () => random.pick(LETTERS)).join("");
}

/** All places of a document: their paths, with what stands there. */
export function places(document) {
  const found = [];
  const walk = (path, value) => {
    found.push({ path, value });
    if (Array.isArray(value)) for (const [index, element] of value.entries()) walk([...path, index], element);
    else if (isObject(value)) for (const [key, inner] of Object.entries(value)) walk([...path, key], inner);
  };
  walk([], document);
  return found;
}

/** A place that `wanted` takes, if there is one. */
export function place(random, document, wanted) {
  const fitting = places(document).filter(({ path, value }) => wanted(value, path));
  return fitting.length === 0 ? null : random.pick(fitting);
}

export function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
