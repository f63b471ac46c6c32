/** Several people in the editor of one widget: who is there, asking somebody to go on, trying without publishing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { converged } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();

test("those who open a widget, go into a field and leave are seen and said", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.edit("Load");
  await bo.edit("Load");
  await ada.byTestId("participant-Bo").waitFor();
  await bo.byTestId("participant-Ada").waitFor();
  await said(ada, "Bo is editing this too");
  await ada.widget("Load").getByText("Bo is editing").waitFor();
  await bo.byTestId("field-title").focus();
  await ada.byTestId("participant-Bo").getByText("Title").waitFor();
  await ada.byTestId("editor-panel").getByText("Bo is editing this field").waitFor();
  const cem = await play.at(ada.id, "Cem");
  await cem.edit("Load");
  await ada.byTestId("participant-Cem").waitFor();
  await play.shot(ada, "session");
  await cem.byTestId("editor-close").click();
  await ada.byTestId("participant-Cem").waitFor({ state: "detached" });
  await bo.byTestId("editor-close").click();
  await ada.byTestId("participant-Bo").waitFor({ state: "detached" });
  await said(ada, "Bo has closed this");
});

test("a field that somebody else changes flashes, and the focus stays where it is", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await Promise.all([ada.edit("Load"), bo.edit("Load")]);
  await ada.byTestId("field-type").focus();
  const title = ada.page.locator("[data-path$='/title']");
  // The flash is over soon: the page itself keeps watch.
  await title.evaluate((field) => {
    globalThis.flashes = 0;
    const watch = () => {
      if (getComputedStyle(field).outlineColor !== "rgba(0, 0, 0, 0)") globalThis.flashes += 1;
    };
    new MutationObserver(watch).observe(field, { attributes: true, attributeFilter: ["class"] });
  });
  await bo.byTestId("field-title").fill("Load of Bo");
  await until("it has flashed", () => ada.page.evaluate(() => globalThis.flashes > 0));
  await until("it is over", () =>
    title.evaluate((field) => getComputedStyle(field).outlineColor === "rgba(0, 0, 0, 0)"),
  );
  assert.equal(await ada.page.evaluate(() => document.activeElement.dataset.testid), "field-type");
});

test("whoever is asked to go on gets there by one press, in the field of the one who asks", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await Promise.all([ada.edit("Load"), bo.edit("Load")]);
  await ada.byTestId("field-title").focus();
  await bo.byTestId("participant-Ada").getByText("Title").waitFor();
  await ada.byTestId("participant-Bo").getByTestId("hand-off").click();
  await bo.page.getByText("Ada asks you to go on with Load").first().waitFor();
  await play.shot(bo, "hand-off");
  await bo.byTestId("editor-close").click();
  await bo.page.getByRole("button", { name: "Go there" }).click();
  await bo.byTestId("editor-panel").waitFor();
  await until("the focus is in the title", () =>
    bo.page.evaluate(() => document.activeElement.dataset.testid === "field-title"),
  );
});

test("a draft is seen by those in the editor alone, and is published as one step", async () => {
  const [ada, bo] = await play.two(fourPanels());
  const cem = await play.at(ada.id, "Cem");
  await Promise.all([ada.edit("Notes"), bo.edit("Notes")]);
  await bo.byTestId("participant-Ada").waitFor();
  await bo.writeAt("Control+Home");
  await bo.page.keyboard.type("To the ");
  await ada.widget("Notes").getByText("To the middle").waitFor();
  await ada.byTestId("draft-start").click();
  await ada.byTestId("draft-bar").waitFor();
  await ada.writeAt("Control+End");
  await ada.page.keyboard.type(" and **new**");
  await ada.byTestId("field-title").fill("Notes of Ada");
  await ada.widget("Notes of Ada").getByText("and new").waitFor();
  await bo.widget("Notes of Ada").getByText("draft of Ada").waitFor();
  await bo.widget("Notes of Ada").getByText("and new").waitFor();
  await cem.widget("Notes").getByText("2 people are editing").waitFor();
  assert.equal(await cem.page.getByText("and new").count(), 0, "who is not in the editor sees nothing of it");
  await play.shot(ada, "draft-own");
  await play.shot(bo, "draft-of-another");
  // Meanwhile somebody types into the same text, and another one changes the Document: all is there in the end.
  await bo.writeAt("Control+Home");
  await bo.page.keyboard.type("Up ");
  await ada.byTestId("draft-bar").getByText("Somebody has typed elsewhere in").waitFor();
  await cem.rename("Disks", "Disks of Cem");
  await Promise.all([bo.saved(), cem.saved()]);
  assert.equal(panelOf(await play.server.export(ada.id), "Notes").options.content, "Up To the middle");
  await play.shot(ada, "draft-beside");
  const before = await play.server.revision(ada.id);
  await ada.byTestId("draft-publish").click();
  await cem.widget("Notes of Ada").getByText("and new").waitFor();
  const after = await converged(play.server, ada, bo, cem);
  assert.equal(panelOf(after, "Notes of Ada").options.content, "Up To the middle and **new**");
  assert.equal(await play.server.revision(ada.id), before + 1, "it is one operation");
  await ada.byTestId("editor-close").click();
  await ada.byTestId("undo").click();
  await cem.widget("Notes").waitFor();
  const undone = await converged(play.server, ada, bo, cem);
  assert.equal(panelOf(undone, "Notes").options.content, "Up To the middle");
});

test("a draft is still there after the editor was closed and the page loaded again, until it is discarded", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.edit("Load");
  await ada.byTestId("draft-start").click();
  await ada.byTestId("field-title").fill("Tried");
  await ada.byTestId("draft-bar").getByText("1 change").waitFor();
  await ada.byTestId("editor-close").click();
  await bo.rename("Load", "Load of Bo");
  await ada.widget("Load of Bo").waitFor();
  await ada.page.reload();
  await ada.isHere();
  await ada.edit("Load of Bo");
  await ada.byTestId("draft-bar").getByText("1 change").waitFor();
  assert.equal(await ada.byTestId("field-title").inputValue(), "Tried");
  // What the draft began from is kept with it.
  await ada.byTestId("draft-bar").getByText("Somebody has changed Title meanwhile").waitFor();
  await ada.byTestId("draft-discard").click();
  await ada.byTestId("draft-bar").waitFor({ state: "detached" });
  assert.equal(await ada.byTestId("field-title").inputValue(), "Load of Bo");
});

test("when the widget with the focus is deleted, the focus goes to the next one, and it is said", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.focus("Memory");
  await bo.remove("Load");
  await ada.widget("Load").waitFor({ state: "detached" });
  const focused = () => ada.page.evaluate(() => document.activeElement.getAttribute("aria-label") ?? "");
  assert.match(await focused(), /^Memory/, "another one's end moves nothing");
  await bo.remove("Memory");
  await ada.widget("Memory").waitFor({ state: "detached" });
  await until("the focus is at the next one", async () => /^Notes/.test(await focused()));
  await said(ada, "Now at Notes");
});

/** Waits until something was said to those who listen. */
function said(dashboard, words) {
  const region = dashboard.page.locator("[aria-live='polite']").filter({ hasText: words });
  return region.first().waitFor({ state: "attached" });
}
