/** Measures cases as `crates/bench/src/measure.rs` does: the lower quartile of the runs. */
exports.nanoseconds = ({ units, prepare, run }, quick) => {
  prepare();
  run();
  const [time, least] = quick ? [20, 2] : [300, 5];
  const runs = [];
  const started = performance.now();
  while (runs.length < least || performance.now() - started < time) {
    prepare();
    const before = performance.now();
    run();
    runs.push(performance.now() - before);
  }
  runs.sort((a, b) => a - b);
  return (runs[Math.floor(runs.length / 4)] * 1e6) / units;
};
