/** Options of a long run, and numbers that depend on its seed alone. */

/**
 * Reads `--name value` pairs, all of them whole numbers.
 *
 * @template {Record<string, number>} T
 * @param {T} defaults
 * @returns {T & { seed: number }}
 */
export function options(defaults) {
  const known = { ...defaults, seed: Math.floor(Math.random() * 2 ** 32) };
  const given = process.argv.slice(2);
  while (given.length > 0) {
    const [name, value] = given.splice(0, 2);
    const key = name.replace(/^--/, "");
    if (!(key in known) || !/^\d+$/.test(value ?? "")) {
      const all = Object.keys(known).map((option) => `--${option} N`);
      throw new Error(`${name} ${value ?? ""}: the options are ${all.join(", ")}`);
    }
    known[key] = Number(value);
  }
  console.log(`seed                     ${known.seed}`);
  return known;
}

/** Whole numbers below `n` that depend on the seed alone. */
export function randomOf(seed) {
  let state = seed >>> 0;
  return (n) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * n);
  };
}
