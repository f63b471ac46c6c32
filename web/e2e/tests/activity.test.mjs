/** What people do, told in words: live and after a reload, to look at, to go there, and to take back. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seriousIn } from "../support/axe.mjs";
import { converged } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();

const PHONE = { viewport: { width: 390, height: 780 }, touch: true };

/** The same four, and a row that is folded with one more in it. */
function withFolded() {
  const dashboard = fourPanels();
  const place = (y) => ({ x: 0, y, w: 8, h: 6 });
  const inside = { id: 6, type: "stat", title: "Old", gridPos: place(40) };
  const row = {
    id: 5,
    type: "row",
    title: "Archive",
    collapsed: true,
    gridPos: { x: 0, y: 30, w: 24, h: 1 },
  };
  dashboard.panels.push({ ...row, panels: [inside] });
  return dashboard;
}

async function open(dashboard) {
  await dashboard.byTestId("activity-button").click();
  await dashboard.byTestId("activity-panel").locator("[data-activity='list']").waitFor();
}

/** What the panel says, the newest first, but for who came and went: that depends on who was first. */
function sentences(dashboard) {
  const panel = dashboard.byTestId("activity-panel");
  const told = panel.locator("li:not([data-verb='joined'], [data-verb='left']) [data-activity='sentence']");
  return told.allInnerTexts();
}

async function says(dashboard, expected) {
  let last;
  try {
    await until(`${dashboard.person.name} reads what was done`, async () => {
      last = await sentences(dashboard);
      return JSON.stringify(last) === JSON.stringify(expected);
    });
  } catch {
    assert.deepEqual(last, expected);
  }
}

const unread = async (dashboard) =>
  Number(await dashboard.byTestId("activity-button").getAttribute("data-unread"));
const toast = (dashboard) => dashboard.page.getByRole("alert");
const polite = (dashboard) => dashboard.byTestId("said");

async function change(dashboard, patch) {
  const { id } = dashboard;
  const answer = await fetch(`${play.server.url}/api/dashboards/${id}`, {
    method: "PATCH",
    headers: { "content-type": "application/json-patch+json", authorization: "Bearer open:u-cli:Cli" },
    body: JSON.stringify(patch),
  });
  assert.equal(answer.status, 200);
}

test("what is done is told while it is done and after a reload, and nothing of what changes nothing", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await open(ada);
  await says(ada, ["Someone created the dashboard “Four panels” with 4 widgets"]);
  await bo.rename("Memory", "RAM");
  await bo.drag("Disks", 8, 0);
  await bo.remove("Notes");
  await bo.saved();
  await ada.rename("Load", "Usage");
  await ada.saved();
  await change(ada, [{ op: "replace", path: "/panels/0/title", value: "Usage" }]);
  await change(ada, [{ op: "add", path: "/refresh", value: "30s" }]);
  const expected = [
    "Cli set the refresh interval of the dashboard to 30 seconds",
    "You renamed “Load” to “Usage”",
    "Bo deleted “Notes”",
    "Bo moved “Disks” to the right",
    "Bo renamed “Memory” to “RAM”",
    "Someone created the dashboard “Four panels” with 4 widgets",
  ];
  await says(ada, expected);
  await play.shot(ada, "activity-panel");
  await ada.page.reload();
  await ada.isHere();
  await open(ada);
  await says(ada, expected);
  const dark = await play.at(ada.id, "Dora", { colorScheme: "dark" });
  await open(dark);
  await says(
    dark,
    expected.map((sentence) => sentence.replace("You ", "Ada ")),
  );
  await play.shot(dark, "activity-panel-dark");
  const phone = await play.at(ada.id, "Phil", PHONE);
  await open(phone);
  await play.shot(phone, "activity-panel-phone");
  for (const { page } of [ada, dark, phone]) assert.deepEqual(await seriousIn(page, "#activity"), []);
  for (const { person } of [ada, bo, dark, phone]) assert.deepEqual(person.complaints, []);
});

test("changes of one thing come together, and what is put back goes from the list", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await open(ada);
  await bo.rename("Load", "A");
  await bo.rename("A", "B");
  const created = "Someone created the dashboard “Four panels” with 4 widgets";
  await says(ada, ["Bo renamed “Load” to “B”", created]);
  await bo.rename("B", "Load");
  await says(ada, [created]);
  await bo.edit("Notes");
  await bo.writeAt("End");
  await bo.page.keyboard.type(" and more");
  await until("it is one entry", async () =>
    /^Bo edited the text of “Notes”( \(\d+ changes\))?$/.test((await sentences(ada))[0]),
  );
  assert.equal((await sentences(ada)).length, 2);
});

test("a dot says what is new since one looked, on every device of one's own by itself", async () => {
  const [ada, bo] = await play.two(fourPanels());
  assert.equal(await unread(ada), 0, "who comes for the first time has missed nothing");
  await bo.rename("Load", "Usage");
  await until("Ada has something new", async () => (await unread(ada)) === 1);
  assert.equal(await ada.byTestId("activity-button").getAttribute("aria-label"), "Activity, 1 new");
  assert.equal(await unread(bo), 0, "one's own is no news");
  await play.shot(ada, "activity-unread");
  await ada.page.reload();
  await ada.isHere();
  await until("it is still new", async () => (await unread(ada)) === 1);
  await open(ada);
  await until("she has looked", async () => (await unread(ada)) === 0);
  await bo.rename("Usage", "Work");
  await says(ada, [
    "Bo renamed “Load” to “Work”",
    "Someone created the dashboard “Four panels” with 4 widgets",
  ]);
  assert.equal(await unread(ada), 0, "she is looking");
  await ada.page.keyboard.press("Escape");
  await ada.byTestId("activity-panel").waitFor({ state: "detached" });
  const focused = await ada.page.evaluate(() => document.activeElement?.dataset.testid);
  assert.equal(focused, "activity-button");
});

test("an entry leads to its widget, also where that is in a folded row, by keys alone", async () => {
  const [ada, bo] = await play.two(withFolded());
  await change(ada, [{ op: "replace", path: "/panels/4/panels/0/title", value: "Ancient" }]);
  await open(ada);
  await until("it is told", async () => (await sentences(ada))[0] === "Cli renamed “Old” to “Ancient”");
  assert.equal(await ada.widget("Ancient").count(), 0, "its row is folded");
  await ada.byTestId("activity-what").focus();
  await ada.page.keyboard.press("Tab");
  await ada.page.keyboard.press("Enter");
  await ada.widget("Ancient").waitFor();
  const item = await ada.item("Ancient");
  await until("it has the focus", () =>
    ada.page.evaluate((id) => document.activeElement?.dataset.item === id, item),
  );
  await bo.remove("Load");
  await until(
    "what is gone cannot be gone to",
    async () => (await sentences(ada))[0] === "Bo deleted “Load”",
  );
  const first = ada.byTestId("activity-panel").locator("li[data-verb='deleted'] [data-activity='entry']");
  assert.equal(await first.evaluate((element) => element.tagName), "DIV");
});

test("the list can be of one person or of one widget", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.rename("Load", "Usage");
  await bo.rename("Memory", "RAM");
  await bo.rename("Disks", "Drives");
  await open(ada);
  await until("all is told", async () => (await sentences(ada)).length === 4);
  await ada.byTestId("activity-who").selectOption({ label: "Bo" });
  await says(ada, ["Bo renamed “Disks” to “Drives”", "Bo renamed “Memory” to “RAM”"]);
  await ada.byTestId("activity-what").selectOption({ label: "RAM" });
  await says(ada, ["Bo renamed “Memory” to “RAM”"]);
  await ada.byTestId("activity-who").selectOption({ label: "You" });
  await says(ada, []);
  await ada.page.getByText("Nothing like that was done here.").waitFor();
});

test("who has a widget of one's own changed or deleted is told, and can take that back", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.byTestId("add-widget").click();
  await ada.byTestId("add-stat").click();
  const title = await until("it is there", async () => {
    const titles = await bo.page.getByTestId("widget-title").allInnerTexts();
    return titles.find((one) => !["Load", "Memory", "Notes", "Disks"].includes(one));
  });
  await bo.rename("Load", "Usage");
  await bo.rename(title, "Mine no more");
  const told = toast(ada).filter({ hasText: `Bo renamed “${title}” to “Mine no more”` });
  await told.waitFor();
  assert.equal(
    await toast(ada).getByRole("button", { name: "Undo" }).count(),
    1,
    "nothing of what is not hers",
  );
  await play.shot(ada, "activity-toast");
  await told.getByRole("button", { name: "Undo" }).click();
  await bo.widget(title).waitFor();
  await bo.remove(title, { asked: true });
  const gone = toast(ada).filter({ hasText: `Bo deleted “${title}”` });
  await gone.getByRole("button", { name: "Undo" }).click();
  await bo.widget(title).waitFor();
  const content = await converged(play.server, ada, bo);
  assert.ok(panelOf(content, title));
  assert.equal(await toast(bo).filter({ hasText: "Bo " }).count(), 0, "one's own is never told to oneself");
});

test("who listens hears what others do, gathered, and nothing of oneself", async () => {
  const ada = await play.at(await play.server.import(fourPanels()), "Ada");
  const said = [];
  await ada.page.exposeFunction("heard", (text) => said.push(text));
  await polite(ada).evaluate((region) => {
    new MutationObserver(() => globalThis.heard(region.textContent)).observe(region, {
      childList: true,
      characterData: true,
      subtree: true,
    });
  });
  await ada.rename("Load", "Usage");
  const [bo] = await Promise.all(["Bo", "Cleo", "Dan"].map((name) => play.at(ada.id, name)));
  await until("who came is said", () => said.some((text) => / joined/.test(text)));
  await bo.rename("Memory", "RAM");
  await until("what Bo did is said", () =>
    said.some((text) => text.includes("Bo renamed “Memory” to “RAM”")),
  );
  assert.equal(said.filter((text) => text.includes("Ada")).length, 0, said.join(" | "));
});
