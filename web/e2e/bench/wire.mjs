/**
 * Bytes on the wire, headers included, through a counting proxy: a keystroke, a drag, and a return after 1, 100 and
 * 10,000 missed operations, beside sending the dashboard again; and what it takes to hear of somebody's pointer.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { connect } from "../support/clients.mjs";
import { CoboardServer } from "../support/server.mjs";
import { until } from "../support/until.mjs";
import { edits, largeDashboard } from "./large.mjs";

const TRANSPORTS = ["websocket", "polling"];
const MISSED = [1, 100, 10_000];
/** Of so many tries the cheapest one counts: between two there may be a ping. */
const TRIES = 5;
/** So long nothing passes when all is said. */
const QUIET_MS = 150;
const PATIENCE_MS = 120_000;
/** A drag of a second, told to others as often as the application does. */
const DRAG_STEPS = 20;
const DRAG_STEP_MS = 50;

/** So long somebody's pointer moves, and selects another widget now and then. */
const MOVES_MS = 20_000;
const MOVE_MS = 50;
const SELECT_EVERY = 100;
const PACES = ["full", "light", "none"];

const dashboard = largeDashboard();
const json = JSON.stringify(dashboard);

/** Two clients at the dashboard, each behind a counting network of its own. */
async function measure(transport) {
  const server = await CoboardServer.start({ transport });
  const lines = [server.network, await server.networkBeside()];
  const clients = lines.map(({ url }, index) => connect(url, ["ana", "ben"][index]));
  try {
    const made = await clients[0].dashboards.import(dashboard);
    const before = lines[1].bytes;
    const handles = clients.map((client) => client.join(made.value.id));
    await until("both have loaded", () => handles.every(({ content }) => content.current), PATIENCE_MS);
    await settled(lines);
    const rows = [row("first opening", { up: 0, down: 0 }, moved(before, lines[1].bytes))];
    rows.push(await cheapest("one keystroke", lines, (n) => type(handles, n)));
    rows.push(await cheapest("one drop of a drag", lines, (n) => drop(handles, n)));
    rows.push(await cheapest("one drag of 1 s, seen by the other", lines, (n) => drag(handles, n)));
    for (const count of MISSED) rows.push(await returnAfter(count, lines, clients, handles));
    return rows;
  } finally {
    await Promise.all(clients.map((client) => client.destroy()));
    await lines[1].stop();
    await server.stop();
  }
}

/** Ana moves her pointer, and others hear of it at each pace: what each of them has for it in a minute. */
async function pointers(transport) {
  const server = await CoboardServer.start({ transport });
  const lines = [];
  for (const _ of PACES) lines.push(await server.networkBeside());
  const others = lines.map(({ url }, index) => connect(url, PACES[index], { presencePace: PACES[index] }));
  const ana = connect(server.network.url, "ana");
  try {
    const made = await ana.dashboards.import(dashboard);
    const handles = [ana, ...others].map((client) => client.join(made.value.id));
    await until("all have loaded", () => handles.every(({ content }) => content.current), PATIENCE_MS);
    await sleep(3_000);
    const before = lines.map(({ bytes }) => bytes);
    for (let step = 0; step * MOVE_MS < MOVES_MS; step += 1) {
      const selection = [String(2 + (Math.floor(step / SELECT_EVERY) % 9))];
      handles[0].presence.update({ cursor: { x: (step % 100) / 100, row: step % 7 }, selection });
      await sleep(MOVE_MS);
    }
    const perMinute = 60_000 / MOVES_MS;
    return lines.map(({ bytes }, index) => {
      const { up, down } = moved(before[index], bytes);
      return [PACES[index], Math.round(up * perMinute), Math.round(down * perMinute)];
    });
  } finally {
    await Promise.all([ana, ...others].map((client) => client.destroy()));
    await Promise.all(lines.map((line) => line.stop()));
    await server.stop();
  }
}

/** A letter at the end of a title. Resolves when both have it and it is stored. */
async function type([ana, ben], n) {
  const text = ana.text(`${ana.pathOf(["panels", 0])}/title`);
  const { length } = text.value.current;
  text.apply([length, "x"]);
  await same(ana, ben);
  assert.equal(text.value.current.length, length + 1, `letter ${n}`);
}

async function drop([ana, ben], n) {
  const path = ana.pathOf(["panels", 1]);
  ana.edit("move", (edit) => {
    edit.set(`${path}/gridPos/x`, (n * 2) % 12);
    edit.set(`${path}/gridPos/y`, 2_000 + n);
  });
  await same(ana, ben);
}

async function drag(handles, n) {
  const [ana] = handles;
  const widget = ana.pathOf(["panels", 1]).slice(1);
  for (let step = 0; step < DRAG_STEPS; step += 1) {
    ana.presence.update({ drag: { widget, x: step % 12, y: 2_000 + step, w: 12, h: 8 } });
    await sleep(DRAG_STEP_MS);
  }
  ana.presence.update({ drag: null });
  await drop(handles, n + TRIES);
}

/** Ben is away while Ana makes `count` operations. */
async function returnAfter(count, lines, clients, [ana, ben]) {
  clients[1].disconnect();
  await until("Ben is away", () => clients[1].connection.current.state === "disconnected");
  const base = ben.sync.current.revision;
  const random = edits(ana, dashboard);
  for (let made = 0; made < count; made += 1) {
    random.next();
    // Operations that wait become one where they can: each is to be one of its own.
    if (made % 100 === 99) await clients[0].whenNothingPending();
  }
  await clients[0].whenNothingPending();
  await settled(lines);
  const missed = ana.sync.current.revision - base;
  assert.ok(missed >= count * 0.9, `${missed} of ${count} operations`);
  const before = lines.map(({ bytes }) => bytes);
  clients[1].connect();
  await same(ana, ben);
  await settled(lines);
  return row(
    `return after ${missed.toLocaleString("en")} missed`,
    { up: 0, down: 0 },
    moved(before[1], lines[1].bytes),
  );
}

/** The cheapest of some tries: what the author's line carries, and that of the other. */
async function cheapest(name, lines, act) {
  const tries = [];
  for (let n = 0; n < TRIES; n += 1) {
    const before = lines.map(({ bytes }) => bytes);
    await act(n);
    await settled(lines);
    tries.push(lines.map(({ bytes }, index) => moved(before[index], bytes)));
  }
  const total = (all) => all.reduce((sum, { up, down }) => sum + up + down, 0);
  const [author, other] = tries.sort((a, b) => total(a) - total(b))[0];
  return row(name, author, other);
}

async function same(ana, ben) {
  await until(
    "both have the same",
    () => {
      const all = [ana, ben].map(({ sync }) => `${sync.current.state} ${sync.current.revision}`);
      return all[0] === all[1] && all[0].startsWith("synced");
    },
    PATIENCE_MS,
  );
}

/** Waits until nothing passes for a while. */
async function settled(lines) {
  let last = "";
  for (;;) {
    await sleep(QUIET_MS);
    const now = JSON.stringify(lines.map(({ bytes }) => bytes));
    if (now === last) return;
    last = now;
  }
}

function moved(before, after) {
  return { up: after.up - before.up, down: after.down - before.down };
}

function row(name, author, other) {
  return { name, author, other };
}

function print(transport, rows) {
  console.log(`\n${transport}`);
  console.log(`| what | author, up | author, down | other, up | other, down | of the dashboard |`);
  console.log(`|---|--:|--:|--:|--:|--:|`);
  for (const { name, author, other } of rows) {
    const cells = [author.up, author.down, other.up, other.down].map((bytes) => bytes.toLocaleString("en"));
    const share = (100 * (other.up + other.down)) / Buffer.byteLength(json);
    console.log(`| ${name} | ${cells.join(" | ")} | ${share.toFixed(2)} % |`);
  }
}

console.log(
  `The dashboard: ${dashboard.panels.length} panels, ${Buffer.byteLength(json).toLocaleString("en")} bytes of JSON,`,
);
console.log(
  `${gzipSync(json).length.toLocaleString("en")} with gzip, ${brotliCompressSync(json).length.toLocaleString("en")} with brotli.`,
);
for (const transport of TRANSPORTS) print(transport, await measure(transport));
for (const transport of TRANSPORTS) {
  console.log(`\na minute of somebody's pointer, ${transport}, pings and heads included`);
  for (const [pace, up, down] of await pointers(transport)) {
    console.log(`| ${pace} | ${up.toLocaleString("en")} up | ${down.toLocaleString("en")} down |`);
  }
}
