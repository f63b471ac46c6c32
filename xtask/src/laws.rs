//! The laws of the algebra on random pairs of operations, by the program `laws` of the test kit.

use crate::arguments::Arguments;
use crate::process::{cargo, run, step};
use anyhow::Result;

/// `cargo xtask laws`; the options are those of the program.
///
/// # Errors
/// When a law does not hold.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let mut command = cargo(&[
        "run",
        "--release",
        "-p",
        "coboard-testkit",
        "--bin",
        "laws",
        "--",
    ]);
    command.args(arguments.rest());
    step("laws", || run(command))
}
