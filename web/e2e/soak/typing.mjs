/**
 * Two people type into one text at ten keys a second: words, line breaks, corrections, and now and then somewhere else.
 * After each key the caret is right behind what that key typed. At the end all texts are equal, and nothing is lost.
 */
import { converged, Dashboard } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { meet, openBrowser } from "../support/people.mjs";
import { CoboardServer } from "../support/server.mjs";
import { until as eventually } from "../support/until.mjs";
import { options, randomOf } from "./options.mjs";

const KEYS_PER_SECOND = 10;
/** More than a line takes, wrapped or not. */
const LINE_PX = 40;
const START = Array.from({ length: 12 }, (_, line) => `${line} ${"0123456789 ".repeat(3)}`).join("\n");

const { seconds, seed } = options({ seconds: 60 });
const server = await CoboardServer.start();
const browser = await openBrowser();
const board = fourPanels();
board.panels[2].options.content = START;
const id = await server.import(board);
const wrong = [];
const writers = [
  await sit("Ada", "abcdefghijklmnopqrstuvwxyz", 1),
  await sit("Bo", "ABCDEFGHIJKLMNOPQRSTUVWXYZ", 2),
];
const end = performance.now() + seconds * 1_000;
await Promise.all(writers.map((writer) => write(writer)));
const dashboards = writers.map(({ dashboard }) => dashboard);
const stored = panelOf(await converged(server, ...dashboards), "Notes").options.content;
for (const writer of writers) await judge(writer);
for (const { dashboard } of writers) wrong.push(...dashboard.person.complaints);
const keys = writers.reduce((sum, writer) => sum + writer.keys, 0);
console.log(`keys typed               ${keys} by two, ${(keys / 2 / seconds).toFixed(1)} a second each`);
console.log(`length of the text       ${stored.length}`);
await browser.close();
await server.stop();
for (const fault of wrong.slice(0, 20)) console.log(`WRONG                    ${fault}`);
console.log(
  wrong.length === 0 ? "all is there, and each caret was where it belongs" : `${wrong.length} faults`,
);
process.exit(wrong.length === 0 ? 0 : 1);

async function sit(name, letters, stream) {
  const person = await meet(browser, server.network, name);
  const dashboard = await Dashboard.open(person, server, id);
  await dashboard.edit("Notes");
  await dashboard.writeAt("Control+Home");
  return { name, dashboard, letters, random: randomOf(seed + stream), count: 0, run: "", keys: 0 };
}

async function write(writer) {
  const begin = performance.now();
  while (performance.now() < end) {
    await press(writer);
    writer.keys += 1;
    const next = begin + (writer.keys * 1_000) / KEYS_PER_SECOND;
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, next - performance.now())));
  }
}

/** One key, and a look at what is before the caret. */
async function press(writer) {
  const { dashboard, letters, random } = writer;
  const { keyboard } = dashboard.page;
  const what = random(100);
  if (what < 4) {
    await keyboard.press(["Control+Home", "Control+End", "ArrowUp", "ArrowDown", "End", "Home"][random(6)]);
    writer.run = "";
  } else if (what < 10 && writer.run !== "") {
    await keyboard.press("Backspace");
    writer.run = writer.run.slice(0, -1);
    writer.count -= 1;
  } else if (what < 14) {
    await keyboard.press("Enter");
    writer.run = "";
    if ((await beforeCaret(writer)) !== "") wrong.push(`${writer.name}: the caret is not on the new line`);
  } else {
    const letter = letters[random(letters.length)];
    await keyboard.type(letter);
    writer.run += letter;
    writer.count += 1;
  }
  const last = writer.run.slice(-1);
  const before = await beforeCaret(writer);
  if (!before.endsWith(last))
    wrong.push(
      `${writer.name}: ${JSON.stringify(last)} was typed, the caret is behind ${JSON.stringify(before)}`,
    );
}

/** What stands before the caret in its line. */
function beforeCaret({ dashboard }) {
  return dashboard.page.evaluate(() => {
    const { focusNode, focusOffset } = getSelection();
    const element = focusNode.nodeType === Node.TEXT_NODE ? focusNode.parentElement : focusNode;
    const line = element.closest(".cm-line");
    const range = document.createRange();
    range.setStart(line, 0);
    range.setEnd(focusNode, focusOffset);
    return range.toString();
  });
}

async function judge({ name, dashboard, letters, count }) {
  if ((await shown(dashboard)) !== stored) wrong.push(`${name} sees another text than is stored`);
  const found = [...stored].filter((letter) => letters.includes(letter)).length;
  if (found !== count) wrong.push(`${name} typed ${count} letters, ${found} are there`);
}

/** The whole text in the editor: lines out of sight are not drawn, so all are brought into it. */
async function shown({ page }) {
  const lines = stored.split("\n");
  await page.addStyleTag({ content: ".cm-scroller { max-height: none !important }" });
  await page.setViewportSize({ width: 1280, height: 1_000 + lines.length * LINE_PX });
  const drawn = page.locator(".cm-content .cm-line");
  await eventually("all lines are drawn", async () => (await drawn.count()) === lines.length);
  return (await drawn.evaluateAll((all) => all.map((line) => line.textContent))).join("\n");
}
