/** A walk through each strategy, and the review after an absence: two people change the same thing. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { seriousIn } from "../support/axe.mjs";
import { connect } from "../support/clients.mjs";
import { converged, Dashboard } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { stage } from "../support/stage.mjs";
import { until } from "../support/until.mjs";

const play = stage();
/** Longer than what counts as an absence. */
const LONG_MS = 5 * 60_000;
const DISPLAY = "/panels/*/fieldConfig/**";

/** Four panels, the first with a maximum of 10. */
function board() {
  const dashboard = fourPanels();
  dashboard.panels[0].fieldConfig = { defaults: { max: 10, unit: "short" } };
  return dashboard;
}

const maxOf = (dashboard) => panelOf(dashboard, "Load")?.fieldConfig.defaults.max;

/** Sets the maximum in the editor of "Load". */
async function setMax(dashboard, value) {
  await dashboard.edit("Load");
  const field = dashboard.byTestId("editor-panel").getByLabel("Max", { exact: true });
  await field.fill(String(value));
  await field.press("Enter");
}

/** Loses the connection; for the page alone some time passes as well. */
async function leave(dashboard, longMs) {
  const { page, person } = dashboard;
  await person.line.down();
  await page.evaluate((ms) => {
    const real = Date.now.bind(Date);
    setTimeout(() => {
      Date.now = () => real() + ms;
    }, 100);
  }, longMs);
  await until("it is alone", async () => (await dashboard.state()) !== "saved");
}

async function comeBack(dashboard) {
  const { page, person } = dashboard;
  await person.line.up();
  await page.evaluate(() => {
    globalThis.dispatchEvent(new Event("online"));
  });
  await dashboard.saved();
}

async function review(dashboard, count) {
  const badge = dashboard.byTestId("review-button");
  await until(`${dashboard.person.name}: ${count} to review`, async () => {
    assert.equal(await badge.getAttribute("data-count", { timeout: 1_000 }), String(count));
    return true;
  });
  if ((await badge.getAttribute("aria-expanded")) === "false") await badge.click();
  return dashboard.byTestId("review-panel");
}

const button = (panel, name) => panel.getByRole("button", { name });

/** Somebody with a line of their own, to be cut, or made slow, so that nothing is heard. */
async function wired(name, id, options) {
  const person = await play.person(name, { ...options, line: await play.line() });
  await person.page.addInitScript(() => {
    const line = { held: false, waiting: [] };
    globalThis.testLine = line;
    const Real = globalThis.WebSocket;
    globalThis.WebSocket = class extends Real {
      set onmessage(hear) {
        super.onmessage = (event) => (line.held ? line.waiting.push(() => hear(event)) : hear(event));
      }
    };
  });
  return Dashboard.open(person, play.server, id);
}

/** Nothing is heard until it is released; what is said goes out. On either transport. */
async function hold({ page, person }) {
  const switchAgain = [play.server.network, person.line].map((line) => line.hold());
  let free;
  const released = new Promise((resolve) => {
    free = resolve;
  });
  const polled = /transport=polling/;
  const routed = [];
  const wait = (route) => {
    const goes = (async () => {
      if (route.request().method() === "GET") await released;
      await route.continue();
    })();
    routed.push(goes);
    return goes;
  };
  await page.route(polled, wait);
  await page.evaluate(() => {
    globalThis.testLine.held = true;
  });
  return async () => {
    for (const turn of switchAgain) turn();
    free();
    // Without its handler a route goes on by itself, and cannot twice.
    await Promise.all(routed);
    await page.unroute(polled, wait);
    await page.evaluate(() => {
      globalThis.testLine.held = false;
      for (const hear of globalThis.testLine.waiting.splice(0)) hear();
    });
  };
}

/** Ada and Bo set the same maximum at once: Ada 20, and Bo 30, who has not heard of hers when he does. */
async function clash(policy, options) {
  const id = await play.server.import(board());
  if (policy) await play.server.setPolicies(id, [{ path: DISPLAY, policy }]);
  const ada = await play.at(id, "Ada", options);
  const bo = await wired("Bo", id, options);
  const release = await hold(bo);
  await setMax(ada, 20);
  const before = await until("Ada's is there", async () => {
    return maxOf(await play.server.export(id)) === 20 && (await play.server.revision(id));
  });
  await setMax(bo, 30);
  // Where Bo's is dropped there is an entry all the same.
  await until("Bo's has arrived", async () => (await play.server.revision(id)) > before);
  await release();
  return { ada, bo, after: await converged(play.server, ada, bo) };
}

test("merge: the later one stands, and who lost is told and may take it again", async () => {
  const { ada, bo, after } = await clash(null);
  assert.equal(maxOf(after), 30);
  assert.equal(await bo.byTestId("review-button").count(), 0);
  const panel = await review(ada, 1);
  await panel.getByText("with Bo").waitFor();
  await play.shot(ada, "conflict-merge");
  await button(panel, "Use mine: Max").click();
  await until("it is Ada's", async () => maxOf(await converged(play.server, ada, bo)) === 20);
  await ada.byTestId("undo").click();
  await until("the choice is undone", async () => maxOf(await converged(play.server, ada, bo)) === 30);
});

test("server: what is there stays, and the other one is kept to look at", async () => {
  const { bo, after } = await clash("first");
  assert.equal(maxOf(after), 20);
  const panel = await review(bo, 1);
  await play.shot(bo, "conflict-server");
  await button(panel, "Keep theirs: Max").click();
  await panel.getByText("Nothing to decide").waitFor();
  assert.equal(maxOf(await play.server.export(bo.id)), 20);
});

test("manual: it waits for a person, over a reload, and may be something of both", async () => {
  const { ada, bo, after } = await clash("manual", { colorScheme: "dark" });
  assert.equal(maxOf(after), 20);
  await review(bo, 1);
  await bo.page.reload();
  await bo.isHere();
  const panel = await review(bo, 1);
  await button(panel, "Edit…: Max").click();
  await panel.getByLabel("Merged max").fill("25");
  await play.shot(bo, "conflict-manual-dark");
  await bo.page.reload();
  await bo.isHere();
  await review(bo, 1);
  assert.equal(
    await panel.getByLabel("Merged max").inputValue(),
    "25",
    "what was being written is still there",
  );
  await button(panel, "Use this").click();
  await until("it is of both", async () => maxOf(await converged(play.server, ada, bo)) === 25);
});

test("client: one's own is taken again by itself", async () => {
  const id = await play.server.import(board());
  await play.server.setPolicies(id, [{ path: DISPLAY, policy: "first" }]);
  const clients = [connect(play.server.url, "ana"), connect(play.server.url, "ben")];
  try {
    const [ana, ben] = clients.map((client) => client.join(id, { resolve: "client" }));
    await until("both have it", () => ana.content.current && ben.content.current);
    const path = `${ana.pathOf(["panels", 0])}/fieldConfig/defaults/max`;
    clients[1].disconnect();
    ben.edit("max", (edit) => edit.set(path, 30));
    assert.ok((await ana.edit("max", (edit) => edit.set(path, 20)).server).ok);
    clients[1].reconnect();
    await until("it is Ben's", () => ana.read(path) === 30);
    assert.deepEqual(ben.conflicts.open.current, []);
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
  }
});

/** Bo works for long without a connection, and Ada changes the same things. */
async function absence(options) {
  const id = await play.server.import(board());
  const [ada, bo] = await Promise.all([play.at(id, "Ada", options), wired("Bo", id, options)]);
  await leave(bo, LONG_MS);
  await setMax(bo, 30);
  await bo.edit("Notes");
  await bo.writeAt("Control+End");
  await bo.page.keyboard.type(" of Bo");
  await bo.drag("Disks", 10, 0);
  await bo.byTestId("editor-close").click();
  await setMax(ada, 20);
  await ada.drag("Disks", 4, 0);
  await ada.byTestId("editor-close").click();
  await ada.remove("Notes");
  await ada.saved();
  await comeBack(bo);
  return { ada, bo, after: await converged(play.server, ada, bo) };
}

test("after an absence: what clashed is reviewed widget by widget, theirs stands until then", async () => {
  const { ada, bo, after } = await absence();
  assert.equal(maxOf(after), 20);
  assert.equal(panelOf(after, "Notes"), undefined);
  const panel = await review(bo, 3);
  await play.shot(bo, "review-light");
  assert.deepEqual(await seriousIn(bo.page, "[data-testid='review-panel']"), []);

  await button(panel, "Bring it back with mine: Text").click();
  await bo.widget("Notes").getByText("middle of Bo").waitFor();
  await button(panel, "Use mine: Max").click();
  await button(panel, "Keep theirs: Place and size").press("Enter");
  await panel.getByText("Nothing to decide").waitFor();
  const end = await converged(play.server, ada, bo);
  assert.equal(maxOf(end), 30);
  assert.equal(panelOf(end, "Notes").options.content, "middle of Bo");
  await bo.page.keyboard.press("Escape");
  await panel.waitFor({ state: "detached" });
  for (const { person } of [ada, bo]) {
    assert.deepEqual(
      person.complaints.filter((complaint) => !/ERR_CONNECTION|\/socket\.io\//.test(complaint)),
      [],
    );
  }
});

test("the review on a phone, in the dark; all of it the same way is one step", async () => {
  const { ada, bo } = await absence({ colorScheme: "dark" });
  await bo.page.setViewportSize({ width: 390, height: 844 });
  await bo.page.reload();
  await bo.isHere();
  const panel = await review(bo, 3);
  await play.shot(bo, "review-phone-dark");
  await button(panel, "all mine").click();
  await panel.getByText("Nothing to decide").waitFor();
  await until("all is Bo's", async () => maxOf(await play.server.export(bo.id)) === 30);
  await button(bo.page, /^Undo/).first().click();
  await until("all is Ada's", async () => maxOf(await play.server.export(ada.id)) === 20);
  assert.equal(panelOf(await play.server.export(ada.id), "Notes"), undefined);
});

test("a word before one overwrites what was just changed, moves it, or takes it away", async () => {
  const [ada, bo] = await play.two(board());
  await bo.edit("Load");
  await setMax(ada, 20);
  await bo.byTestId("field-warning").getByText("Ada, ").waitFor();
  await play.shot(bo, "warning-field");
  await ada.byTestId("editor-panel").getByLabel("Title", { exact: true }).focus();
  const editing = (field) => {
    const label = bo.byTestId("editor-panel").locator("label", { hasText: new RegExp(`^${field}$`) });
    return label.locator("..").getByText("Ada is editing this field");
  };
  await editing("Title").waitFor();
  await play.shot(bo, "lease-field");
  await ada.byTestId("editor-panel").getByLabel("Max", { exact: true }).focus();
  await editing("Title").waitFor({ state: "detached" });
  await editing("Max").waitFor({ state: "attached" });
  await ada.drag("Disks", 4, 0);
  await ada.saved();
  await until("Bo sees it", async () => (await bo.revision()) === (await ada.revision()));
  await bo.grab("Disks", 2, 0);
  await bo.byTestId("drag-warning").waitFor();
  await play.shot(bo, "warning-drag");
  await bo.release();
  await bo.byTestId("drag-warning").waitFor({ state: "detached" });
  await bo.focus("Load");
  // While a connection is cut nobody knows who edits what.
  const release = play.server.network.hold();
  await bo.widget("Load").getByText("Ada is editing").waitFor();
  await bo.page.keyboard.press("Delete");
  await bo.page.getByText("Ada is editing this. Delete anyway?").waitFor();
  release();
  await play.shot(bo, "warning-delete");
  await bo.page.getByRole("button", { name: "Remove anyway" }).click();
  await ada.page.getByText("Bo removed the widget you were editing").waitFor();
  await play.shot(ada, "taken-away");
  await ada.page.getByRole("button", { name: "Bring it back, with my changes" }).click();
  await ada.widget("Load").waitFor();
  await converged(play.server, ada, bo);
});
