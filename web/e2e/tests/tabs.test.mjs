/** Several tabs of one person: one connection at the server, and nothing depends on a single one of them. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { converged, Dashboard } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { block, crash, leaderOf, openTab, via } from "../support/tabs.mjs";
import { until } from "../support/until.mjs";

/** A leader that stands still is replaced in so long: see the limits in the SDK; what is over is slack. */
const STUCK_MS = 12_000;
const REPLACED_MS_MAX = 8_000;
/** A hand-over takes some hundred milliseconds; without one an answer that does not come is missed after twenty seconds. */
const HAND_OVER_MS_MAX = 8_000;

// Sockets are counted, so nothing else may get through.
const play = stage({ transport: "websocket" });

/** Tabs of somebody at a fresh dashboard, on a network that nobody else uses. */
async function tabsOf(count, name = "Ada") {
  const id = await play.server.import(fourPanels());
  const line = await play.line();
  const person = await play.person(name, { line });
  const tabs = [await Dashboard.open(person, play.server, id)];
  for (let index = 2; index <= count; index += 1) tabs.push(await openTab(person, id, `tab ${index}`));
  return { id, tabs, line, person };
}

/** Waits until what was done after the end of the leader has arrived. */
function isHandedOver(id, revision) {
  const arrived = async () => (await play.server.revision(id)) === revision;
  return until("it is handed over", arrived, HAND_OVER_MS_MAX);
}

/** What the details of the status say about the connection. */
async function connectionIn(dashboard) {
  await dashboard.byTestId("status-pill").click();
  const details = dashboard.byTestId("status-popover");
  const said = await details.locator("dt:text-is('Connection') + dd").textContent();
  await dashboard.page.keyboard.press("Escape");
  await details.waitFor({ state: "detached" });
  return said;
}

test("three tabs have one connection; it is handed on when its tab is closed, and when it crashes", async () => {
  const { id, tabs, line } = await tabsOf(3);
  assert.deepEqual(await Promise.all(tabs.map(via)), ["own-socket", "other-tab", "other-tab"]);
  assert.equal(line.websockets, 1);
  const [a, b, c] = tabs;
  assert.equal(await connectionIn(a), "WebSocket");
  assert.equal(await connectionIn(b), "WebSocket, through another tab");
  await b.rename("Load", "of the second tab");
  await a.widget("of the second tab").waitFor();
  await c.widget("of the second tab").waitFor();
  await a.page.close();
  await b.rename("Memory", "after the first was closed");
  await isHandedOver(id, 3);
  await c.widget("after the first was closed").waitFor();
  const leader = await leaderOf([b, c]);
  const [other] = [b, c].filter((tab) => tab !== leader);
  await crash(leader);
  await other.rename("Disks", "after the second crashed");
  await isHandedOver(id, 4);
  await until("the other leads", async () => (await via(other)) === "own-socket");
  await until("one connection is left", () => line.websockets === 1);
  const dashboard = await converged(play.server, other);
  for (const title of ["of the second tab", "after the first was closed", "after the second crashed"]) {
    assert.ok(panelOf(dashboard, title), title);
  }
  assert.equal(await play.server.revision(id), 4);
});

test("a tab that stands still is led by another one, and follows when it goes on", async () => {
  const { tabs, line } = await tabsOf(2);
  const [leader, other] = tabs;
  await block(leader, STUCK_MS);
  const start = performance.now();
  await other.rename("Load", "while the other stood still");
  await until("the other leads", async () => (await via(other)) === "own-socket", REPLACED_MS_MAX);
  await other.saved();
  assert.ok(performance.now() - start < STUCK_MS);
  await leader.widget("while the other stood still").waitFor();
  await until("the first follows", async () => (await via(leader)) === "other-tab");
  await until("one connection is left", () => line.websockets === 1);
});

test("who is gone is seen no more, although their connection lives on", async () => {
  const { id, tabs, line, person } = await tabsOf(1);
  const [ada] = tabs;
  await ada.page.goto(line.url);
  await until("the list leads", () => line.websockets === 1);
  const second = await openTab(person, id, "Ada, at the dashboard");
  assert.equal(await via(second), "other-tab");
  const bo = await play.at(id, "Bo");
  const sees = () => bo.page.locator("[data-testid='avatar'][data-user='Ada']").count();
  await until("Bo sees Ada", sees);
  await crash(second);
  await until("Bo does not see Ada", async () => (await sees()) === 0, 5_000);
  assert.equal(line.websockets, 1);
});

test("two people in one browser share nothing", async () => {
  const { id, tabs, line, person } = await tabsOf(1);
  const [ada] = tabs;
  await person.context.addInitScript(() => {
    localStorage.setItem("coboard-identity", JSON.stringify({ id: "u-eve", name: "Eve" }));
  });
  const eve = await openTab(person, id, "Eve, in Ada's browser");
  assert.deepEqual(await Promise.all([ada, eve].map(via)), ["own-socket", "own-socket"]);
  assert.equal(line.websockets, 2);
  // Each is told under the right name who else is here.
  await ada.page.locator("[data-testid='avatar'][data-user='Eve']").waitFor();
  await eve.page.locator("[data-testid='avatar'][data-user='Ada']").waitFor();
  await eve.rename("Load", "by Eve");
  await ada.rename("Memory", "by Ada");
  await converged(play.server, ada, eve);
  const authorOf = async (title) => play.server.authorOfTitle(id, await ada.item(title));
  assert.equal(await authorOf("by Eve"), "u-eve");
  assert.equal(await authorOf("by Ada"), "u-ada");
});
