/**
 * Replays cases of the program `oracle`, one JSON object a line on standard input, with the
 * packages of the peers, and prints how often each class of outcome came.
 *
 * Ends with an error if a difference is left that no named condition of its case explains.
 */
import { createInterface } from "node:readline";
import { Json } from "./json.mjs";
import { Text } from "./text.mjs";

const SHOWN_MAX = 5;

const kind = process.argv[2];
const replay = kind === "text" ? new Text() : kind === "json" ? new Json() : null;
if (replay === null) {
  console.error("Usage: node replay.mjs text|json < CASES");
  process.exit(2);
}

/** How often each class came, by what was compared. */
const counts = new Map();
let cases = 0;
let unexplained = 0;

function count(what, found) {
  const classes = counts.get(what) ?? new Map();
  classes.set(found, (classes.get(found) ?? 0) + 1);
  counts.set(what, classes);
}

for await (const line of createInterface({ input: process.stdin })) {
  const testCase = JSON.parse(line);
  cases += 1;
  replay.run(testCase, (what, found, seen) => {
    count(what, found);
    if (found !== "unexplained") return;
    unexplained += 1;
    if (unexplained <= SHOWN_MAX) {
      console.log(`case ${testCase.n}, ${what}:\n  ${seen}\n  ${line}`);
    }
  });
}

console.log(`${kind}: ${cases} cases`);
for (const [what, classes] of counts) {
  const sorted = [...classes].sort((a, b) => b[1] - a[1]);
  console.log(`  ${what}`);
  for (const [found, times] of sorted) console.log(`    ${String(times).padStart(8)}  ${found}`);
}
console.log(`  unexplained: ${unexplained}`);
if (unexplained > 0 || cases === 0) process.exit(1);
