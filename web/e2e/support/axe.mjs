/** What axe finds on a page: nothing serious or critical may be there. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const source = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const GRAVE = ["serious", "critical"];
/** Off by default in axe, and asked for here: a target is at least 24 pixels wide and high, or far from others. */
const RULES = { "target-size": { enabled: true } };

/**
 * The serious and critical findings, on the whole page or in one part of it.
 *
 * @param {import("playwright-core").Page} page
 * @param {string | object} [context] a selector of what has to be there, since a part that was never reached has no
 * faults; or a context as axe wants it
 */
export async function seriousIn(page, context = "body") {
  if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(source);
  const { violations, passes } = await page.evaluate(
    async ([within, rules]) => {
      if (typeof within === "string" && !document.querySelector(within))
        throw new Error(`there is no ${within}`);
      const found = await globalThis.axe.run(within, { rules, resultTypes: ["violations"] });
      return { violations: found.violations, passes: found.passes.length };
    },
    [context, RULES],
  );
  assert.ok(passes > 0, "axe has looked at nothing");
  const grave = violations.filter(({ impact }) => GRAVE.includes(impact));
  return grave.map(({ id, nodes }) => [id, nodes.map(({ html, any }) => `${html} ${any[0]?.message ?? ""}`)]);
}

/** A tour of places that all have to be reached and looked at: what is missing at its end is a failure as well. */
export class Tour {
  #left;
  #found = [];

  /** @param {readonly string[]} places */
  constructor(places) {
    this.#left = new Set(places);
  }

  /** Looks at the page, or a part of it, once `proof` is to be seen on it, which is there at this place alone. */
  async look(page, place, proof, part) {
    assert.ok(this.#left.delete(place), `${place} is on the list, once`);
    await proof.first().waitFor({ state: "visible", timeout: 10_000 });
    for (const fault of await seriousIn(page, part)) this.#found.push([place, ...fault]);
  }

  end() {
    assert.deepEqual([...this.#left], [], "every place was reached");
    assert.deepEqual(this.#found, []);
  }
}
