/** Friendly names for people who have not told us theirs. */

const ADJECTIVES = [
  "Amber",
  "Brave",
  "Calm",
  "Clever",
  "Copper",
  "Curious",
  "Eager",
  "Gentle",
  "Golden",
  "Honest",
  "Jolly",
  "Keen",
  "Kind",
  "Lively",
  "Lucky",
  "Mellow",
  "Nimble",
  "Patient",
  "Quick",
  "Quiet",
  "Rapid",
  "Silver",
  "Steady",
  "Sunny",
  "Swift",
  "Tidy",
  "Velvet",
  "Warm",
  "Wise",
  "Witty",
]; // prettier-ignore
const ANIMALS = [
  "Badger",
  "Beaver",
  "Bison",
  "Crane",
  "Dolphin",
  "Falcon",
  "Finch",
  "Fox",
  "Gecko",
  "Hare",
  "Heron",
  "Ibex",
  "Jay",
  "Koala",
  "Lark",
  "Lynx",
  "Marten",
  "Mole",
  "Newt",
  "Otter",
  "Owl",
  "Panda",
  "Puffin",
  "Raven",
  "Robin",
  "Seal",
  "Stork",
  "Swan",
  "Tapir",
  "Wren",
]; // prettier-ignore

/** A name made of two words; `random` gives numbers in [0, 1). */
export function friendlyName(random: () => number): string {
  return `${pick(ADJECTIVES, random)} ${pick(ANIMALS, random)}`;
}

function pick(words: readonly string[], random: () => number): string {
  return words[Math.floor(random() * words.length)] ?? "Someone";
}

/** One or two letters that stand for a name. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const first = [...(words[0] ?? "?")][0] ?? "?";
  const last = words.length > 1 ? ([...(words[words.length - 1] ?? "")][0] ?? "") : "";
  return (first + last).toUpperCase();
}
