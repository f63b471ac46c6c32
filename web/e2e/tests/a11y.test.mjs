/** Every page, panel, menu and dialog, in light and in dark: axe finds nothing serious, and every one is reached. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { applicationIsKept } from "../support/application.mjs";
import { Tour } from "../support/axe.mjs";
import { Dashboard } from "../support/dashboard.mjs";
import { allKinds, fourPanels } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();
const PHONE = { width: 390, height: 844 };
const KINDS = ["timeseries", "stat", "gauge", "bargauge", "table", "text"];

/** Somebody on some page, and the tour that they are on. */
async function visitor(colorScheme, path, places) {
  const person = await play.person("Ada", { colorScheme });
  const { page } = person;
  await page.goto(play.server.url + path);
  const tour = new Tour(places);
  return {
    person,
    page,
    end: () => tour.end(),
    look: (place, proof = dialog(page), part = undefined) => tour.look(page, place, proof, part),
    press: (name, role = "button") => page.getByRole(role, { name }).first().click(),
    leave: () => leave(page),
  };
}

const dialog = (page) => page.getByRole("dialog");
const menu = (page) => page.getByRole("menu");

/** Closes what is open on top, and waits until it is gone. */
async function leave(page) {
  await page.keyboard.press("Escape");
  await until(
    "it is closed",
    async () => (await page.locator("[role='dialog'], [role='menu']").count()) === 0,
  );
}

async function emptied() {
  for (const { id } of await play.server.list()) {
    await fetch(`${play.server.url}/api/dashboards/${id}`, { method: "DELETE" });
  }
}

for (const scheme of ["light", "dark"]) {
  test(`the list, its menus and its dialogs, ${scheme}`, async () => {
    await play.server.import(fourPanels());
    const places = ["list", "card menu", "rename", "delete", "theme", "user menu", "name", "devices"];
    const {
      page,
      look,
      press,
      leave: back,
      end,
    } = await visitor(scheme, "/", [
      ...places,
      ...["keys", "palette", "nothing found", "phone", "not found", "become", "offline", "empty"],
    ]);
    const card = page.getByTestId("card-menu");
    await look("list", card);
    await card.first().click();
    await look("card menu", menu(page));
    await press("Rename…", "menuitem");
    await look("rename");
    await back();
    await card.first().click();
    await press("Delete…", "menuitem");
    await look("delete");
    await back();
    await page.getByTestId("theme").click();
    await look("theme", menu(page));
    await back();
    await page.getByTestId("user-menu").click();
    await look("user menu", menu(page));
    await press("Change name…", "menuitem");
    await look("name");
    await back();
    await page.getByTestId("user-menu").click();
    await press("Your devices…", "menuitem");
    await look("devices", page.getByTestId("own-device"));
    await back();
    await page.keyboard.press("?");
    await look("keys");
    await back();
    await page.keyboard.press("Control+k");
    await look("palette", page.getByRole("option"));
    await back();
    await page.getByTestId("search").fill("no such dashboard");
    await look("nothing found", page.getByText("Nothing matches"));
    await page.getByTestId("search").fill("");
    await page.setViewportSize(PHONE);
    await look("phone", card);
    await page.goto(`${play.server.url}/nowhere`);
    await look("not found", page.getByText("nothing at this address"));
    await page.goto(`${play.server.url}/#as=u-other:Other`);
    await page.reload();
    await look("become", page.getByTestId("become"));
    await back();
    await emptied();
    await page.goto(play.server.url);
    await look("empty", page.getByText("No dashboards yet"));
    await play.server.kill();
    await look("offline", page.getByTestId("offline-note"));
    await play.server.launch();
    end();
  });

  test(`a dashboard, its panels, menus and dialogs, ${scheme}`, async () => {
    const id = await play.server.import(allKinds());
    await play.server.setPolicies(id, [{ path: "/panels/*/title", policy: "first" }]);
    const ours = [
      "all kinds",
      "phone",
      "phone editor",
      "add menu",
      "widget menu",
      "status",
      "range",
      "policies",
    ];
    const {
      page,
      person,
      look,
      leave: back,
      end,
    } = await visitor(scheme, `/d/${id}`, [
      ...ours,
      ...[
        "rename",
        "move mode",
        "keys",
        "palette",
        "confirm",
        "waiting",
        "table view",
        "person",
        "following",
        "activity",
        "draft",
      ],
      ...KINDS.map((kind) => `editor of ${kind}`),
    ]);
    const ada = new Dashboard(person, id);
    await ada.isHere();
    await page.locator("canvas").first().waitFor();
    await look("all kinds", ada.widget("A table"));
    await play.shot(ada, `a11y-all-${scheme}`);
    for (const kind of KINDS) {
      await ada.edit(titleOf(kind));
      if (kind === "text") await page.locator(".cm-content").first().waitFor();
      await look(`editor of ${kind}`, ada.byTestId("editor-panel"));
    }
    await ada.byTestId("editor-close").click();
    await page.getByTestId("add-widget").click();
    await look("add menu", menu(page));
    await back();
    await ada.focus("A stat");
    await page.keyboard.press("Enter");
    await look("widget menu", menu(page));
    await back();
    await ada.focus("A stat");
    await page.keyboard.press("F2");
    await look("rename", page.locator("input[data-testid='widget-title']"));
    await page.keyboard.press("Escape");
    await ada.focus("A stat");
    await page.keyboard.press("m");
    await look("move mode", page.getByText("keep"));
    await page.keyboard.press("Escape");
    await ada.byTestId("status-pill").click();
    await look("status", ada.byTestId("status-popover"));
    await back();
    await ada.byTestId("range").click();
    await look("range", ada.byTestId("range-panel"));
    await back();
    await ada.byTestId("policies-button").click();
    await look("policies", page.getByTestId("rule"));
    await page.keyboard.press("Escape");
    await ada.byTestId("activity-button").click();
    await look("activity", ada.byTestId("activity-panel"));
    await page.keyboard.press("Escape");
    await ada.edit("A stat");
    await ada.byTestId("draft-start").click();
    await look("draft", ada.byTestId("draft-bar"));
    await ada.byTestId("draft-discard").click();
    await ada.byTestId("editor-close").click();
    await ada.focus("A stat");
    await page.keyboard.press("?");
    await look("keys");
    await play.shot(ada, `a11y-keys-${scheme}`);
    await back();
    await page.keyboard.press("/");
    await look("palette", page.getByRole("option"));
    await play.shot(ada, `a11y-palette-${scheme}`);
    await back();
    const bo = await play.at(id, "Bo");
    await bo.edit("A stat");
    await bo.byTestId("field-title").focus();
    await ada.widget("A stat").getByText("Bo is editing").waitFor();
    await ada.focus("A stat");
    await page.keyboard.press("Delete");
    await look("confirm", page.getByRole("button", { name: "Remove anyway" }));
    await back();
    await page.locator("button[data-user='Bo']").click();
    // The card alone: what it covers half is no small target for it.
    await look("person", ada.byTestId("person-card"), "[data-testid='person-card']");
    await ada.byTestId("follow").click();
    await look("following", ada.byTestId("stop-following"));
    await ada.byTestId("stop-following").click();
    await ada.focus("A time series");
    await page.keyboard.press("t");
    await look("table view", dialog(page).getByRole("table"));
    await play.shot(ada, `a11y-table-${scheme}`);
    await back();
    await page.setViewportSize(PHONE);
    await look("phone", ada.widget("A stat"));
    await ada.edit("A text");
    await look("phone editor", ada.byTestId("editor-panel"));
    await play.shot(ada, `a11y-phone-editor-${scheme}`);
    await ada.byTestId("editor-close").click();
    await play.server.kill();
    await until("it notices", async () => (await ada.state()) !== "saved");
    await ada.rename("A stat", "Another stat");
    await ada.byTestId("status-pill").click();
    await look("waiting", page.getByTestId("waiting-group"));
    await play.server.launch();
    end();
  });

  test(`pages that have no dashboard to show, ${scheme}`, async () => {
    const id = await play.server.import({ ...fourPanels(), panels: [] });
    const { page, look, end } = await visitor(scheme, `/d/${id}`, ["empty", "review", "no such", "not here"]);
    await look("empty", page.getByText("An empty dashboard"));
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("review");
    await page.keyboard.press("Enter");
    await look("review", page.getByTestId("review-panel").getByText("Nothing to decide"));
    await page.goto(`${play.server.url}/d/${"0".repeat(id.length)}`);
    await look("no such", page.getByText("There is no such dashboard"));
    await applicationIsKept(page);
    await play.server.kill();
    await page.goto(`${play.server.url}/d/${id.replace(/.$/, "0")}`).catch(() => {});
    await look("not here", page.getByTestId("not-here"));
    await play.server.launch();
    end();
  });
}

const titleOf = (kind) => allKinds().panels.find(({ type }) => type === kind).title;

test("in forced colours the focus and the selection are still to be seen", async () => {
  const id = await play.server.import(fourPanels());
  const ada = await play.at(id, "Ada");
  await ada.page.emulateMedia({ forcedColors: "active" });
  await ada.page.keyboard.press("Tab");
  await ada.focus("Load");
  const outline = () =>
    ada.page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement);
      return outlineStyle === "solid" && Number.parseFloat(outlineWidth) >= 2;
    });
  assert.ok(await outline());
  const disc = ada.page.locator("[data-self] span[aria-hidden='true']").first();
  assert.equal(await disc.evaluate((element) => getComputedStyle(element).forcedColorAdjust), "none");
  await play.shot(ada, "forced-colours");
});
