/** What was done is there after a reload, and each other is seen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { converged } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();

test("a reload keeps all", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.rename("Load", "Load average");
  await bo.drag("Disks", 8, 0);
  const before = await converged(play.server, ada, bo);
  const sight = await ada.sight();
  await Promise.all([ada.page.reload(), bo.page.reload()]);
  await Promise.all([ada.isHere(), bo.isHere()]);
  assert.deepEqual(await converged(play.server, ada, bo), before);
  assert.deepEqual(await ada.sight(), sight);
  assert.equal(panelOf(before, "Load average").type, "stat");
  assert.deepEqual(before["unknown key"], fourPanels()["unknown key"]);
});

test("people see each other: avatar, cursor, selection", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await bo.page.locator("[data-testid='avatar'][data-user='Ada']").waitFor();
  const item = await ada.item("Memory");
  await ada.widget("Memory").click({ position: { x: 40, y: 80 } });
  await bo.byTestId(`ring-${item}`).getByText("Ada").waitFor();
  const box = await ada.widget("Memory").boundingBox();
  await ada.page.mouse.move(box.x + 30, box.y + 60, { steps: 4 });
  await bo.byTestId("cursor-Ada").waitFor();
  await play.shot(bo, "two-people");
  await ada.person.context.close();
  const gone = () => bo.page.locator("[data-testid='avatar'][data-user='Ada']").count();
  await until("Ada is gone", async () => (await gone()) === 0);
});
