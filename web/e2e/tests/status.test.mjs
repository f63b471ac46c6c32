/** The details of the sync status: what waits by widget, what is given up, what somebody who helps is told. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { seriousIn } from "../support/axe.mjs";
import { converged } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();

/** Ada works without a server: three changes of two widgets wait, none of them was sent. */
async function alone(ada) {
  await play.server.kill();
  await until("it notices", async () => (await ada.state()) !== "saved");
  await ada.rename("Load", "given up");
  await ada.rename("Memory", "renamed");
  await ada.drag("Disks", 8, 0);
  await until("all of it waits", async () => {
    return (await ada.byTestId("status-pill").getAttribute("data-durability")) === "device";
  });
  await ada.byTestId("status-pill").focus();
  await ada.page.keyboard.press("Enter");
  const details = ada.byTestId("status-popover");
  await details.waitFor();
  return details;
}

test("what waits stands at its widget; what is given up is never sent, and can be made again", async () => {
  const [ada, bo] = await play.two(fourPanels());
  const details = await alone(ada);
  const groups = details.getByTestId("waiting-group");
  assert.deepEqual(await groups.getByRole("heading").allTextContents(), ["given up", "renamed", "Disks"]);
  await details.getByText("Last error").waitFor();
  await play.shot(ada, "status-waiting-light");
  assert.deepEqual(await seriousIn(ada.page, "[data-testid='status-popover']"), []);

  await details.getByRole("button", { name: /^Discard: rename Load/ }).press("Enter");
  await ada.widget("Load").waitFor();
  const discarded = details.getByRole("region", { name: "Discarded" });
  await discarded.getByText("rename Load").waitFor();
  assert.equal(await groups.count(), 2);
  await play.shot(ada, "status-discarded-light");

  await play.server.launch();
  const without = await converged(play.server, ada, bo);
  assert.ok(panelOf(without, "Load") && panelOf(without, "renamed"), JSON.stringify(without.panels));
  assert.equal(panelOf(without, "Disks").gridPos.x, 8);
  // Made, and imported before: three operations, none of them the one that was given up.
  assert.equal(await play.server.revision(ada.id), 3);

  await discarded.getByRole("button", { name: "Make again: rename Load" }).click();
  await bo.widget("given up").waitFor();
  await discarded.waitFor({ state: "detached" });
  assert.ok(panelOf(await converged(play.server, ada, bo), "given up"));
});

test("diagnostics tell states and numbers; Escape gives the focus back", async () => {
  const id = await play.server.import(fourPanels());
  const ada = await play.at(id, "Ada", { colorScheme: "dark" });
  await ada.person.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const details = await alone(ada);
  await play.shot(ada, "status-waiting-dark");
  await details.getByRole("button", { name: "Copy diagnostics" }).click();
  await details.getByRole("button", { name: "Copied" }).waitFor();
  const facts = JSON.parse(await ada.page.evaluate(() => navigator.clipboard.readText()));
  assert.equal(facts.document, id);
  assert.equal(facts.waiting.count, 3);
  assert.equal(facts.waiting.oldest[0].label, "rename Load");
  assert.equal(facts.connection.state, "reconnecting");
  assert.ok(facts.lastProblem.text && facts.limits.lineage && facts.sync.pendingCount === 3);

  const download = ada.page.waitForEvent("download");
  await details.getByRole("button", { name: "Export unsaved" }).click();
  const file = readFileSync(await (await download).path(), "utf8");
  assert.equal(JSON.parse(file).documents[0].waiting.length, 3);

  await ada.page.setViewportSize({ width: 390, height: 844 });
  await play.shot(ada, "status-waiting-phone-dark");
  await ada.page.setViewportSize({ width: 1280, height: 900 });
  await ada.page.keyboard.press("Escape");
  await details.waitFor({ state: "detached" });
  const focused = () => ada.page.evaluate(() => document.activeElement?.dataset.testid);
  await until("the focus is back", async () => (await focused()) === "status-pill");
  // The focus comes into the details late; until then Escape is pressed at the button.
  await ada.page.keyboard.press("Enter");
  await details.waitFor();
  await until("the focus is inside", async () => (await focused()) === "status-popover");
  await ada.byTestId("status-pill").focus();
  await ada.page.keyboard.press("Escape");
  await details.waitFor({ state: "detached" });
  assert.equal(await focused(), "status-pill");
  await play.server.launch();
  await ada.saved();
});
