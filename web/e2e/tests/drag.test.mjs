/** Two people drag at the same time. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { converged } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

/** A row with the gap below it. */
const ROW_PX = 38;

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

test("two panels dragged to one place at once end below each other, for both", async () => {
  const [ada, bo] = await play.two(fourPanels());
  // Both aim at the free place below Memory: column 8, row 6.
  await ada.grab("Disks", 8, 0);
  await bo.grab("Load", 8, 6 * ROW_PX);
  await play.shot(ada, "drag-to-one-place-before");
  await Promise.all([ada.release(), bo.release()]);
  await until("the server has both", async () => (await play.server.revision(ada.id)) >= 3);
  const after = await converged(play.server, ada, bo);
  await play.shot(ada, "drag-to-one-place-ada");
  await play.shot(bo, "drag-to-one-place-bo");
  const places = ["Disks", "Load"].map((title) => panelOf(after, title).gridPos);
  assert.deepEqual(
    places.map(({ x }) => x),
    [8, 8],
  );
  assert.deepEqual(places.map(({ y }) => y).sort(), [12, 6]);
  assert.deepEqual(overlaps(after), []);
  // What one of them takes back does not take back the other's.
  await ada.page.keyboard.press("Control+z");
  await until("the undo is here", async () => (await play.server.revision(ada.id)) >= 4);
  const undone = await converged(play.server, ada, bo);
  assert.deepEqual(
    ["Disks", "Load"].map((title) => panelOf(undone, title).gridPos.x),
    [0, 8],
  );
  // Where Bo's drop came second it put Disks lower, and that is newer than what Ada takes back.
  assert.ok([6, 12].includes(panelOf(undone, "Disks").gridPos.y), JSON.stringify(undone.panels));
  assert.deepEqual(overlaps(undone), []);
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
