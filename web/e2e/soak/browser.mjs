/**
 * A browser is killed again and again while somebody types, with the server there or not. What the page called saved is
 * at the server afterwards; what it called kept is still in the queue when the browser starts again, and arrives.
 */
import { Dashboard } from "../support/dashboard.mjs";
import { fourPanels, panelOf } from "../support/fixtures.mjs";
import { MortalBrowser } from "../support/mortal.mjs";
import { CoboardServer } from "../support/server.mjs";
import { until } from "../support/until.mjs";
import { options, randomOf } from "./options.mjs";
import { faults, Typist, wordsOf } from "./words.mjs";

const PATIENCE_MS = 30_000;
const KEY_MS_MAX = 15;
/** Some rest long enough for what they typed to be on the device, others never. */
const REST_MS_MAX = 300;
/** The browser dies at some moment within this time. */
const LIFE_MS = 1_500;
const SERVER_GONE_IN = 0.5;

const { cycles, seed } = options({ cycles: 50 });
const random = randomOf(seed);
const server = await CoboardServer.start();
const browser = new MortalBrowser("Kay");
const id = await server.import(fourPanels());
// Straight to the server: it is the browser that dies here, not the network.
const url = `http://127.0.0.1:${server.port}`;
const safe = new Set();
const saved = new Set();
const wrong = [];
let isUp = true;
let typed = 0;
let offline = 0;
let unsent = 0;

for (let cycle = 0; cycle < cycles; cycle += 1) await live(cycle);
await finish();

/** One life of the browser. */
async function live(cycle) {
  await browser.start();
  const dashboard = new Dashboard(await browser.tab(), id);
  await dashboard.page.goto(`${url}/d/${id}`);
  await dashboard.widget("Notes").waitFor();
  // What was kept is there before anything is typed, with or without a server.
  await until(
    `life ${cycle} begins with all that was kept`,
    async () => {
      const text = (await dashboard.widget("Notes").textContent()) ?? "";
      return faults(text, safe).length === 0;
    },
    PATIENCE_MS,
  ).catch(async (error) => {
    const text = (await dashboard.widget("Notes").textContent()) ?? "";
    wrong.push(...faults(text, safe).map((fault) => `life ${cycle}: ${fault}`));
    if (wrong.length === 0) throw error;
  });
  if (isUp && random(2) === 0) await dashboard.saved();
  const typist = new Typist(dashboard, `w${letters(cycle)}`);
  await typist.sit("Notes");
  await changeServer();
  if (!isUp) offline += 1;
  typist.start(random(KEY_MS_MAX), random(REST_MS_MAX));
  const death = performance.now() + 200 + random(LIFE_MS);
  while (performance.now() < death) await typist.look();
  await browser.kill();
  await typist.stop();
  typed += typist.typed.size;
  for (const word of typist.safe) safe.add(word);
  unsent += typist.safe.size - typist.saved.size;
  for (const word of typist.saved) saved.add(word);
  if (isUp) await check(`after life ${cycle}`, saved);
}

/** Kills the server or starts it again, so that a queue outlives several lives. */
async function changeServer() {
  const gone = random(100) < SERVER_GONE_IN * 100;
  if (gone && isUp) await server.kill();
  if (!gone && !isUp) await server.launch();
  isUp = !gone;
}

async function content() {
  return panelOf(await server.export(id), "Notes").options.content;
}

async function check(when, words) {
  wrong.push(...faults(await content(), words).map((fault) => `${when}: ${fault}`));
}

/** A number as letters, for words whose own number comes after it. */
function letters(number) {
  return String(number).replace(/\d/g, (digit) => "klmnopqrst"[Number(digit)]);
}

/** Everything that was kept arrives, also where nobody opens the dashboard. */
async function finish() {
  if (!isUp) await server.launch();
  await browser.start();
  const { page } = await browser.tab();
  await page.goto(url);
  await until("all has arrived", async () => faults(await content(), safe).length === 0, PATIENCE_MS).catch(
    () => {},
  );
  await check("at the end", safe);
  console.log(`browsers killed          ${cycles}, ${offline} of them without a server`);
  console.log(`words typed              ${typed}`);
  console.log(`called saved             ${saved.size}`);
  console.log(`called kept or saved     ${safe.size}, ${unsent} of them never called saved by the page`);
  console.log(`words at the server      ${wordsOf(await content()).length}`);
  await browser.end();
  await server.stop();
  for (const fault of wrong.slice(0, 20)) console.log(`WRONG                    ${fault}`);
  console.log(wrong.length === 0 ? "all is there, once" : `${wrong.length} faults, seed ${seed}`);
  process.exit(wrong.length === 0 ? 0 : 1);
}
