//! Measures a case on this machine.

use std::time::{Duration, Instant};

use crate::case::Case;

/// How long to measure a case.
#[derive(Clone, Copy, Debug)]
pub struct Effort {
    /// At least so long in sum.
    pub time: Duration,
    /// At least so many runs.
    pub runs: usize,
}

impl Effort {
    /// Enough for a figure, or with `quick` for its order of magnitude.
    pub fn of(quick: bool) -> Self {
        Self {
            time: Duration::from_millis(if quick { 20 } else { 300 }),
            runs: if quick { 2 } else { 5 },
        }
    }
}

/// Nanoseconds of one operation: the lower quartile of the runs. Noise only ever adds.
#[allow(
    clippy::disallowed_methods,
    reason = "measuring time is what this is for"
)]
pub fn nanoseconds(case: &mut dyn Case, effort: Effort) -> f64 {
    // The first run pages memory in.
    one_run(case);
    let started = Instant::now();
    let mut runs = Vec::new();
    while runs.len() < effort.runs || started.elapsed() < effort.time {
        runs.push(one_run(case));
    }
    runs.sort();
    runs[runs.len() / 4].as_nanos() as f64 / case.units() as f64
}

/// What an operation of `large` costs for each unit that one of `small` costs: medians of runs that
/// take turns, so that both meet the same noise.
#[allow(
    clippy::disallowed_methods,
    reason = "measuring time is what this is for"
)]
pub fn growth(small: &mut dyn Case, large: &mut dyn Case, effort: Effort) -> f64 {
    one_run(small);
    one_run(large);
    let started = Instant::now();
    let mut runs = [Vec::new(), Vec::new()];
    while runs[0].len() < effort.runs || started.elapsed() < 2 * effort.time {
        runs[0].push(one_run(small));
        runs[1].push(one_run(large));
    }
    let [small, large] = [(small.units(), 0), (large.units(), 1)].map(|(units, at)| {
        runs[at].sort();
        runs[at][runs[at].len() / 2].as_nanos() as f64 / units as f64
    });
    large / small
}

#[allow(
    clippy::disallowed_methods,
    reason = "measuring time is what this is for"
)]
fn one_run(case: &mut dyn Case) -> Duration {
    case.prepare();
    let before = Instant::now();
    case.run();
    before.elapsed()
}
