/** Everything that dragging does, the keyboard does too. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { converged } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";

const play = stage();

test("a widget is moved and resized with the arrows", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.focus("Disks");
  for (const key of ["m", "ArrowRight", "ArrowRight", "Shift+ArrowRight", "Enter"]) {
    await ada.page.keyboard.press(key);
  }
  const after = await converged(play.server, ada, bo);
  const { x, w } = panelOf(after, "Disks").gridPos;
  assert.deepEqual({ x, w }, { x: 2, w: 9 });
});

test("Escape takes a move back", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.focus("Disks");
  for (const key of ["m", "ArrowRight", "ArrowRight", "Escape"]) await ada.page.keyboard.press(key);
  await bo.rename("Load", "marker");
  const after = await converged(play.server, ada, bo);
  assert.deepEqual(panelOf(after, "Disks").gridPos, panelOf(fourPanels(), "Disks").gridPos);
});
