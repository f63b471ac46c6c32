/**
 * Somebody composes a word with an input method while somebody else writes into the same text. Browsers double or
 * misplace a composed word whose node is touched, so the view gets what others did when the word is done.
 */
import assert from "node:assert/strict";
import { after, test } from "node:test";
import { connect } from "../support/clients.mjs";
import { Composer } from "../support/composer.mjs";
import { Dashboard } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

/** The word is composed behind "abc "; "にほ" is there, and in the document, when the other one comes in. */
const START = "abc def\nsecond line";
const PLACE = 4;

/** What the other one does meanwhile, in the text with "にほ", and the text when "日本" is chosen. */
const CASES = [
  ["before it on its line", ["X "], "X abc 日本def\nsecond line"],
  ["behind it on its line", [9, "X"], "abc 日本defX\nsecond line"],
  ["right before it", [4, "X"], "abc X日本def\nsecond line"],
  ["right behind it", [6, "X"], "abc 日本Xdef\nsecond line"],
  ["into it", [5, "X"], "abc 日本Xdef\nsecond line"],
  ["a line above", ["top\n"], "top\nabc 日本def\nsecond line"],
  ["and deletes on the line below", [10, "X", { delete: 6 }], "abc 日本def\nX line"],
];
const DELETIONS = [
  ["what stands before it", [{ delete: 4 }], "日本def\nsecond line"],
  ["what stands behind it", [6, { delete: 3 }], "abc 日本\nsecond line"],
  ["a part of it", [3, { delete: 2 }], "abc日本def\nsecond line"],
  ["all of it", [4, { delete: 2 }], "abc 日本def\nsecond line"],
  ["its line", [{ delete: 10 }], "日本second line"],
];

const play = stage();
let ada = null;
let composer = null;
let bo = null;
let text = null;

/** Both sit down once for all tests. */
async function sit() {
  const id = await play.server.import(fourPanels());
  ada = await Dashboard.open(await play.person("Ada", { stays: true }), play.server, id);
  await ada.edit("Notes");
  composer = await Composer.of(ada);
  bo = connect(play.server.url, "Bo");
  const handle = bo.join(id);
  await until("Bo has it", () => handle.content.current);
  text = handle.text(handle.pathOf(["panels", 2, "options", "content"]));
}

after(async () => {
  await bo?.destroy();
});

for (const [where, delta, end] of CASES) {
  test(`while a word is composed somebody writes ${where}`, async () => {
    await begin();
    await meanwhile(delta);
    await composer.compose("にほん");
    await composer.commit("日本");
    await agreeOn(end);
  });
}

for (const [what, delta, end] of DELETIONS) {
  test(`while a word is composed somebody deletes ${what}`, async () => {
    await begin();
    await meanwhile(delta);
    await composer.compose("にほん");
    await composer.commit("日本");
    await agreeOn(end);
  });
}

test("a word that goes on as it was stays whole where somebody writes right behind it", async () => {
  await begin();
  await meanwhile([6, "X"]);
  await composer.compose("にほん");
  await composer.commit("にほん");
  await agreeOn("abc にほんXdef\nsecond line");
});

test("a word that is given up takes nothing of the other with it", async () => {
  await begin();
  await meanwhile([5, "X"]);
  await composer.compose("");
  await agreeOn("abc Xdef\nsecond line");
});

test("a word stays as it is where the field is left while it is composed", async () => {
  await begin();
  await meanwhile(["X "]);
  await ada.byTestId("field-title").click();
  await agreeOn("X abc にほdef\nsecond line");
});

test("an undo after the word takes back the word, and not what the other wrote meanwhile", async () => {
  await begin();
  await meanwhile([4, "X"]);
  await composer.commit("日本");
  await agreeOn("abc X日本def\nsecond line");
  await composer.field.focus();
  await ada.page.keyboard.press("Control+z");
  await agreeOn("abc Xdef\nsecond line");
});

/** The start text, and a word half composed in it that the other one has seen. */
async function begin() {
  if (!text) await sit();
  const { current } = text.value;
  text.apply([...(current ? [{ delete: current.length }] : []), START]);
  await until("the start is shown", async () => (await composer.shown()) === START);
  // Each word is a step of its own for undo.
  await composer.goTo(PLACE);
  await composer.compose("に");
  await composer.compose("にほ");
  await until("the other one has seen it", () => text.value.current === "abc にほdef\nsecond line");
}

async function meanwhile(delta) {
  text.apply(delta);
  await bo.whenNothingPending();
  await composer.hasAll(play.server);
}

/** The text of the page, of its document, of the server and of the other one. */
async function agreeOn(end) {
  const all = async () => {
    await bo.whenNothingPending();
    const stored = panelOf(await play.server.export(ada.id), "Notes").options.content;
    return [await composer.shown(), stored, text.value.current];
  };
  await until("all agree", async () => (await all()).every((one) => one === end), 5_000).catch(() => {});
  assert.deepEqual(await all(), [end, end, end]);
}
