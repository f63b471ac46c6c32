/** What is seen of others is said as well: seldom, politely, and the focus stays where it is. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Dashboard } from "../support/dashboard.mjs";
import { fourPanels } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();
/** Between two sentences about others. */
const GAP_MS = 5_000;

/** Writes down all that is said on a page from its beginning, and when. */
async function listener(name, id, options) {
  const person = await play.person(name, options);
  await person.page.addInitScript(() => {
    globalThis.heard = [];
    const hear = (records) => {
      for (const { target, addedNodes } of records) {
        const region =
          target instanceof Element && target.closest("[data-testid='said'], [data-testid='alarm']");
        for (const node of region ? addedNodes : [])
          globalThis.heard.push({
            region: region.dataset.testid,
            text: node.textContent,
            atMs: performance.now(),
          });
      }
    };
    new MutationObserver(hear).observe(document, { subtree: true, childList: true });
  });
  return Dashboard.open(person, play.server, id);
}

const heard = ({ page }, region) =>
  page.evaluate((which) => globalThis.heard.filter((line) => line.region === which), region);

async function hears(dashboard, pattern, region = "said") {
  return until(`${pattern} is said`, async () => {
    const lines = await heard(dashboard, region);
    const found = lines.find(({ text }) => pattern.test(text));
    assert.ok(found, lines.map(({ text }) => text).join(" | "));
    return found;
  });
}

test("who comes and goes is said, several at once, and not more often than every five seconds", async () => {
  const id = await play.server.import(fourPanels());
  const ada = await listener("Ada", id);
  const [bo, cy] = await Promise.all([play.at(id, "Bo"), play.at(id, "Cy")]);
  await hears(ada, /\bBo\b.* joined/);
  await hears(ada, /\bCy\b.* joined/);
  await Promise.all([bo.person.context.close(), cy.person.context.close()]);
  await hears(ada, /\bBo\b.* left/);
  await hears(ada, /\bCy\b.* left/);
  const times = (await heard(ada, "said")).map(({ atMs }) => atMs);
  for (const [index, atMs] of times.slice(1).entries()) {
    assert.ok(atMs - times[index] >= GAP_MS - 50, `${JSON.stringify(times)}`);
  }
  assert.deepEqual(await heard(ada, "alarm"), []);
});

test("what others do at the widget that one is at is said, and never moves the focus", async () => {
  const id = await play.server.import(fourPanels());
  const ada = await listener("Ada", id);
  const bo = await play.at(id, "Bo");
  await ada.focus("Load");
  await bo.edit("Load");
  await bo.byTestId("field-title").focus();
  await hears(ada, /Bo is editing Load/);
  await bo.byTestId("field-title").fill("Heavy load");
  await hears(ada, /Bo renamed “Load” to “Heavy load”/);
  const focused = () => ada.page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  assert.equal(await focused(), "Heavy load, Stat");
  await bo.rename("Disks", "Elsewhere");
  await bo.drag("Memory", 0, 200);
  await ada.widget("Elsewhere").waitFor();
  assert.equal(await focused(), "Heavy load, Stat");
  const others = (await heard(ada, "said")).filter(({ text }) => /Elsewhere|Memory/.test(text));
  assert.deepEqual(others, [], "what happens elsewhere is not said");

  await bo.remove("Heavy load");
  await ada.widget("Heavy load").waitFor({ state: "detached" });
  await until("the focus is at the next widget", async () => (await focused()) !== null);
  const now = await focused();
  await hears(ada, new RegExp(`The widget was removed. Now at ${now.split(",")[0]}`));
});

test("the connection is said once each way; only what may be lost is said at once", async () => {
  const id = await play.server.import(fourPanels());
  const ada = await listener("Ada", id);
  await play.server.kill();
  await until("it notices", async () => (await ada.state()) !== "saved");
  await ada.rename("Load", "Later");
  await hears(ada, /not saved yet.*kept on this device/);
  await play.server.launch();
  await ada.saved();
  await hears(ada, /All changes are saved/);
  const said = (await heard(ada, "said")).filter(({ text }) => /All changes are saved/.test(text));
  assert.equal(said.length, 1);
  assert.deepEqual(await heard(ada, "alarm"), [], "what is kept on the device is not in danger");
});

test("cursors, rings and ghosts are hidden from people who listen; the people are named in words", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await bo.edit("Load");
  await bo.byTestId("field-title").focus();
  await ada.widget("Load").getByText("Bo is editing").waitFor();
  await bo.grab("Memory", 1, 40);
  const hidden = (locator) =>
    locator.evaluate((element) => element.closest("[aria-hidden='true']") !== null, undefined, {
      timeout: 10_000,
    });
  assert.ok(await hidden(ada.page.locator("[data-testid^='ring-']").first()));
  assert.ok(await hidden(ada.page.locator("[data-testid^='ghost-']").first()));
  assert.ok(await hidden(ada.byTestId("cursor-Bo")));
  await bo.release();
  const people = ada.page.getByRole("list", { name: "People here" });
  await until("the list says what Bo does", async () => {
    const words = await people.evaluate((list) => {
      const texts = [...list.querySelectorAll("[aria-label]")].map((one) => one.getAttribute("aria-label"));
      return [...texts, list.textContent].join(" ");
    });
    assert.match(words, /Bo\b.*editing (Load|Memory)/);
    return true;
  });
});
