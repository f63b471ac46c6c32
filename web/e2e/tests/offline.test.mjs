/** Without a server: work is on the device, the application opens, and everything arrives once. */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { applicationIsKept } from "../support/application.mjs";
import { Dashboard } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { MortalBrowser } from "../support/mortal.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();
const mortals = [];
after(() => Promise.all(mortals.map((browser) => browser.end())));

async function mortal(name) {
  const browser = await new MortalBrowser(name).start();
  mortals.push(browser);
  return browser;
}

/** Waits until the page says that all that waits is on the device. */
async function onDevice(dashboard) {
  const pill = dashboard.byTestId("status-pill");
  await until(`${dashboard.person.name}: on the device`, async () => {
    const [state, durability] = [await dashboard.state(), await pill.getAttribute("data-durability")];
    return state === "offline" && durability === "device";
  });
}

/** Waits until the widget is there; the page need not have reached the server. */
async function shows(dashboard, title) {
  await dashboard.widget(title).waitFor();
}

test("a reload without a server keeps what waits, and it arrives", async () => {
  const id = await play.server.import(fourPanels());
  const ada = await play.at(id, "Ada");
  await applicationIsKept(ada.page);
  await play.server.kill();
  await until("it notices", async () => (await ada.state()) !== "saved");
  await ada.rename("Load", "before the reload");
  await onDevice(ada);
  await ada.page.reload();
  await shows(ada, "before the reload");
  await onDevice(ada);
  await ada.rename("Memory", "after the reload");
  await onDevice(ada);
  await play.shot(ada, "offline-reloaded");
  await play.server.launch();
  await ada.saved();
  const there = await play.server.export(id);
  for (const title of ["before the reload", "after the reload"]) assert.ok(panelOf(there, title), title);
  assert.equal(await play.server.revision(id), 3);
});

test("a browser killed while somebody types has all that it called kept", async () => {
  const id = await play.server.import(fourPanels());
  const browser = await mortal("Kay");
  const first = await Dashboard.open(await browser.tab(), play.server, id);
  await applicationIsKept(first.page);
  await first.edit("Notes");
  await first.writeAt("Control+End");
  await play.server.kill();
  await first.page.keyboard.type(" one two three", { delay: 10 });
  await onDevice(first);
  const typing = first.page.keyboard.type(" and more and more and more", { delay: 15 }).catch(() => {});
  await until("more is typed", async () =>
    (await first.byTestId("text-editor").textContent()).includes("and more and"),
  );
  await browser.kill();
  await typing;

  await browser.start();
  const again = new Dashboard(await browser.tab(), id);
  await again.page.goto(`${play.server.url}/d/${id}`);
  await shows(again, "Notes");
  await again.widget("Notes").getByText("middle one two three").waitFor();
  await onDevice(again);
  await play.server.launch();
  await again.saved();
  const there = panelOf(await play.server.export(id), "Notes").options.content;
  assert.match(there, /^middle one two three( and)?/);
  assert.ok("middle one two three and more and more and more".startsWith(there), there);
});

test("a cold start without a server opens what was open before, and says what it cannot open", async () => {
  const kept = await play.server.import(fourPanels());
  const other = await play.server.import({ ...fourPanels(), title: "Never opened" });
  const browser = await mortal("Cy");
  const { page } = await browser.tab();
  await page.goto(play.server.url);
  await page.getByTestId(`card-${other}`).waitFor();
  await page.getByTestId(`card-${kept}`).getByRole("link").click();
  const dashboard = new Dashboard({ name: "Cy", page }, kept);
  await dashboard.isHere();
  await applicationIsKept(page);
  await dashboard.rename("Load", "seen");
  await dashboard.saved();
  const sight = await dashboard.sight();
  await until("it is on the device", () =>
    page.evaluate(() => new Promise((resolve) => setTimeout(() => resolve(true), 1000))),
  );
  await browser.kill();
  await play.server.kill();

  await browser.start();
  const again = new Dashboard(await browser.tab(), kept);
  await again.page.goto(play.server.url);
  await again.byTestId("offline-note").waitFor();
  assert.equal(await again.byTestId(`card-${kept}`).getAttribute("data-kept"), "true");
  assert.equal(await again.byTestId(`card-${other}`).getAttribute("data-kept"), "false");
  assert.ok(await again.byTestId("new-dashboard").isDisabled());
  await play.shot(again, "offline-list");
  await again.byTestId(`card-${kept}`).getByRole("link").click();
  await shows(again, "seen");
  assert.deepEqual(await again.sight(), sight);
  await again.rename("seen", "changed on the train");
  await onDevice(again);
  await again.page.goto(`${play.server.url}/d/${other}`);
  await again.byTestId("not-here").waitFor();
  await play.shot(again, "offline-not-here");

  // Any page sends what waits, also where nobody opens it.
  await again.page.goto(play.server.url);
  await again.byTestId("offline-note").waitFor();
  await play.server.launch();
  await until("it has arrived", async () => panelOf(await play.server.export(kept), "changed on the train"));
});

test("a menu in the list that is open when the server goes stays, says why, and works when it is back", async () => {
  await play.server.import(fourPanels());
  const { page } = await play.person("Ada");
  await page.goto(play.server.url);
  await page.getByTestId("card-menu").first().click();
  const rename = page.getByRole("menuitem", { name: "Rename…" });
  await play.server.kill();
  await page.getByRole("menu").getByText("needs a connection").waitFor();
  assert.equal(await rename.isDisabled(), true);
  await play.shot({ page, person: "Ada" }, "offline-menu");
  await play.server.launch();
  await until("it can be chosen", () => rename.isEnabled());
  await rename.click();
  await page.getByRole("dialog").waitFor();
});

test("two tabs of one person keep their work apart, and all of it arrives once", async () => {
  const id = await play.server.import(fourPanels());
  const ada = await play.at(id, "Ada");
  const page = await ada.person.context.newPage();
  const second = await Dashboard.open({ name: "Ada, second tab", page }, play.server, id);
  await applicationIsKept(page);
  await play.server.kill();
  await until(
    "both notice",
    async () => (await ada.state()) !== "saved" && (await second.state()) !== "saved",
  );
  await ada.rename("Load", "of the first tab");
  await second.rename("Disks", "of the second tab");
  await Promise.all([onDevice(ada), onDevice(second)]);
  await Promise.all([ada.page.reload(), page.reload()]);
  await Promise.all([shows(ada, "of the first tab"), shows(second, "of the second tab")]);
  // The second tab is closed for good: what it did is sent by the first.
  await page.close();
  await play.server.launch();
  await ada.saved();
  await shows(ada, "of the second tab");
  const there = await play.server.export(id);
  for (const title of ["of the first tab", "of the second tab"]) assert.ok(panelOf(there, title), title);
  assert.equal(await play.server.revision(id), 3);
});
