/** What one viewer sees of a dashboard and others do not: refresh and variables. */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables are written like that
import assert from "node:assert/strict";
import { test } from "node:test";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();

function withVariables() {
  const target = { refId: "A", datasource: { type: "coboard-testdata" }, scenario: "sine", seed: 3 };
  const option = (text, value = text) => ({ text, value, selected: false });
  return {
    title: "Variables",
    time: { from: "now-15m", to: "now" },
    templating: {
      list: [
        {
          name: "env",
          type: "custom",
          label: "Environment",
          query: "prod,stage",
          options: [option("prod"), option("Staging", "stage")],
          current: option("prod"),
        },
        {
          name: "job",
          type: "query",
          multi: true,
          includeAll: true,
          options: [option("api"), option("web")],
        },
        { name: "filter", type: "textbox", query: "none" },
        { name: "site", type: "constant", query: "Bern" },
      ],
    },
    panels: [
      {
        id: 1,
        type: "timeseries",
        title: "Load in $env",
        gridPos: { x: 0, y: 0, w: 12, h: 8 },
        targets: [target],
      },
      {
        id: 2,
        type: "text",
        title: "Words",
        gridPos: { x: 12, y: 0, w: 12, h: 8 },
        options: { mode: "markdown", content: "${env:raw} at [[site]]: $job, $filter, $other" },
      },
    ],
  };
}

const chart = ({ page }) => page.getByRole("img", { name: /^Load/ }).first();

test("data is asked for again at the press of a button, and as often as one says", async () => {
  const id = await play.server.import(withVariables());
  const ada = await play.at(id, "Ada");
  const shown = () => chart(ada).getAttribute("aria-label");
  await until("it is drawn", shown);
  const before = await shown();
  const later = (ms) =>
    ada.page.evaluate((shift) => {
      const { now } = Date;
      Date.now = () => now() + shift;
    }, ms);
  await later(7 * 60_000);
  assert.equal(await ada.byTestId("refresh").textContent(), "Off");
  assert.equal(await shown(), before);
  await ada.byTestId("refresh-now").click();
  await until("it is newer", async () => (await shown()) !== before);
  const asked = await shown();
  await ada.byTestId("refresh").click();
  await ada.page.getByRole("menuitem", { name: "5 s", exact: true }).click();
  await later(7 * 60_000);
  await until("it comes by itself", async () => (await shown()) !== asked);
  assert.equal(await play.server.revision(id), 1, "nothing was saved");
});

test("variables are each viewer's own, stand in titles, texts and queries, and survive a reload", async () => {
  const id = await play.server.import(withVariables());
  const [ada, bo] = await Promise.all([play.at(id, "Ada"), play.at(id, "Bo")]);
  const words = ({ page }) => page.locator("[data-type=text] p").textContent();
  await ada.widget("Load in prod").waitFor();
  await until("it is written", async () => (await words(ada)) === "prod at Bern: api, none, $other");
  await ada.byTestId("variable-env").selectOption("stage");
  await ada.widget("Load in Staging").waitFor();
  await ada.byTestId("variable-job").click();
  await ada.page.getByLabel("web").check();
  await ada.page.keyboard.press("Escape");
  await ada.byTestId("variable-filter").fill("mine");
  await ada.byTestId("variable-filter").press("Enter");
  await until("all is in", async () => (await words(ada)) === "stage at Bern: api + web, mine, $other");
  await play.shot(ada, "presence-variables");
  assert.equal(await words(bo), "prod at Bern: api, none, $other");
  await ada.page.reload();
  await ada.isHere();
  await until("it is as before", async () => (await words(ada)) === "stage at Bern: api + web, mine, $other");

  await bo.follow("Ada");
  await until("whoever follows has them too", async () => (await words(bo)) === (await words(ada)));
  await bo.byTestId("variable-env").selectOption("prod");
  await bo.byTestId("following").waitFor({ state: "detached" });
  assert.equal(await words(ada), "stage at Bern: api + web, mine, $other");
  // The title is edited as it is written.
  await ada.focus("Load in Staging");
  await ada.page.keyboard.press("F2");
  assert.equal(await ada.page.locator("input[data-testid='widget-title']").inputValue(), "Load in $env");
  await ada.page.keyboard.press("Escape");
  assert.equal(await play.server.revision(id), 1, "nothing was saved");
});
