/** The cases of the bench as wasm: `node wasm.cjs MODULE [--quick]`. A line each: nanoseconds, name. */
const { nanoseconds } = require('./measure.cjs');

const core = require(process.argv[2]);
const quick = process.argv.includes('--quick');
for (const name of core.names().split('\n')) {
  const units = core.load(name);
  const time = nanoseconds({ units, prepare: core.prepare, run: core.run }, quick);
  console.log(`${time.toFixed(1)}\t${name}`);
}
