/** What takes long is seen: a queue on its way out, an absence being caught up with, over a slow line. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect } from "../support/clients.mjs";
import { Dashboard } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();
/** More than goes in one submit. */
const QUEUED = 450;
/** Each puts a long text somewhere of its own, so that they do not come in one piece. */
const MISSED = 25;
const LONG = "x".repeat(30_000);
/** What the slow line takes for each piece that it carries, one way. */
const SLOW_MS = 700;

/** Ada behind a line of her own, with the details of the status open as soon as there is something to see. */
async function ada(id, options) {
  const line = await play.line();
  const person = await play.person("Ada", { ...options, line });
  return { line, dashboard: await Dashboard.open(person, play.server, id) };
}

/** Changes a number so often, each time by a change of its own, as if somebody were very quick. */
async function changeOften(dashboard, times) {
  await dashboard.edit("Load");
  const field = dashboard.byTestId("editor-panel").getByLabel("Max", { exact: true });
  await field.evaluate(async (input, count) => {
    const { set } = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value");
    for (let value = 1; value <= count; value += 1) {
      set.call(input, String(value));
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
      await new Promise((next) => setTimeout(next));
    }
  }, times);
}

/** All that the bar showed, from the first time it was there until it was gone. */
function watch({ page }) {
  return page.evaluate(
    () =>
      new Promise((resolve) => {
        const seen = [];
        const look = () => {
          const bar = document.querySelector("[role='progressbar'][aria-label='Sync']");
          const text = bar?.getAttribute("aria-valuetext");
          if (text && seen.at(-1) !== text) seen.push(text);
          if (!bar && seen.length > 0) resolve(seen);
          else requestAnimationFrame(look);
        };
        look();
      }),
  );
}

async function openStatus(dashboard) {
  await dashboard.byTestId("status-pill").focus();
  await dashboard.page.keyboard.press("Enter");
  await dashboard.byTestId("status-popover").waitFor();
}

/** Lets her back in over a slow line; the returned function makes it quick. */
async function comeBack(dashboard, line) {
  line.delayMs = SLOW_MS;
  // A line this slow that is cut each second carries nothing at all.
  const release = line.hold();
  await line.up();
  await dashboard.page.evaluate(() => {
    globalThis.dispatchEvent(new Event("online"));
  });
  return () => {
    line.delayMs = 0;
    release();
  };
}

/** A network that switches has carried something by both ways. */
async function bothWays({ rule, carried }) {
  if (rule !== "switch") return;
  await until("both ways are used", () => carried.polling > 0 && carried.websocket > 0);
}

async function arrived(dashboard, line) {
  await dashboard.saved();
  await bothWays(line);
  await dashboard.saved();
}

const bar = ({ page }) => page.getByRole("progressbar", { name: "Sync" });

test("a long queue on its way out shows how far it is", async () => {
  const id = await play.server.import(fourPanels());
  const { line, dashboard } = await ada(id);
  await line.down();
  await until("she is alone", async () => (await dashboard.state()) !== "saved");
  await changeOften(dashboard, QUEUED);
  await openStatus(dashboard);
  const told = watch(dashboard);
  const quicken = await comeBack(dashboard, line);
  await bar(dashboard).waitFor();
  await until("a part of it is there", async () => {
    return /^[1-9]\d* of/.test((await bar(dashboard).getAttribute("aria-valuetext", { timeout: 500 })) ?? "");
  });
  await play.shot(dashboard, "progress-sending-light");
  const seen = await told;
  quicken();
  assert.equal(seen[0], `0 of ${QUEUED} changes are with the server`);
  const done = seen.map((text) => Number(text.split(" ")[0]));
  assert.ok(done.length >= 3, seen.join("; "));
  assert.deepEqual(
    done,
    done.toSorted((a, b) => a - b),
    "it never goes back",
  );
  await arrived(dashboard, line);
  assert.equal(panelOf(await play.server.export(id), "Load").fieldConfig.defaults.max, QUEUED);
});

test("a long absence being caught up with shows how far it is, on a phone, in the dark", async () => {
  const id = await play.server.import(fourPanels());
  const { line, dashboard } = await ada(id, { colorScheme: "dark" });
  await dashboard.page.setViewportSize({ width: 390, height: 844 });
  await line.down();
  await until("she is alone", async () => (await dashboard.state()) !== "saved");
  const ben = connect(play.server.url, "ben");
  try {
    const handle = ben.join(id);
    await until("Ben has it", () => handle.content.current);
    const path = handle.pathOf(["panels", 0]);
    for (let count = 1; count <= MISSED; count += 1) {
      const made = handle.edit("text", (edit) => edit.set(`${path}/text ${count}`, LONG));
      assert.ok((await made.server).ok);
    }
    await bothWays(play.server.network);
  } finally {
    await ben.destroy();
  }
  await openStatus(dashboard);
  const told = watch(dashboard);
  const quicken = await comeBack(dashboard, line);
  await bar(dashboard).waitFor();
  await play.shot(dashboard, "progress-catching-up-phone-dark");
  quicken();
  const seen = await told;
  assert.match(seen[0], new RegExp(`^\\d+ of ${MISSED} changes of others taken in$`));
  await arrived(dashboard, line);
  await until("she has it all", async () => (await dashboard.revision()) === MISSED + 1);
});
