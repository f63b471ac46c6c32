/** Following somebody's view, and presenting to all. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();

/** A dashboard that is longer than a window, with two charts and a row. */
function long() {
  const target = { refId: "A", datasource: { type: "coboard-testdata" }, scenario: "sine", seed: 3 };
  const panel = (id, type, title, x, y, more = {}) => ({
    id,
    type,
    title,
    gridPos: { x, y, w: 12, h: 8 },
    ...more,
  });
  const notes = Array.from({ length: 8 }, (_, index) =>
    panel(20 + index, "text", `Note ${index}`, 0, 17 + 8 * index, { options: { content: "text" } }),
  );
  return {
    title: "Long",
    time: { from: "now-6h", to: "now" },
    panels: [
      panel(1, "timeseries", "Load", 0, 0, { targets: [target] }),
      panel(2, "timeseries", "Memory", 12, 0, { targets: [{ ...target, seed: 5 }] }),
      { id: 3, type: "row", title: "Details", collapsed: false, gridPos: { x: 0, y: 8, w: 24, h: 1 } },
      panel(4, "timeseries", "Disks", 0, 9, { targets: [target] }),
      ...notes,
    ],
  };
}

async function follow(dashboard, name) {
  await dashboard.follow(name);
  await dashboard.byTestId("following").getByText(`Following ${name}`).waitFor();
}

/** How far below the upper edge of the canvas a widget begins, as a share of its height. */
function depth(dashboard, title) {
  return dashboard.widget(title).evaluate((frame) => {
    const box = frame.getBoundingClientRect();
    return (box.top - document.querySelector("#main").getBoundingClientRect().top) / box.height;
  });
}

const scrollTop = ({ page }) => page.locator("#main").evaluate((canvas) => canvas.scrollTop);
const isFollowing = (dashboard) => dashboard.byTestId("following").count();

async function scrollTo(dashboard, title) {
  await dashboard.widget(title).evaluate((frame) => frame.scrollIntoView({ block: "start" }));
}

/** Where the crosshair of a chart is, as a share of its width; null where it has none. */
function crosshair(dashboard, title) {
  return dashboard.widget(title).evaluate((frame) => {
    const line = frame.querySelector(".u-cursor-x").getBoundingClientRect();
    const plot = frame.querySelector(".u-over").getBoundingClientRect();
    const share = (line.left - plot.left) / plot.width;
    return share >= 0 && share <= 1 ? share : null;
  });
}

test("whoever follows sees the same widgets, range, folds and moment in a window of another size", async () => {
  const id = await play.server.import(long());
  const ada = await play.at(id, "Ada", { viewport: { width: 1600, height: 700 } });
  const bo = await play.at(id, "Bo", { motion: true });
  await follow(bo, "Ada");
  await until("Ada is told", () => ada.byTestId("followers").getByText("Bo follows you").count());

  await scrollTo(ada, "Note 3");
  await until(
    "Bo is there",
    async () => Math.abs((await depth(bo, "Note 3")) - (await depth(ada, "Note 3"))) < 0.08,
  );
  await play.shot(bo, "presence-following");
  await scrollTo(ada, "Load");

  await ada.byTestId("range").click();
  await ada.page.getByRole("button", { name: "Last 1 h", exact: true }).click();
  await until(
    "Bo has the range",
    async () => (await bo.byTestId("range").getAttribute("data-from")) === "now-1h",
  );
  await ada.byTestId("range").click();
  await ada.page.getByRole("button", { name: /As saved/ }).click();
  await until(
    "Bo has the dashboard's",
    async () => (await bo.byTestId("range").getAttribute("data-from")) === null,
  );

  const row = { name: /Details/ };
  await ada.page.getByRole("button", row).first().click();
  await bo.widget("Disks").waitFor({ state: "detached" });
  await ada.page.getByRole("button", row).first().click();
  await bo.widget("Disks").waitFor();

  const plot = await ada.widget("Load").locator(".u-over").boundingBox();
  await ada.page.mouse.move(plot.x + plot.width * 0.4, plot.y + plot.height / 2, { steps: 3 });
  for (const title of ["Load", "Memory", "Disks"]) {
    await until(
      `the moment is shown in ${title}`,
      async () => Math.abs((await crosshair(bo, title)) - 0.4) < 0.02,
    );
  }
  await play.shot(bo, "presence-moment");
  await ada.page.mouse.move(5, 5);
  await until("it is gone", async () => (await crosshair(bo, "Load")) === null);
  assert.equal(await play.server.revision(id), await ada.revision());
  assert.equal(await play.server.revision(id), 1, "nothing was saved");
});

test("one's own scroll ends it, and so do Escape, a range of one's own and a click", async () => {
  const id = await play.server.import(long());
  const [ada, bo] = await Promise.all([play.at(id, "Ada"), play.at(id, "Bo")]);
  const ends = {
    wheel: async () => {
      await bo.widget("Load").hover();
      await bo.page.mouse.wheel(0, 200);
    },
    escape: () => bo.page.keyboard.press("Escape"),
    keys: async () => {
      await bo.page.locator("#main").focus();
      await bo.page.keyboard.press("PageDown");
    },
    range: async () => {
      await bo.byTestId("range").click();
      await bo.page.getByRole("button", { name: "Last 3 h", exact: true }).click();
    },
    button: () => bo.byTestId("stop-following").click(),
  };
  for (const [name, end] of Object.entries(ends)) {
    await follow(bo, "Ada");
    await end();
    await bo.byTestId("following").waitFor({ state: "detached" });
    await until(
      `Ada is told that ${name} ended it`,
      async () => (await ada.byTestId("followers").count()) === 0,
    );
  }
  await scrollTo(bo, "Load");
  const before = await scrollTop(bo);
  await scrollTo(ada, "Note 5");
  await until("Ada has scrolled", async () => (await scrollTop(ada)) > 500);
  assert.equal(await scrollTop(bo), before);
});

test("two who follow each other stand still", async () => {
  const id = await play.server.import(long());
  const [ada, bo] = await Promise.all([play.at(id, "Ada"), play.at(id, "Bo")]);
  await follow(bo, "Ada");
  await until("Ada knows", () => ada.byTestId("followers").count());
  await follow(ada, "Bo");
  await bo.byTestId("following").waitFor({ state: "detached" });
  await bo.page.getByText("Ada follows you now").waitFor();
  await scrollTo(bo, "Note 2");
  await until(
    "Ada goes where Bo goes",
    async () => Math.abs((await depth(ada, "Note 2")) - (await depth(bo, "Note 2"))) < 0.05,
  );
  assert.equal(await isFollowing(ada), 1);
});

test("it ends with a word when whoever is followed leaves, and not when they reload", async () => {
  const id = await play.server.import(long());
  const [ada, bo] = await Promise.all([play.at(id, "Ada"), play.at(id, "Bo")]);
  await follow(bo, "Ada");
  await ada.page.reload();
  await ada.isHere();
  await scrollTo(ada, "Note 4");
  await until(
    "Bo still follows",
    async () => Math.abs((await depth(bo, "Note 4")) - (await depth(ada, "Note 4"))) < 0.05,
  );
  await ada.page.close();
  await bo.page.getByText("Ada left").waitFor();
  await until("Bo follows nobody", async () => (await isFollowing(bo)) === 0);
});

test("a presenter offers, others join if they want to, and the presenter sees how many", async () => {
  const id = await play.server.import(long());
  const [ada, bo, cleo] = await Promise.all(["Ada", "Bo", "Cleo"].map((name) => play.at(id, name)));
  await ada.byTestId("user-menu").click();
  await ada.byTestId("present").click();
  await ada.byTestId("followers").getByText("nobody follows yet").waitFor();
  await bo.byTestId("offer").getByText("Ada is presenting").waitFor();
  await play.shot(bo, "presence-offer");
  assert.equal(await isFollowing(bo), 0, "nobody is forced");
  await cleo.byTestId("offer").getByRole("button", { name: "Do not join Ada" }).click();
  await cleo.byTestId("offer").waitFor({ state: "detached" });
  await bo.byTestId("join").click();
  await ada.byTestId("followers").getByText("followed by 1").waitFor();
  await play.shot(ada, "presence-presenting");
  await scrollTo(ada, "Note 5");
  await until(
    "Bo is there",
    async () => Math.abs((await depth(bo, "Note 5")) - (await depth(ada, "Note 5"))) < 0.05,
  );
  assert.equal(await scrollTop(cleo), 0);
  await ada.byTestId("stop-presenting").click();
  await ada.byTestId("followers").getByText("Bo follows you").waitFor();
  assert.equal(await play.server.revision(id), 1, "nothing was saved");
});
