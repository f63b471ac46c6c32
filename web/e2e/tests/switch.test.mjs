/** A network that takes WebSockets away and gives them back, again and again, under two people at work. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { converged } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";

const play = stage({ transport: "switch" });
/** To polling, to WebSockets, and to polling once more. */
const SWITCHES = 3;
const LETTERS_MAX = 400;

test("work goes on over every switch: pages say by what, and each change arrives once", async () => {
  const [ada, bo] = await play.two(fourPanels());
  const { network } = play.server;
  await ada.edit("Notes");
  await ada.writeAt("Control+End");
  // Pages that were slow to open have seen some already.
  const before = network.switches;
  const seen = () => network.switches - before;
  let typed = "";
  let renamed = 0;
  while (seen() < SWITCHES && typed.length < LETTERS_MAX) {
    await ada.page.keyboard.type("abcd ", { delay: 25 });
    typed += "abcd ";
    renamed += 1;
    await bo.rename(renamed === 1 ? "Load" : `${renamed - 1}`, `${renamed}`);
  }
  assert.ok(seen() >= SWITCHES, `${seen()} switches`);
  const after = await converged(play.server, ada, bo);
  assert.equal(panelOf(after, "Notes").options.content, `middle${typed}`);
  assert.ok(panelOf(after, `${renamed}`), JSON.stringify(after.panels.map(({ title }) => title)));
  assert.deepEqual([...network.claims].sort(), ["polling", "websocket"]);
});
