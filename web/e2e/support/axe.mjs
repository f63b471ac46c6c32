/** What is wrong with a page for people who do not see it, or use no mouse. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** The serious and critical findings in what a selector finds: none, one hopes. */
export async function seriousIn(page, selector = "body") {
  await page.evaluate(axe);
  const found = await page.evaluate((part) => globalThis.axe.run(part), selector);
  const serious = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
  return serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
}
