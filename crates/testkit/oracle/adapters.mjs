/**
 * Prints operations of the peers with what their own packages make of them, one JSON object a
 * line, for the example `peers` of the crate of adapters to make the same of.
 *
 * An operation is some steps composed, what is left of it after another person's, or an inverse:
 * the forms that come out of ShareDB, not only those that a person would write. A case without
 * `after` is one whose root is gone.
 */
import * as json0 from "./json0-cases.mjs";
import * as json1 from "./json1-cases.mjs";
import { document, Random } from "./random.mjs";

const TYPES = { json0, json1 };
const STEPS_MAX = 5;
/** How often each kind of component must have come before the cases say anything. */
const KIND_MIN = 0.0005;

const [kind, count, seed] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4] ?? 1)];
const type = TYPES[kind];
if (type === undefined || !(count > 0)) {
  console.error("Usage: node adapters.mjs json0|json1 COUNT [SEED]");
  process.exit(2);
}

const met = new Map(type.KINDS.map((name) => [name, 0]));
let failed = 0;
let halves = 0;
for (let number = 0; number < count; number += 1) {
  const found = testCase(new Random(seed, number));
  if (found === null) {
    failed += 1;
    continue;
  }
  if (type.halves(found)) {
    halves += 1;
    continue;
  }
  for (const name of type.kinds(found.op)) met.set(name, (met.get(name) ?? 0) + 1);
  process.stdout.write(`${JSON.stringify({ n: number, ...found })}\n`);
}
report();

function testCase(random) {
  const start = document(random);
  const [mine, after] = made(random, start);
  const way = random.below(10);
  if (way < 6) return { form: "composed", document: start, op: mine, after };
  const [theirs, there] = made(random, start);
  const side = random.pick(["left", "right"]);
  const inverse = way < 8;
  const before = inverse ? after : there;
  if (before === undefined) return null;
  try {
    const op = inverse ? type.invert(mine, start) : type.transform(mine, theirs, side);
    return { form: inverse ? "inverse" : "transformed", document: before, op, after: type.applied(before, op) };
  } catch {
    // The package fails at its own operation.
    return null;
  }
}

/** Some steps as one operation, and the document after it. */
function made(random, start) {
  let op = type.step(random, start);
  let after = type.applied(start, op);
  for (let left = random.below(STEPS_MAX); left > 0 && after !== undefined; left -= 1) {
    const next = type.step(random, after);
    op = type.compose(op, next);
    after = type.applied(after, next);
  }
  return [op, type.applied(start, op)];
}

/** To the other stream: standard output is read by the other program. */
function report() {
  console.error(`${kind}: ${count} cases, the package fails at ${failed}, ${halves} with half a letter`);
  for (const [name, times] of [...met].sort((a, b) => b[1] - a[1])) console.error(`  ${String(times).padStart(8)}  ${name}`);
  const rare = type.KINDS.filter((name) => met.get(name) < count * KIND_MIN);
  if (rare.length > 0) {
    console.error(`too rare: ${rare.join(", ")}`);
    process.exitCode = 1;
  }
}
