/** The server dies under two people and comes back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { converged } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();
const APART = ["offline", "reconnecting", "connecting"];

test("a killed server comes back: both reconnect by themselves and nothing is lost", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.rename("Load", "before the crash");
  await ada.saved();
  await play.server.kill();
  for (const dashboard of [ada, bo]) {
    await until("it says so", async () => APART.includes(await dashboard.state()));
  }
  await ada.rename("Memory", "Ada, offline");
  await bo.rename("Disks", "Bo, offline");
  await until("work is waiting", async () => (await bo.state()) === "offline");
  await play.shot(bo, "offline");
  await play.server.launch();
  const after = await converged(play.server, ada, bo);
  for (const title of ["before the crash", "Ada, offline", "Bo, offline"]) {
    assert.ok(panelOf(after, title), `${title} in ${JSON.stringify(after.panels)}`);
  }
  assert.equal(after.panels.length, 4);
});

test("a kill in the middle of typing loses no letter", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.edit("Notes");
  await ada.writeAt("Control+End");
  const typing = ada.page.keyboard.type(" and so on and so forth", { delay: 25 });
  await bo.widget("Notes").getByText("and so").waitFor();
  await play.server.kill();
  await typing;
  await play.server.launch();
  const after = await converged(play.server, ada, bo);
  assert.equal(panelOf(after, "Notes").options.content, "middle and so on and so forth");
});
