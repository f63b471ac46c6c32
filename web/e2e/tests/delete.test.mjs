/** One deletes what the other is editing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { converged } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";

const play = stage();

test("a widget deleted under an editor is gone for both, and undo brings it back with the edit", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await bo.edit("Notes");
  await bo.writeAt("Control+End");
  await bo.page.keyboard.type(" by Bo");
  await bo.saved();
  // Whoever has just lost the connection knows of nobody, and is not asked.
  const switchAgain = play.server.network.hold();
  await ada.widget("Notes").getByText("Bo is editing").waitFor();
  await ada.remove("Notes", { asked: true });
  switchAgain();
  await bo.byTestId("editor-panel").waitFor({ state: "detached" });
  const without = await converged(play.server, ada, bo);
  assert.deepEqual(
    without.panels.map((panel) => panel.title),
    ["Load", "Memory", "Disks"],
  );

  await ada.byTestId("undo").click();
  await ada.widget("Notes").waitFor();
  const back = await converged(play.server, ada, bo);
  assert.equal(panelOf(back, "Notes").options.content, "middle by Bo");
});

test("an undo takes back one's own change and leaves that of the other", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.rename("Load", "Load of Ada");
  await bo.rename("Disks", "Disks of Bo");
  await converged(play.server, ada, bo);
  await ada.byTestId("undo").click();
  await bo.widget("Load").waitFor();
  const after = await converged(play.server, ada, bo);
  assert.ok(panelOf(after, "Load") && panelOf(after, "Disks of Bo"), JSON.stringify(after.panels));
});
