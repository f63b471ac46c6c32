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
    case.prepare();
    case.run();
    let started = Instant::now();
    let mut runs = Vec::new();
    while runs.len() < effort.runs || started.elapsed() < effort.time {
        case.prepare();
        let before = Instant::now();
        case.run();
        runs.push(before.elapsed());
    }
    runs.sort();
    runs[runs.len() / 4].as_nanos() as f64 / case.units() as f64
}
