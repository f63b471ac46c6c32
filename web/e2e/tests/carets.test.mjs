/** The carets of others in a text: where they are, when they are seen. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Composer } from "../support/composer.mjs";
import { converged } from "../support/dashboard.mjs";
import { fourPanels } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();

test("a caret goes with what is typed before it, by its owner and by others", async () => {
  const [ada, bo] = await play.two(board("alpha\nbeta\ngamma"));
  await Promise.all([ada.edit("Notes"), bo.edit("Notes")]);
  await bo.writeAt("Control+End");
  await seen(ada, "Bo", "gamma", "");
  await ada.writeAt("Control+Home");
  await seen(bo, "Ada", "", "alpha");
  // Both at once: each caret is right behind the word of its owner when all has come.
  const [first, second] = ["one 🙂 two\nthree ", " delta 漢字 epsilon"];
  await Promise.all([
    ada.page.keyboard.type(first, { delay: 20 }),
    bo.page.keyboard.type(second, { delay: 20 }),
  ]);
  await converged(play.server, ada, bo);
  await seen(ada, "Bo", `gamma${second}`, "");
  await seen(bo, "Ada", "three ", "alpha");
  // Right at the caret of the other: that one stays where its owner has it.
  await ada.writeAt("Control+End");
  await ada.page.keyboard.type("!!");
  await converged(play.server, ada, bo);
  await seen(ada, "Bo", `gamma${second}`, "!!");
  await play.shot(ada, "carets");
});

test("a selection of somebody else is shown, and follows the text", async () => {
  const [ada, bo] = await play.two(board("alpha beta gamma"));
  await Promise.all([ada.edit("Notes"), bo.edit("Notes")]);
  await bo.writeAt("Control+Home");
  await bo.page.keyboard.press("Control+ArrowRight");
  await bo.page.keyboard.press("Control+Shift+ArrowRight");
  const marked = () => ada.page.locator("[data-of='Bo']").textContent();
  await until("it is shown", async () => (await marked()).trim() === "beta");
  await ada.writeAt("Control+Home");
  await ada.page.keyboard.type("new ");
  await converged(play.server, ada, bo);
  assert.equal((await marked()).trim(), "beta");
});

test("a caret is hidden while its owner writes elsewhere, and its name fades and comes back", async () => {
  const [ada, bo] = await play.two(board("alpha"));
  await Promise.all([ada.edit("Notes"), bo.edit("Notes")]);
  await ada.writeAt("Control+Home");
  await bo.writeAt("Control+End");
  await seen(ada, "Bo", "alpha", "");
  const name = () =>
    ada.page
      .locator(".cm-otherCaret")
      .evaluate((caret) => Number(getComputedStyle(caret, "::after").opacity));
  assert.equal(await name(), 1, "the name is seen at first");
  await until("the name is gone", async () => (await name()) === 0);
  await ada.page.locator(".cm-otherCaret").hover();
  await until("the name is seen where one points", async () => (await name()) === 1);
  await ada.page.mouse.move(5, 5);
  await bo.page.keyboard.press("ArrowLeft");
  await until("the name is seen when the caret moves", async () => (await name()) === 1);
  await bo.byTestId("field-title").click();
  await ada.page.locator(".cm-otherCaret").waitFor({ state: "detached" });
  await bo.writeAt("Control+Home");
  await seen(ada, "Bo", "", "alpha");
});

test("three write in one text, and each sees the two others where they are", async () => {
  const [ada, bo] = await play.two(board("alpha\nbeta\ngamma"));
  const cem = await play.at(ada.id, "Cem");
  const all = [ada, bo, cem];
  await Promise.all(all.map((one) => one.edit("Notes")));
  await ada.writeAt("Control+Home");
  await bo.writeAt("Control+End");
  await cem.writeAt("Control+Home");
  await cem.page.keyboard.press("ArrowDown");
  await cem.page.keyboard.press("End");
  await Promise.all([
    ada.page.keyboard.type("ada ", { delay: 15 }),
    bo.page.keyboard.type(" bo", { delay: 15 }),
    cem.page.keyboard.type(" cem", { delay: 15 }),
  ]);
  await converged(play.server, ...all);
  const places = { Ada: ["ada ", "alpha"], Bo: ["gamma bo", ""], Cem: ["beta cem", ""] };
  for (const one of all) {
    for (const [name, place] of Object.entries(places)) {
      if (name !== one.person.name) await seen(one, name, ...place);
    }
  }
  await play.shot(ada, "carets-of-two");
});

test("a caret that moved while a word was composed is right when the word is done", async () => {
  const [ada, bo] = await play.two(board("alpha beta"));
  await Promise.all([ada.edit("Notes"), bo.edit("Notes")]);
  const composer = await Composer.of(ada);
  await composer.goTo(5);
  await composer.compose("に");
  await bo.writeAt("Control+Home");
  await bo.page.keyboard.type("new ");
  await bo.page.keyboard.press("Control+End");
  await bo.saved();
  await composer.hasAll(play.server);
  // What Bo's page said last has come by the time that what it says next is shown.
  await ada.widget("Notes").getByText("Bo is editing").waitFor();
  await composer.commit("日");
  await seen(ada, "Bo", "new alpha日 beta", "");
});

test("a caret outside of the view is right when it is looked at", async () => {
  const lines = Array.from({ length: 200 }, (_, line) => `line ${line}`);
  const [ada, bo] = await play.two(board(lines.join("\n")));
  await Promise.all([ada.edit("Notes"), bo.edit("Notes")]);
  await bo.writeAt("Control+End");
  await ada.writeAt("Control+Home");
  await ada.page.keyboard.type("above\nabove\n");
  await bo.page.keyboard.type(" end");
  await bo.page.keyboard.press("ArrowLeft");
  await converged(play.server, ada, bo);
  await ada.page.keyboard.press("Control+End");
  await seen(ada, "Bo", "line 199 en", "d");
});

/** Waits until one sees the caret of somebody between these parts of its line. */
async function seen(dashboard, name, before, after) {
  let last = null;
  const look = async () => {
    last = await dashboard.page.locator(`.cm-otherCaret[data-name='${name}']`).evaluateAll((carets) =>
      carets.map((caret) => {
        const line = caret.closest(".cm-line");
        const range = document.createRange();
        range.setStart(line, 0);
        range.setEndBefore(caret);
        const left = range.toString();
        return [left, line.textContent.slice(left.length)];
      }),
    );
    return last.length === 1 && last[0][0] === before && last[0][1] === after;
  };
  await until("the caret is there", look, 6_000).catch(() => {});
  assert.deepEqual(last, [[before, after]], `${dashboard.person.name} sees the caret of ${name}`);
}

function board(content) {
  const dashboard = fourPanels();
  dashboard.panels[2].options.content = content;
  return dashboard;
}
