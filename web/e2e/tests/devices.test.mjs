/** One person on several devices and tabs: what is open where, going on elsewhere, and what a tab keeps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seriousIn } from "../support/axe.mjs";
import { Dashboard } from "../support/dashboard.mjs";
import { fourPanels } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();
const PHONE = { width: 390, height: 844 };

/** Many screens of widgets, two beside each other. */
function tall(title = "Tall") {
  const panels = Array.from({ length: 16 }, (_, index) => ({
    id: index + 1,
    type: "timeseries",
    title: `Panel ${index + 1}`,
    gridPos: { x: (index % 2) * 12, y: Math.floor(index / 2) * 9, w: 12, h: 9 },
    targets: [{ refId: "A", datasource: { type: "coboard-testdata" }, scenario: "random_walk", seed: index }],
  }));
  return { title, schemaVersion: 39, time: { from: "now-6h", to: "now" }, panels };
}

/** Scrolls the canvas so that a widget is cut by its upper edge at this part of it. */
async function scrollTo(dashboard, title, part) {
  await dashboard.widget(title).evaluate((frame, offset) => {
    const canvas = document.querySelector("#main");
    const { top, height } = frame.getBoundingClientRect();
    const padding = Number.parseFloat(getComputedStyle(canvas).paddingTop);
    canvas.scrollTop += top + height * offset - canvas.getBoundingClientRect().top - padding;
  }, part);
}

/** Which widget the upper edge of the canvas cuts, and at which part of it, in tenths. */
function place({ page }) {
  return page.evaluate(() => {
    const canvas = document.querySelector("#main");
    const edge = canvas.getBoundingClientRect().top + Number.parseFloat(getComputedStyle(canvas).paddingTop);
    const frames = [...canvas.querySelectorAll("[data-item]")].map((frame) => ({
      title: frame.querySelector("[data-testid='widget-title']")?.textContent,
      box: frame.getBoundingClientRect(),
    }));
    const seen = frames.filter(({ box }) => box.bottom > edge + 16);
    seen.sort((a, b) => a.box.top - b.box.top || a.box.left - b.box.left);
    const [{ title, box }] = seen;
    return `${title} ${Math.round((10 * Math.max(0, edge - box.top)) / box.height)}`;
  });
}

async function isAt(dashboard, wanted) {
  await until(`${dashboard.person.name} at ${wanted}`, async () => {
    assert.equal(await place(dashboard), wanted);
    return true;
  });
}

const rangeOf = (dashboard) => dashboard.byTestId("range").getAttribute("data-from");

async function chooseRange(dashboard, name) {
  await dashboard.byTestId("range").click();
  const panel = dashboard.byTestId("range-panel");
  await panel.getByRole("button", typeof name === "string" ? { name, exact: true } : { name }).click();
  await panel.waitFor({ state: "detached" });
}

/** Opens "Your devices" on whatever page it is. */
async function devices(page) {
  await page.getByTestId("user-menu").click();
  await page.getByRole("menuitem", { name: "Your devices…" }).click();
  const list = page.getByTestId("devices");
  await until("the list is there", async () => (await list.getAttribute("data-state")) === "ready");
  return list;
}

/** The list of dashboards in a browser of somebody. */
async function atList(name, options) {
  const person = await play.person(name, options);
  await person.page.goto(play.server.url);
  await person.page.getByTestId("user-menu").waitFor();
  return person;
}

test("what is open on one device continues on another, at the same widget and time range", async () => {
  const id = await play.server.import(tall());
  const laptop = await play.at(id, "Ada");
  await chooseRange(laptop, "Last 1 h");
  await scrollTo(laptop, "Panel 7", 0.5);
  await isAt(laptop, "Panel 7 5");

  const phone = await atList("Ada", { colorScheme: "dark" });
  await phone.page.setViewportSize(PHONE);
  const list = await devices(phone.page);
  const there = list.getByTestId("own-tab").filter({ hasText: "Tall" });
  await there.getByText("Last 1 h").waitFor();
  const seventh = await laptop.item("Panel 7");
  await until("the list knows the place", async () => (await there.getAttribute("data-anchor")) === seventh);
  await play.shot(phone, "devices-phone-dark");
  assert.deepEqual(await seriousIn(phone.page, "[role='dialog']"), []);
  await there.getByRole("button", { name: /^Continue here: Tall/ }).click();
  const continued = new Dashboard(phone, id);
  await continued.isHere();
  await isAt(continued, "Panel 7 5");
  assert.equal(await rangeOf(continued), "now-1h");
  await play.shot(continued, "devices-continued-phone");
  await continued.byTestId("range").click();
  await continued.byTestId("range-panel").waitFor();
  await play.shot(continued, "range-phone-dark");
  assert.deepEqual(await seriousIn(phone.page, "[data-testid='range-panel']"), []);
  await phone.page.keyboard.press("Escape");
  await continued.byTestId("range-panel").waitFor({ state: "detached" });

  // And back, to where it was read on to meanwhile: the dashboard is open there already.
  await scrollTo(continued, "Panel 11", 0.2);
  await chooseRange(continued, "Last 24 h");
  const back = (await devices(laptop.page)).getByRole("button", { name: /^Continue here: Tall/ });
  await until("the list tells the new range", async () => {
    return (await laptop.byTestId("devices").getByText("Last 24 h").count()) === 1;
  });
  await play.shot(laptop, "devices-light");
  await back.click();
  await isAt(laptop, "Panel 11 2");
  assert.equal(await rangeOf(laptop), "now-24h");
  // All of it is what they look at, and nothing of it is in the dashboard.
  assert.equal(await play.server.revision(id), 1);
});

test("the list is live, has this tab and one's own alone", async () => {
  const id = await play.server.import(tall());
  const [ada, bo] = [await play.at(id, "Ada"), await play.at(id, "Bo")];
  const ofBo = await devices(bo.page);
  await ofBo.getByText("Nothing else is connected").waitFor();
  const ofAda = await devices(ada.page);
  // Without a socket to be closed, a browser that is gone is known to be so by its silence.
  await until("nothing else", async () => (await ofAda.getByTestId("own-tab").count()) === 1);
  assert.equal(await ofAda.getByTestId("own-tab").getAttribute("data-this"), "true");
  await play.shot(ada, "devices-alone-light");

  const tab = await ada.person.context.newPage();
  await tab.goto(`${play.server.url}/d/${id}`);
  await ofAda.getByRole("button", { name: /^Continue here: Tall/ }).waitFor();
  assert.equal(await ofAda.getByTestId("own-device").count(), 1, "two tabs of one device");
  await tab.close();
  await ofAda.getByText("Nothing else is connected").waitFor();
  await ofBo.getByText("Nothing else is connected").waitFor();
  assert.equal(await ofBo.getByTestId("own-tab").count(), 1);
});

test("a reload keeps place and time range; the list leads back, also without a server", async () => {
  const [tallId, otherId] = [await play.server.import(tall()), await play.server.import(fourPanels())];
  await play.server.import({ title: "Never opened", panels: [] });
  const other = await play.at(otherId, "Ada");
  const { page } = other;
  await page.goto(`${play.server.url}/d/${tallId}`);
  const ada = new Dashboard(other.person, tallId);
  await ada.isHere();
  // With the keyboard alone: from what is shown to what is below it.
  await ada.byTestId("range").focus();
  await page.keyboard.press("Enter");
  const pressed = () => page.evaluate(() => document.activeElement.ariaPressed);
  await until("the focus is at what is shown", async () => (await pressed()) === "true");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await until("what is below it", async () => (await rangeOf(ada)) === "now-2d");
  const focused = () => page.evaluate(() => document.activeElement.dataset.testid);
  await until("the focus is back", async () => (await focused()) === "range");
  await page.keyboard.press("Enter");
  const panel = ada.byTestId("range-panel");
  await panel.getByLabel("From").fill("last week");
  await panel.getByLabel("From").press("Enter");
  await panel.getByText('"last week" is no moment').waitFor();
  await play.shot(ada, "range-problem-light");
  assert.deepEqual(await seriousIn(page, "[data-testid='range-panel']"), []);
  await panel.getByLabel("From").fill("now-36h");
  await panel.getByLabel("From").press("Enter");
  await until("it is shown", async () => (await rangeOf(ada)) === "now-36h");
  await scrollTo(ada, "Panel 9", 0.3);
  await isAt(ada, "Panel 9 3");
  await page.reload();
  await ada.isHere();
  await isAt(ada, "Panel 9 3");
  assert.equal(await rangeOf(ada), "now-36h");

  await page.getByRole("link", { name: "All dashboards" }).click();
  const recent = page.getByTestId("recent").getByRole("link");
  await recent.first().waitFor();
  const titles = () => recent.evaluateAll((links) => links.map((link) => link.children[1].textContent));
  assert.deepEqual(await titles(), ["Tall", "Four panels"]);
  await play.shot(ada, "recent-light");
  await page.setViewportSize(PHONE);
  await play.shot(ada, "recent-phone-light");
  await page.setViewportSize({ width: 1280, height: 900 });
  await play.server.kill();
  await page.getByTestId("offline-note").waitFor();
  assert.deepEqual(await titles(), ["Tall", "Four panels"]);
  await page.getByTestId("user-menu").click();
  await page.getByRole("menuitem", { name: "Your devices…" }).click();
  const list = page.getByTestId("devices");
  await until("it says why", async () => (await list.getAttribute("data-state")) === "offline");
  await play.shot(ada, "devices-offline-light");
  await page.keyboard.press("Escape");
  await recent.first().click();
  await isAt(ada, "Panel 9 3");
  assert.equal(await rangeOf(ada), "now-36h");
  await chooseRange(ada, /^As saved/);
  assert.equal(await rangeOf(ada), null);
  await play.server.launch();
  await ada.saved();
});

test("a row that was folded to look at the rest stays folded over a reload, for its viewer alone", async () => {
  const board = fourPanels();
  const row = { id: 9, type: "row", title: "Details", collapsed: false, panels: [] };
  board.panels.push({ ...row, gridPos: { x: 0, y: 12, w: 24, h: 1 } });
  board.panels.push({ ...board.panels[0], id: 10, title: "Below", gridPos: { x: 0, y: 13, w: 8, h: 6 } });
  const id = await play.server.import(board);
  const [ada, bo] = [await play.at(id, "Ada"), await play.at(id, "Bo")];
  await ada.page
    .getByRole("button", { name: /Details/ })
    .first()
    .click();
  await ada.widget("Below").waitFor({ state: "detached" });
  await ada.page.reload();
  await ada.isHere();
  await ada.widget("Below").waitFor({ state: "detached" });
  assert.equal(await bo.widget("Below").count(), 1);
  assert.equal(await play.server.revision(id), 1);
});

test("an address makes another device the same person's, if they say so there", async () => {
  const ada = await atList("Ada");
  await ada.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const list = await devices(ada.page);
  await list.getByRole("button", { name: "Copy address" }).click();
  await list.getByRole("button", { name: "Copied" }).waitFor();
  const address = await ada.page.evaluate(() => navigator.clipboard.readText());

  const other = await play.person("Cy", { colorScheme: "dark" });
  const who = () => other.page.getByTestId("user-menu").getAttribute("aria-label");
  await other.page.goto(address);
  const question = other.page.getByTestId("become");
  await question.waitFor();
  await play.shot(other, "become-dark");
  assert.deepEqual(await seriousIn(other.page, "[role='dialog']"), []);
  await other.page.getByRole("button", { name: "Stay Cy" }).click();
  await question.waitFor({ state: "detached" });
  assert.equal(await who(), "C, you are Cy");
  assert.equal(new URL(other.page.url()).hash, "");

  await other.page.goto("about:blank");
  await other.page.goto(address);
  await other.page.getByRole("button", { name: "Continue as Ada" }).click();
  await until("it is Ada's", async () => (await who()) === "A, you are Ada");
  await until("both are listed", async () => (await list.getByTestId("own-device").count()) === 2);
  assert.equal(await question.count(), 0);
});
