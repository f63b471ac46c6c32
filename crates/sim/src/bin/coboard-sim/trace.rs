//! What the first client of each seed was told, for another build of the engine to repeat.

use std::io::{BufWriter, Write, stdout};

use coboard_sim::{Mode, Plan, World};

use crate::arguments::Arguments;
use crate::cores;

pub(crate) fn trace(mut arguments: Arguments) -> Result<bool, String> {
    let seeds: u64 = arguments.number("--seeds", 1_000)?;
    let start: u64 = arguments.number("--start", 0)?;
    arguments.finish()?;
    let mut out = BufWriter::new(stdout().lock());
    for seed in start..start + seeds {
        let world = World::new(seed, Plan::of_seed(seed, Mode::Safety)).taped();
        let line = match cores::play(world) {
            Ok(outcome) => outcome.tape,
            Err(failure) => return Err(format!("{} in seed {seed}", failure.checker)),
        };
        // Its tab was closed: there is no end to compare.
        let Some(line) = line else { continue };
        writeln!(out, "{line}").map_err(|error| format!("cannot write: {error}"))?;
    }
    out.flush()
        .map_err(|error| format!("cannot write: {error}"))?;
    Ok(true)
}
