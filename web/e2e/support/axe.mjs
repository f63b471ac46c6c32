/** What is wrong with a page for people who do not see it, or use no mouse. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The serious and critical findings in a part of a page, which is said as axe wants it: none, one hopes. */
export async function seriousIn(page, context = "body") {
  await page.evaluate(axe);
  const found = await page.evaluate((part) => globalThis.axe.run(part), context);
  const serious = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
