/** The rules of a dashboard: read, added, changed, put in order and removed by one; they hold for both at once. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seriousIn } from "../support/axe.mjs";
import { fourPanels } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();

async function rulesOf(id) {
  const answer = await fetch(`${play.server.url}/api/dashboards/${id}/policies`);
  const { policies } = await answer.json();
  return policies.map(({ path, policy }) => `${path} ${policy}`);
}

async function open(dashboard) {
  await dashboard.byTestId("policies-button").focus();
  await dashboard.page.keyboard.press("Enter");
  const panel = dashboard.byTestId("policies-panel");
  await panel.waitFor();
  return panel;
}

test("rules are added, changed, put in order and removed", async () => {
  const [ada, bo] = await play.two(fourPanels());
  const panel = await open(ada);
  await panel.getByText("There are no rules yet").waitFor();
  await panel.getByRole("button", { name: "Add", exact: true }).click();
  await panel.getByText("Say what the rule is about").waitFor();
  await play.shot(ada, "policies-empty-light");

  const path = panel.getByLabel("For", { exact: true });
  await path.fill("/panels/*/title");
  await path.press("Enter");
  await until("it is stored", async () => (await rulesOf(ada.id)).join() === "/panels/*/title manual");
  await path.fill("/panels/**");
  await panel.getByLabel("Policy", { exact: true }).selectOption("delete_wins");
  await panel.getByRole("button", { name: "Add", exact: true }).click();
  await until("both are stored", async () => (await rulesOf(ada.id)).length === 2);
  await path.fill("/panels/*/options/**");
  await path.press("Enter");
  await panel.getByText("comes first and decides there already").waitFor();
  await path.fill("");
  await panel.getByLabel("Policy for /panels/*/title").selectOption("first");
  await until("it is changed", async () => (await rulesOf(ada.id))[0] === "/panels/*/title first");
  await panel.getByRole("button", { name: "Before the one above: /panels/**" }).click();
  await until("it is the first", async () => (await rulesOf(ada.id))[0] === "/panels/** delete_wins");
  await panel.getByText("The rule for /panels/** comes first").waitFor();
  await play.shot(ada, "policies-light");
  assert.deepEqual(await seriousIn(ada.page, "[data-testid='policies-panel']"), []);

  const other = await open(bo);
  await until("Bo sees both", async () => (await other.getByTestId("rule").count()) === 2);
  await panel.getByRole("button", { name: "Remove: /panels/**" }).press("Enter");
  await until("it is gone", async () => (await rulesOf(ada.id)).join() === "/panels/*/title first");
  await ada.page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  assert.equal(await ada.page.evaluate(() => document.activeElement?.dataset.testid), "policies-button");
});

test("what somebody else saves meanwhile is shown, and never overwritten", async () => {
  const id = await play.server.import(fourPanels());
  await play.server.setPolicies(id, [{ path: "/refreshes", policy: "max" }]);
  const [ada, bo] = await Promise.all([play.at(id, "Ada"), play.at(id, "Bo")]);
  const [panel, other] = [await open(ada), await open(bo)];
  await panel.getByLabel("Policy for /refreshes").waitFor();
  await other.getByLabel("Policy for /refreshes").waitFor();
  const path = panel.getByLabel("For", { exact: true });
  await path.fill("/panels/*/title");

  await other.getByLabel("Policy for /refreshes").selectOption("min");
  await panel.getByText("Bo changed the rules.").waitFor();
  assert.equal(await panel.getByLabel("Policy for /refreshes").inputValue(), "min");
  assert.equal(await path.inputValue(), "/panels/*/title");
  assert.equal(await other.getByText("changed the rules").count(), 0);
  await play.shot(ada, "policies-news-light");
  await path.press("Enter");
  await until("both are stored", async () => (await rulesOf(id)).length === 2);
  assert.deepEqual(await rulesOf(id), ["/refreshes min", "/panels/*/title manual"]);
  await until("what was said is over", async () => (await panel.getByText("Bo changed").count()) === 0);

  // Bo's page does not hear of the next change before he makes his own.
  await bo.page.route("**/policies", async (route) => {
    if (route.request().method() === "PUT") {
      await play.server.setPolicies(id, [{ path: "/panels/**", policy: "first" }]);
    }
    await route.continue();
  });
  await other.getByRole("button", { name: "Remove: /refreshes" }).click();
  await other.getByRole("alert").getByText("somebody else changed the rules meanwhile").waitFor();
  await until("theirs are shown", async () => (await other.getByTestId("rule").count()) === 1);
  assert.deepEqual(await rulesOf(id), ["/panels/** first"]);
  await play.shot(bo, "policies-overtaken-light");
});

test("without a server the panel says so and can try again; on a phone, in the dark", async () => {
  const id = await play.server.import(fourPanels());
  await play.server.setPolicies(id, [
    { path: "/panels/*/targets/**", policy: "manual" },
    { path: "/refreshes", policy: "max" },
  ]);
  const ada = await play.at(id, "Ada", { colorScheme: "dark" });
  await ada.page.setViewportSize({ width: 390, height: 844 });
  await play.server.kill();
  const panel = await open(ada);
  await panel.getByRole("alert").getByText("could not be loaded").waitFor();
  await play.shot(ada, "policies-failed-phone-dark");
  await play.server.launch();
  await panel.getByRole("button", { name: "Try again" }).click();
  await panel.getByRole("list").getByText("Queries").waitFor();
  await play.shot(ada, "policies-phone-dark");
  await ada.saved();
  // What the server does not take is not shown as if it did.
  await play.server.kill();
  await panel.getByRole("button", { name: "Remove: /refreshes" }).click();
  await panel.getByRole("alert").getByText("Not saved").waitFor();
  assert.equal(await panel.getByTestId("rule").count(), 2);
  await play.server.launch();
  await ada.saved();
});
