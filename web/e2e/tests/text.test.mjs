/** Two people type into one text. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { converged } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();

test("typing into one text widget from both keeps every letter", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await Promise.all([ada.edit("Notes"), bo.edit("Notes")]);
  await ada.writeAt("Control+Home");
  await bo.writeAt("Control+End");
  const [before, after] = ["Ada was here 🙂 ", " and Bo was here 漢字"];
  await Promise.all([
    ada.page.keyboard.type(before, { delay: 15 }),
    bo.page.keyboard.type(after, { delay: 20 }),
  ]);
  const whole = `${before}middle${after}`;
  await until("the text is whole", async () => (await content(ada.id)) === whole);
  await converged(play.server, ada, bo);
  for (const dashboard of [ada, bo]) {
    const editor = dashboard.byTestId("text-editor").locator(".cm-content");
    assert.equal(await editor.textContent(), whole);
    await dashboard.widget("Notes").getByText("and Bo was here").waitFor();
  }
  await play.shot(ada, "typing-together");
});

test("typing at one place from both keeps the words of each together", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await Promise.all([ada.edit("Notes"), bo.edit("Notes")]);
  await Promise.all([ada.writeAt("Control+End"), bo.writeAt("Control+End")]);
  await Promise.all([ada.page.keyboard.type("AAAAAAAA"), bo.page.keyboard.type("bbbbbbbb")]);
  await until("all letters have come", async () => (await content(ada.id)).length === "middle".length + 16);
  await converged(play.server, ada, bo);
  const text = await content(ada.id);
  assert.equal(text.slice(0, 6), "middle");
  assert.equal(text.replace(/[^A]/g, ""), "AAAAAAAA");
  assert.equal(text.replace(/[^b]/g, ""), "bbbbbbbb");
});

test("a long text that is pasted arrives whole, is gone on with, and can be deleted at once", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await ada.edit("Notes");
  await ada.writeAt("Control+End");
  const long = "many words and a 🙂\n".repeat(5_000);
  await paste(ada, long);
  await ada.page.keyboard.type(" end");
  await until("all of it has come", async () => (await content(ada.id)) === `middle${long} end`);
  await converged(play.server, ada, bo);
  await ada.page.keyboard.press("Control+a");
  await ada.page.keyboard.press("Delete");
  await until("all of it has gone", async () => (await content(ada.id)) === "");
  await converged(play.server, ada, bo);
});

/** What is pasted is one change, unlike what is typed. */
async function paste(dashboard, text) {
  const field = dashboard.byTestId("text-editor").locator("[contenteditable='true']");
  await field.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

test("undo in the editor takes back one's own words alone, and after it is closed all of them in one step", async () => {
  const [ada, bo] = await play.two(fourPanels());
  await Promise.all([ada.edit("Notes"), bo.edit("Notes")]);
  await ada.writeAt("Control+End");
  await bo.writeAt("Control+Home");
  await ada.page.keyboard.type(" one");
  await bo.page.keyboard.type("Bo ");
  await shows(ada, "Bo middle one");
  await ada.page.keyboard.type(" two");
  await bo.page.keyboard.type("is here, ");
  await shows(ada, "Bo is here, middle one two");
  const key = async (keys, end) => {
    await until(`the page shows ${end}`, async () => {
      if ((await shown(ada)) === end) return true;
      await ada.page.keyboard.press(keys);
      return (await shown(ada)) === end;
    });
  };
  await key("Control+z", "Bo is here, middle");
  await key("Control+y", "Bo is here, middle one two");
  await ada.byTestId("editor-close").click();
  await converged(play.server, ada, bo);
  await ada.byTestId("undo").click();
  await until("the words of Ada are gone", async () => (await content(ada.id)) === "Bo is here, middle");
  await shows(bo, "Bo is here, middle");
  await ada.byTestId("redo").click();
  await until("they are back", async () => (await content(ada.id)) === "Bo is here, middle one two");
});

/** What the editor shows. */
function shown(dashboard) {
  return dashboard.byTestId("text-editor").locator(".cm-content").textContent();
}

function shows(dashboard, text) {
  return until(`the editor shows ${text}`, async () => (await shown(dashboard)) === text);
}

async function content(id) {
  return panelOf(await play.server.export(id), "Notes").options.content;
}
