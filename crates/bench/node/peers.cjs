/**
 * ot-json1 on the same dashboards: `node peers.cjs MODULES FOLDER [--quick]`. MODULES is the folder
 * of the packages, FOLDER has dashboards 7.json, 69.json, 690.json. A line each: nanoseconds, name.
 */
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { nanoseconds } = require('./measure.cjs');

const [modules, folder] = process.argv.slice(2);
const quick = process.argv.includes('--quick');
const json1 = require(join(modules, 'ot-json1'));
const text = require(join(modules, 'ot-text-unicode'));
const type = json1.type;
type.registerSubtype(text.type);

const board = (widgets) => JSON.parse(readFileSync(join(folder, `${widgets}.json`), 'utf8'));
const panel = (at, ...rest) => ['panels', at, ...rest];
const set = (at, key, value) => json1.replaceOp(panel(at, 'gridPos', key), 0, value);
const add = (at, key, by) => json1.editOp(panel(at, 'gridPos', key), 'number', by);
const move = (from, to) => json1.moveOp(panel(from), panel(to));
const edit = (at, ...parts) => json1.editOp(panel(at, 'targets', 0, 'expr'), 'text-unicode', parts);
const PLACES = 7;

/** Applies operations again and again, each to the result of the one before. */
function applies(widgets, make) {
  let document = board(widgets);
  const ops = [];
  for (let n = 0; n < PLACES; n++) ops.push(...make(Math.floor((n * widgets) / PLACES), n, widgets));
  return {
    units: ops.length * 16,
    prepare() {},
    run() {
      for (let round = 0; round < 16; round++) {
        for (const op of ops) document = type.apply(document, op);
      }
    },
  };
}

function pairs(make, work) {
  const all = Array.from({ length: 69 }, (_, at) => make(at));
  return {
    units: all.length,
    prepare() {},
    run() {
      for (const [one, other] of all) work(one, other);
    },
  };
}

const transform = (make) => pairs(make, (op, over) => type.transformNoConflict(op, over, 'left'));
const compose = (make) => pairs(make, (one, other) => type.compose(one, other));

/** Random numbers that are the same each time. */
function chance(seed) {
  let state = seed;
  return (end) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * end);
  };
}

/** 60 % sets, 25 % text, 8 % moves, 4 % inserts, 3 % deletes, each made on the one before. */
function session(seed, count) {
  const draw = chance(seed);
  let document = board(69);
  const ops = [];
  while (ops.length < count) {
    const length = document.panels.length;
    const [at, what] = [draw(length), draw(100)];
    const key = ['x', 'y', 'w', 'h'][draw(4)];
    let op;
    if (what < 60) op = json1.replaceOp(panel(at, 'gridPos', key), document.panels[at].gridPos?.[key] ?? 0, draw(24));
    else if (what < 85) op = document.panels[at].targets ? edit(at, 1 + draw(20), 'x') : null;
    else if (what < 93) op = move(at, draw(length));
    else if (what < 97) op = json1.insertOp(panel(at), { title: 'New widget', type: 'stat', gridPos: { x: 0, y: 0, w: 12, h: 8 } });
    else op = json1.removeOp(panel(at), document.panels[at]);
    // Widgets of its own keep the dashboard at its size.
    if (!op || (what >= 97 && length < 40)) continue;
    document = type.apply(document, op);
    ops.push(op);
  }
  return ops;
}

function merge(count) {
  const [theirs, mine] = [session(1, count), session(2, count)];
  const all = (ops) => ops.reduce((whole, op) => type.compose(whole, op), null);
  return {
    units: 1,
    prepare() {},
    run() {
      const [a, b] = [all(theirs), all(mine)];
      type.transformNoConflict(a, b, 'left');
      type.transformNoConflict(b, a, 'right');
    },
  };
}

const cases = {};
for (const [size, widgets] of [['10 KB', 7], ['100 KB', 69], ['1 MB', 690]]) {
  cases[`apply set, ${size}`] = () => applies(widgets, (at, n) => [set(at, 'x', n)]);
  cases[`apply add, ${size}`] = () => applies(widgets, (at) => [add(at, 'y', 1)]);
  cases[`apply move, ${size}`] = () =>
    applies(widgets, (at, n) => {
      const to = (at * 7 + n * 31) % widgets;
      return to === at ? [] : [move(at, to), move(to, at)];
    });
  cases[`apply text, ${size}`] = () => applies(widgets, (at) => [edit(at, 40, 'x'), edit(at, 40, { d: 1 })]);
}
cases['transform set, set other path'] = () => transform((at) => [set(at, 'x', 1), set(at, 'y', 2)]);
cases['transform set, set same path'] = () => transform((at) => [set(at, 'x', 1), set(at, 'x', 2)]);
cases['transform set, move'] = () => transform((at) => [set(at, 'x', 1), move(at, (at + 9) % 69)]);
cases['transform move, move'] = () => transform((at) => [move(at, (at + 5) % 69), move(at, (at + 9) % 69)]);
cases['transform text, text'] = () => transform((at) => [edit(at, 20, 'abc'), edit(at, 40, 'd', { d: 1 })]);
cases['compose set + set'] = () => compose((at) => [set(at, 'x', 1), set(at, 'y', 2)]);
cases['compose move + set'] = () => compose((at) => [move(at, (at + 9) % 69), set((at + 9) % 69, 'x', 1)]);
cases['compose text + text'] = () => compose((at) => [edit(at, 20, 'abc'), edit(at, 23, 'd')]);
cases['invert set'] = () => pairs((at) => [set(at, 'x', 1), null], (op) => type.invert(op));
cases['merge 1,000 x 1,000 mixed, composed'] = () => merge(1000);
if (!quick) cases['merge 10,000 x 10,000 mixed, composed'] = () => merge(10000);

for (const [name, make] of Object.entries(cases)) {
  console.log(`${nanoseconds(make(), quick || name.startsWith('merge')).toFixed(1)}\t${name}`);
}
