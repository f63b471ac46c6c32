/** A network that lets no WebSocket through. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { converged } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";

const play = stage({ transport: "polling" });

test("two people work together over HTTP polling alone", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.byTestId("status-pill").click();
  await ada.byTestId("status-popover").getByText("HTTP polling").waitFor();
  await ada.byTestId("status-pill").click();
  await ada.rename("Load", "polled");
  await bo.widget("polled").waitFor();
  await bo.drag("Disks", 16, 0);
  const after = await converged(play.server, ada, bo);
  assert.equal(panelOf(after, "Disks").gridPos.x, 16);
  assert.ok(panelOf(after, "polled"));
});
