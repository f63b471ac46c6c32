//! Long runs against a real server, by the program `coboard-soak`.

use crate::arguments::Arguments;
use crate::process::{run, step};
use crate::release;
use anyhow::{Result, bail};
use std::process::Command;

const CYCLES: u32 = 200;

/// `cargo xtask soak kill`
///
/// # Errors
/// When an acknowledged operation is lost or applied twice.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let cycles = arguments.option("--cycles")?.unwrap_or(CYCLES);
    let seed: Option<u64> = arguments.option("--seed")?;
    let budget: Option<u64> = arguments.option("--time-budget")?;
    match arguments.positional().as_deref() {
        Some("kill") => {}
        _ => bail!(
            "`cargo xtask soak kill [--cycles N] [--seed S] [--time-budget SECONDS]` is the only run there is"
        ),
    }
    arguments.finish()?;
    crate::web::build()?;
    release::all()?;
    let mut command = kill(cycles);
    for (name, value) in [("--seed", seed), ("--time-budget", budget)] {
        if let Some(value) = value {
            command.args([name, &value.to_string()]);
        }
    }
    step("soak kill", || run(command))
}

/// Kills the server during writes, again and again, and checks the log afterwards.
pub(crate) fn kill(cycles: u32) -> Command {
    let mut command = Command::new(release::binary("coboard-soak"));
    command.args(["kill", "--cycles", &cycles.to_string(), "--server-binary"]);
    command.arg(release::binary("coboard"));
    command
}
