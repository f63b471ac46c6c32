//! The laws of the algebra on random pairs of operations, by the program `laws` of the test kit.

use crate::arguments::Arguments;
use crate::process::{cargo, run, step};
use anyhow::Result;

/// `cargo xtask laws`
///
/// # Errors
/// When a law does not hold.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let pairs: Option<u64> = arguments.option("--pairs")?;
    let seed: Option<u64> = arguments.option("--seed")?;
    arguments.finish()?;
    let mut command = cargo(&[
        "run",
        "--release",
        "-p",
        "coboard-testkit",
        "--bin",
        "laws",
        "--",
    ]);
    if let Some(pairs) = pairs {
        command.args(["--pairs", &pairs.to_string()]);
    }
    if let Some(seed) = seed {
        command.args(["--seed", &seed.to_string()]);
    }
    step("laws", || run(command))
}
