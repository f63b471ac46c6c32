/** Two people at work on the sample dashboard, and pictures of it for people to look at. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { converged } from "../support/dashboard.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();

test("a fresh server has a sample; two people work on it without a complaint", async () => {
  const [sample] = await until("the sample is there", async () => {
    const dashboards = await play.server.list();
    return dashboards.length > 0 && dashboards;
  });
  const ada = await play.at(sample.id, "Ada");
  const bo = await play.at(sample.id, "Bo", { colorScheme: "dark" });
  const frames = ada.page.locator("section[data-item]");
  await until("all is drawn", async () => (await frames.count()) >= 4);
  const titles = await frames.getByTestId("widget-title").allTextContents();
  await bo.edit(titles[0]);
  await ada.widget(titles[1]).click({ position: { x: 60, y: 60 } });
  const box = await ada.widget(titles[2]).boundingBox();
  await ada.page.mouse.move(box.x + 40, box.y + 40, { steps: 4 });
  await bo.byTestId("cursor-Ada").waitFor();
  await play.shot(ada, "scene-light");
  await play.shot(bo, "scene-dark");
  await bo.byTestId("editor-close").click();
  await bo.drag(titles[3], 0, 60);
  await converged(play.server, ada, bo);
  for (const { person } of [ada, bo]) assert.deepEqual(person.complaints, []);
});
