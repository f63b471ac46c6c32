/** Two people drag at the same time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { converged } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();

test("different panels dragged at once both end where they were put", async () => {
  const [ada, bo] = await play.two(fourPanels());
  const load = await ada.item("Load");
  await ada.grab("Load", 12, 300);
  await bo.grab("Notes", -16, 500);
  // While it lasts each sees where the other is going.
  await bo.byTestId(`ghost-${load}`).waitFor();
  await play.shot(bo, "drag-of-two-panels");
  await Promise.all([ada.release(), bo.release()]);
  const after = await converged(play.server, ada, bo);
  assert.equal(panelOf(after, "Load").gridPos.x, 12);
  assert.equal(panelOf(after, "Notes").gridPos.x, 0);
  assert.equal(after.panels.length, 4);
  assert.deepEqual(overlaps(after), []);
});

test("one panel dragged by both ends at one of the two places, the same for both", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.grab("Load", 16, 400);
  await bo.grab("Load", 8, 400);
  await Promise.all([ada.release(), bo.release()]);
  await until("the server has both", async () => (await play.server.revision(ada.id)) >= 3);
  const after = await converged(play.server, ada, bo);
  assert.ok([8, 16].includes(panelOf(after, "Load").gridPos.x), JSON.stringify(after.panels));
  assert.equal(after.panels.length, 4);
});

/** Pairs of panels that lie on each other. */
function overlaps({ panels }) {
  return panels.flatMap((a, index) =>
    panels
      .slice(index + 1)
      .filter((b) => meet(a.gridPos, b.gridPos))
      .map((b) => [a.title, b.title]),
  );
}

function meet(a, b) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}
