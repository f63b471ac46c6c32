/** Seeing each other on the canvas: pointers, selections, drags and taps, in windows of different size. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../support/clients.mjs";
import { fourPanels } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const PHONE = { viewport: { width: 390, height: 780 }, touch: true };
/** Sessions of a room that are told of one by one. */
const LISTED = 100;
/** Whoever falls silent on polling is seen for about so long. */
const SILENT_MS = 13_000;
const WIDE = { viewport: { width: 1800, height: 1000 } };

const play = stage();

/** Where a cursor of somebody points in a widget, as fractions of its size; null where there is none. */
async function pointed(dashboard, name, title) {
  const cursor = await dashboard.byTestId(`cursor-${name}`).boundingBox();
  const widget = await dashboard.widget(title).boundingBox();
  return { fx: (cursor.x - widget.x) / widget.width, fy: (cursor.y - widget.y) / widget.height };
}

async function pointAt(dashboard, title, fx, fy) {
  const box = await dashboard.widget(title).boundingBox();
  await dashboard.page.mouse.move(box.x + fx * box.width, box.y + fy * box.height, { steps: 5 });
}

test("a pointer is over the same place of a widget in windows of every width", async () => {
  const id = await play.server.import(fourPanels());
  const ada = await play.at(id, "Ada");
  const bo = await play.at(id, "Bo", { ...WIDE, motion: true });
  // A window as wide as a phone, but with a mouse.
  const cleo = await play.at(id, "Cleo", { viewport: { width: 500, height: 1200 } });
  await pointAt(ada, "Memory", 0.25, 0.75);
  await until("Bo sees where Ada points", async () => {
    const { fx, fy } = await pointed(bo, "Ada", "Memory");
    return Math.abs(fx - 0.25) < 0.01 && Math.abs(fy - 0.75) < 0.01;
  });
  await pointAt(cleo, "Notes", 0.5, 0.5);
  for (const dashboard of [ada, bo]) {
    await until("the pointer in one column is seen on the grid", async () => {
      const { fx, fy } = await pointed(dashboard, "Cleo", "Notes");
      return Math.abs(fx - 0.5) < 0.02 && Math.abs(fy - 0.5) < 0.02;
    });
  }
  // Between widgets it is a place of the grid.
  const grid = await ada.page.locator(".react-grid-layout").boundingBox();
  await ada.page.mouse.move(grid.x + grid.width * 0.75, grid.y + 8 * 38, { steps: 3 });
  await until("Bo sees it beside the widgets", async () => {
    const cursor = await bo.byTestId("cursor-Ada").boundingBox();
    const theirs = await bo.page.locator(".react-grid-layout").boundingBox();
    return Math.abs((cursor.x - theirs.x) / theirs.width - 0.75) < 0.01;
  });
  assert.equal(await cleo.page.locator("[data-testid^='cursor-']").count(), 0, "none in one column");
});

test("who selects a widget is named at it; whoever came last has the ring", async () => {
  const id = await play.server.import(fourPanels());
  const [ada, bo, cleo] = await Promise.all(["Ada", "Bo", "Cleo"].map((name) => play.at(id, name)));
  const ring = cleo.byTestId(`ring-${await cleo.item("Memory")}`);
  const users = () => ring.getAttribute("data-users");
  const color = () =>
    ring
      .locator("div")
      .first()
      .evaluate((element) => getComputedStyle(element).borderColor);
  await bo.focus("Memory");
  await bo.widget("Memory").click({ position: { x: 20, y: 60 } });
  await until("Cleo sees Bo at it", async () => (await users()) === "Bo");
  const bos = await color();
  await ada.widget("Memory").click({ position: { x: 40, y: 60 } });
  await until("both are named", async () => (await users()) === "Bo,Ada");
  await until("the ring is that of Ada", async () => (await color()) !== bos);
  await play.shot(cleo, "presence-rings");
  await bo.page.keyboard.press("Escape");
  await until("Bo is elsewhere", async () => (await users()) === "Ada");
});

test("others see how large a widget is being made, and that it was changed", async () => {
  const [ada, bo] = await play.two(fourPanels());
  const item = await ada.item("Load");
  const corner = await ada.widget("Load").boundingBox();
  const { width } = await ada.page.locator(".react-grid-layout").boundingBox();
  await ada.widget("Load").hover();
  await ada.page.mouse.move(corner.x + corner.width - 6, corner.y + corner.height - 6);
  await ada.page.mouse.down();
  await ada.page.mouse.move(corner.x + corner.width - 6, corner.y + corner.height + 2 * 38, { steps: 8 });
  const ghost = bo.byTestId(`ghost-${item}`);
  await until("Bo sees it grow", async () => (await ghost.boundingBox())?.height > corner.height + 38);
  const before = await bo.widget("Load").boundingBox();
  assert.ok(width > 0 && before.height < corner.height + 10, "nothing is written while it is held");
  // What flashes is noted: it is gone before anybody could look.
  await bo.widget("Load").evaluate((frame) => {
    const seen = new MutationObserver(() => {
      frame.dataset.seen ??= frame.dataset.flash;
    });
    seen.observe(frame, { attributes: true, attributeFilter: ["data-flash"] });
  });
  await ada.page.mouse.up();
  await ghost.waitFor({ state: "detached" });
  await until("it lights up for Bo", () => bo.widget("Load").getAttribute("data-seen"));
  assert.equal(await ada.widget("Load").getAttribute("data-flash"), null, "not for whoever did it");
});

test("others' cursors can be hidden, and stay so", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await pointAt(ada, "Memory", 0.5, 0.5);
  await bo.byTestId("cursor-Ada").waitFor();
  await bo.byTestId("user-menu").click();
  await bo.byTestId("hide-cursors").click();
  await bo.byTestId("cursor-Ada").waitFor({ state: "detached" });
  await bo.page.reload();
  await bo.isHere();
  await pointAt(ada, "Memory", 0.4, 0.4);
  await bo.widget("Memory").click({ position: { x: 30, y: 60 } });
  await ada.byTestId(`ring-${await ada.item("Memory")}`).waitFor({ state: "attached" });
  assert.equal(await bo.byTestId("cursor-Ada").count(), 0);
  await bo.byTestId("user-menu").click();
  await bo.byTestId("hide-cursors").click();
  await bo.byTestId("cursor-Ada").waitFor();
});

test("a finger is no pointer; where it taps is seen for a moment", async () => {
  const id = await play.server.import(fourPanels());
  const ada = await play.at(id, "Ada");
  const phone = await play.at(id, "Phil", PHONE);
  await until("Ada sees Phil", () => ada.page.locator("[data-user='Phil']").count());
  // Noted as it comes: it is gone before anybody could look.
  await ada.page.evaluate(() => {
    globalThis.ripples = [];
    new MutationObserver(() => {
      const ripple = document.querySelector("[data-testid='ripple-Phil']");
      const frame = document.querySelectorAll("[data-item]")[1]?.getBoundingClientRect();
      if (!ripple || !frame) return;
      const { left, top } = ripple.style;
      globalThis.ripples.push({ left: Number.parseFloat(left), top: Number.parseFloat(top) });
    }).observe(document.body, { subtree: true, childList: true });
  });
  await phone.widget("Memory").tap({ position: { x: 100, y: 100 } });
  const [ripple] = await until("Ada sees the tap", async () => {
    const seen = await ada.page.evaluate(() => globalThis.ripples);
    return seen.length > 0 && seen;
  });
  const grid = await ada.page.locator(".react-grid-layout").boundingBox();
  const box = await ada.widget("Memory").boundingBox();
  const x = grid.x + ripple.left;
  assert.ok(x > box.x && x < box.x + box.width, "in the widget that was tapped");
  assert.equal(await ada.byTestId("cursor-Phil").count(), 0);
  await ada.byTestId("ripple-Phil").waitFor({ state: "detached" });
  await play.shot(phone, "presence-phone");
});

test("a pointer below what can be seen has no node, and whoever leaves is gone", async () => {
  const dashboard = fourPanels();
  dashboard.panels.push({ id: 9, type: "stat", title: "Deep", gridPos: { x: 0, y: 60, w: 8, h: 6 } });
  for (let y = 12; y < 60; y += 6)
    dashboard.panels.push({ id: y, type: "stat", title: `Row ${y}`, gridPos: { x: 0, y, w: 8, h: 6 } });
  const [ada, bo] = await play.two(dashboard);
  await ada.widget("Deep").scrollIntoViewIfNeeded();
  await pointAt(ada, "Deep", 0.5, 0.5);
  await until("Bo knows of it", async () => (await bo.page.locator("[data-user='Ada']").count()) > 0);
  await bo.widget("Deep").scrollIntoViewIfNeeded();
  await bo.byTestId("cursor-Ada").waitFor();
  await bo.widget("Load").scrollIntoViewIfNeeded();
  await bo.byTestId("cursor-Ada").waitFor({ state: "detached" });
  await bo.widget("Deep").scrollIntoViewIfNeeded();
  await bo.byTestId("cursor-Ada").waitFor();
  await ada.page.close();
  await bo.byTestId("cursor-Ada").waitFor({ state: "detached" });
  await until(
    "Ada is gone",
    async () => (await bo.page.locator("[data-testid=avatar][data-user=Ada]").count()) === 0,
  );
});

test("a disc says what somebody does, with the keyboard too", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.edit("Memory");
  const disc = bo.page.locator("button[data-user='Ada']");
  await until("it is said", async () => (await disc.getAttribute("aria-label")).includes("editing Memory"));
  await bo.page.getByTestId("dashboard-title").focus();
  await bo.page.keyboard.press("Tab");
  await bo.byTestId("person-card").waitFor();
  await bo.page.getByText("editing Memory").waitFor();
  await play.shot(bo, "presence-card");
  await bo.page.keyboard.press("Tab");
  const focused = () => bo.page.evaluate(() => document.activeElement?.getAttribute("aria-label"));
  assert.equal(await focused(), "Follow Ada");
  await bo.page.keyboard.press("Escape");
  await bo.byTestId("person-card").waitFor({ state: "detached" });
  assert.match(await focused(), /Ada, editing Memory/);
  // Tab leads on, and closes what it leaves.
  await bo.page.keyboard.press("Shift+Tab");
  await bo.page.keyboard.press("Tab");
  await bo.byTestId("person-card").waitFor();
  await bo.page.keyboard.press("Tab");
  await bo.page.keyboard.press("Tab");
  await bo.byTestId("person-card").waitFor({ state: "detached" });
  assert.match(await focused(), /you are Bo/);
});

test("one person in two windows is one entry", async () => {
  const id = await play.server.import(fourPanels());
  const ada = await play.at(id, "Ada");
  const bo = await play.at(id, "Bo");
  const page = await ada.person.context.newPage();
  await page.goto(`${ada.person.line.url}/d/${id}`);
  await page.locator("[data-item]").first().waitFor();
  const discs = (one) => one.locator("[data-testid=avatar]").count();
  await until("Ada is here once, for herself too", async () => {
    const menu = await ada.byTestId("user-menu").getAttribute("aria-label");
    return menu.includes("also") && (await discs(ada.page)) === 2 && (await discs(bo.page)) === 2;
  });
  await page.locator("[data-item]").first().hover();
  await bo.byTestId("cursor-Ada").waitFor();
  assert.equal(await ada.byTestId("cursor-Ada").count(), 0, "nobody points at themselves");
});

test("in a large room whoever looks on is a number, and whoever works is shown", async () => {
  const id = await play.server.import(fourPanels());
  const ada = await play.at(id, "Ada");
  // Beside the network of the test: a hundred at once would be its only work.
  const direct = `http://127.0.0.1:${play.server.port}`;
  const crowd = Array.from({ length: LISTED + 4 }, (_, index) => connect(direct, `Viewer${100 + index}`));
  try {
    for (const viewer of crowd) viewer.join(id).presence.update({ viewing: true });
    await ada.page.getByText("+5 viewers").waitFor();
    const bo = await play.at(id, "Bo");
    await ada.page.locator("button[data-user='Bo']").waitFor();
    await pointAt(bo, "Memory", 0.5, 0.5);
    await ada.byTestId("cursor-Bo").waitFor();
    await ada.page.getByText("+6 viewers").waitFor();
    await play.shot(ada, "presence-crowd");
    await ada.page.setViewportSize(PHONE.viewport);
    await play.shot(ada, "presence-crowd-phone");
  } finally {
    await Promise.all(crowd.map((viewer) => viewer.destroy()));
  }
  await ada.page.getByText(/^\+\d+ viewers$/).waitFor({ state: "detached" });
});

test("whoever closes the page or goes elsewhere says so, also by polling", async () => {
  const id = await play.server.import(fourPanels());
  const ada = await play.at(id, "Ada");
  const isGone = (name) => async () => (await ada.page.locator(`button[data-user='${name}']`).count()) === 0;
  for (const [name, goes] of Object.entries({
    Bo: ({ page }) => page.close(),
    Cy: ({ page }) => page.goto("about:blank"),
  })) {
    const other = await play.at(id, name);
    // Whoever is cut off at that moment cannot say so.
    const release = play.server.network.hold();
    await Promise.all([ada.saved(), other.saved()]);
    await ada.page.locator(`button[data-user='${name}']`).waitFor();
    await goes(other);
    // In silence they would be seen until their heartbeat is missed.
    await until(`${name} is gone`, isGone(name), SILENT_MS / 2);
    release();
  }
});
