/**
 * Two people move their pointers for a while, one of them drags a widget meanwhile, and a third one's window is
 * recorded: pictures for people to look at, and where each cursor stood in each frame. No cursor may go farther from one
 * frame to the next than its person's pointer went in the last moment: that would be a jump.
 */
import { mkdir, rm, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { Dashboard } from "../support/dashboard.mjs";
import { fourPanels } from "../support/fixtures.mjs";
import { meet, openBrowser } from "../support/people.mjs";
import { CoboardServer } from "../support/server.mjs";
import { until } from "../support/until.mjs";
import { options } from "./options.mjs";

const FOLDER = fileURLToPath(new URL("../shots/cursors/", import.meta.url));
const MOVE_MS = 30;
/** Pictures a second, and so many of them on one sheet. */
const PICTURES = 10;
const SHEET = 20;
/** From a pointer to the spring of somebody else's cursor, with a message that came late. */
const MOMENT_MS = 700;
/** A cursor that stands still trembles by less than this. */
const STILL_PX = 2;

const { seconds } = options({ seconds: 20 });
await rm(FOLDER, { recursive: true, force: true });
await mkdir(FOLDER, { recursive: true });
const server = await CoboardServer.start();
const browser = await openBrowser();
const id = await server.import(fourPanels());
const [ada, bo, cleo] = await Promise.all(
  ["Ada", "Bo", "Cleo"].map(async (name) =>
    Dashboard.open(await meet(browser, server.network, name, { motion: true }), server, id),
  ),
);
for (const { page } of [ada, bo]) await page.evaluate(notePointer);
const pictures = [];
const stopPictures = await record(cleo.page);
await move(ada, 0, 100);
await move(bo, 2, 100);
await until("Cleo sees both", async () => (await cleo.page.locator("[data-coboard=cursor]").count()) === 2);
await cleo.page.evaluate(noteCursors);
const endsAtMs = Date.now() + seconds * 1_000;
await Promise.all([wander(ada, 0), wander(bo, 2)]);
const cursors = await cleo.page.evaluate(() => globalThis.cursors);
const pointers = { Ada: await pathOf(ada), Bo: await pathOf(bo) };
await stopPictures();
await sheets();
await browser.close();
await server.stop();
report();

/** Along a curve that crosses itself, in and out of widgets. */
async function move({ page }, phase, atMs) {
  const at = atMs / 1_000;
  const x = 640 + 560 * Math.sin(at * 0.9 + phase);
  const y = 330 + 190 * Math.sin(at * 1.4 + phase * 2);
  await page.mouse.move(x, y);
  return { x, y };
}

async function wander(dashboard, phase) {
  const start = Date.now();
  let hasDragged = phase > 0;
  while (Date.now() < endsAtMs) {
    await move(dashboard, phase, Date.now() - start);
    if (!hasDragged && Date.now() - start > (seconds * 1_000) / 2) {
      hasDragged = true;
      await pull(dashboard);
    }
    await new Promise((resolve) => setTimeout(resolve, MOVE_MS));
  }
}

/** A drag by hand: not at once. */
async function pull(dashboard) {
  const head = await dashboard.widget("Disks").getByTestId("drag-handle").boundingBox();
  const from = { x: head.x + head.width / 2, y: head.y + head.height / 2 };
  await dashboard.page.mouse.move(from.x, from.y, { steps: 20 });
  await dashboard.page.mouse.down();
  for (let step = 1; step <= 40; step += 1) {
    await dashboard.page.mouse.move(from.x + step * 11, from.y + step * 2);
    await new Promise((resolve) => setTimeout(resolve, MOVE_MS));
  }
  await dashboard.page.mouse.up();
}

/** In the page: where the pointer really is. */
function notePointer() {
  globalThis.pointer = [];
  addEventListener(
    "pointermove",
    ({ clientX, clientY }) => {
      globalThis.pointer.push([performance.timeOrigin + performance.now(), clientX, clientY]);
    },
    true,
  );
}

function pathOf({ page }) {
  return page.evaluate(() => globalThis.pointer);
}

/** In the page: where each cursor stands in each frame. */
function noteCursors() {
  globalThis.cursors = { Ada: [], Bo: [] };
  const nodes = [];
  const frame = (ms) => {
    for (const node of document.querySelectorAll("[data-coboard=cursor]")) {
      const { x, y } = node.getBoundingClientRect();
      if (!nodes.includes(node)) nodes.push(node);
      globalThis.cursors[node.dataset.user]?.push([performance.timeOrigin + ms, x, y, nodes.indexOf(node)]);
    }
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

/** Keeps pictures of a page as they are drawn, ten a second at most. */
async function record(page) {
  const session = await page.context().newCDPSession(page);
  let lastMs = 0;
  session.on("Page.screencastFrame", async ({ data, sessionId }) => {
    const nowMs = Date.now();
    if (nowMs - lastMs >= 1_000 / PICTURES) {
      lastMs = nowMs;
      pictures.push(data);
    }
    await session.send("Page.screencastFrameAck", { sessionId }).catch(() => {});
  });
  await session.send("Page.startScreencast", { format: "jpeg", quality: 70, maxWidth: 640, maxHeight: 450 });
  return () => session.send("Page.stopScreencast");
}

/** The pictures, and sheets of them to be looked at. */
async function sheets() {
  for (const [index, data] of pictures.entries()) {
    await writeFile(`${FOLDER}${String(index).padStart(3, "0")}.jpg`, Buffer.from(data, "base64"));
  }
  const page = await browser.newPage({ viewport: { width: 1600, height: 1130 } });
  for (let first = 0; first < pictures.length; first += SHEET) {
    const images = pictures.slice(first, first + SHEET);
    const tags = images.map((data) => `<img width="314" src="data:image/jpeg;base64,${data}">`);
    await page.setContent(`<body style="margin:4px;background:#888">${tags.join(" ")}`);
    await page.screenshot({ path: `${FOLDER}sheet-${first / SHEET}.png` });
  }
}

function report() {
  let jumps = 0;
  for (const [name, path] of Object.entries(cursors)) {
    const worst = { step: 0, share: 0, late: 0 };
    for (let index = 1; index < path.length; index += 1) {
      const [beforeMs, x0, y0, nodeBefore] = path[index - 1];
      const [atMs, x, y, node] = path[index];
      // Whoever left and came back elsewhere has not jumped.
      if (node !== nodeBefore) continue;
      const step = Math.hypot(x - x0, y - y0);
      const real = lengthOf(pointers[name], beforeMs - MOMENT_MS, atMs);
      if (step > STILL_PX) worst.share = Math.max(worst.share, step / Math.max(real, 1));
      worst.step = Math.max(worst.step, step);
      worst.late = Math.max(worst.late, atMs - beforeMs);
      if (step > Math.max(real, STILL_PX)) jumps += 1;
    }
    const longest = Math.max(...steps(pointers[name]));
    console.log(`${name.padEnd(24)} ${path.length} frames, the latest after ${worst.late.toFixed(0)} ms`);
    console.log(
      `  farthest in a frame    ${worst.step.toFixed(1)} px; the pointer itself ${longest.toFixed(1)} px`,
    );
    console.log(
      `  share of its way       ${worst.share.toFixed(2)} of what the pointer went in ${MOMENT_MS} ms`,
    );
  }
  console.log(`pictures                 ${pictures.length} in web/e2e/shots/cursors`);
  console.log(`jumps                    ${jumps}`);
  if (jumps > 0 || Object.values(cursors).some((path) => path.length === 0)) process.exitCode = 1;
}

function steps(path) {
  return path.slice(1).map(([, x, y], index) => Math.hypot(x - path[index][1], y - path[index][2]));
}

/** How far a pointer went between two moments. */
function lengthOf(path, fromMs, toMs) {
  const part = path.filter(([atMs]) => atMs >= fromMs && atMs <= toMs);
  return steps(part).reduce((sum, step) => sum + step, 0);
}
