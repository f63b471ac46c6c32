//! A saved failure once more.

use crate::arguments::Arguments;
use crate::file;

pub(crate) fn replay(mut arguments: Arguments) -> Result<bool, String> {
    let path = arguments.word().ok_or("which file?")?;
    arguments.finish()?;
    let saved = file::load(&path)?;
    let Some(failure) = file::failure(saved.seed, &saved.plan) else {
        println!("seed {}: every promise was kept this time", saved.seed);
        return Ok(false);
    };
    let trace = format!("{:016x}", failure.trace);
    println!(
        "{} in seed {}: {}",
        failure.checker, saved.seed, failure.seen
    );
    let same = trace == saved.trace && failure.checker == saved.checker;
    println!(
        "trace {trace}, saved {}: {}",
        saved.trace,
        if same { "the same" } else { "different" }
    );
    Ok(same)
}
