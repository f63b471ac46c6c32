//! Long runs against a real server, by the program `coboard-soak`.

use crate::arguments::Arguments;
use crate::process::{run, run_within, step};
use crate::release;
use anyhow::{Result, bail};
use std::process::Command;
use std::time::Duration;

const RUNS: [&str; 4] = ["kill", "cut-replies", "holes", "offline"];
const SHORT_WITHIN: Duration = Duration::from_secs(300);

/// `cargo xtask soak kill|cut-replies|holes|offline`, with the options of the program
///
/// # Errors
/// When a promise is not kept.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let name = arguments.positional().unwrap_or_default();
    if !RUNS.contains(&name.as_str()) {
        bail!("`cargo xtask soak {}` is what there is", RUNS.join("|"));
    }
    let options: Vec<String> = arguments.rest().collect();
    crate::web::build()?;
    release::all()?;
    let command = soak(&name, options.iter().map(String::as_str));
    step(&format!("soak {name}"), || run(command))
}

/// Kills the server during writes, and checks the log afterwards.
pub(crate) fn kill_short() -> Result<()> {
    run_within(soak("kill", ["--cycles", "20"]), SHORT_WITHIN)
}

/// Loses the answers to a thousand submits.
pub(crate) fn cut_replies_short() -> Result<()> {
    let options = ["--count", "1000", "--kills", "3", "--seconds", "6"];
    run_within(soak("cut-replies", options), SHORT_WITHIN)
}

/// Loses broadcasts for a second and the last one once, at each rate of loss.
pub(crate) fn holes_short() -> Result<()> {
    let options = ["--clients", "4", "--seconds", "1", "--tails", "1"];
    run_within(soak("holes", options), SHORT_WITHIN)
}

/// Fills and drains the longest queue: some seconds.
pub(crate) fn offline_short() -> Result<()> {
    run_within(soak("offline", []), SHORT_WITHIN)
}

fn soak<'a>(name: &str, options: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(release::binary("coboard-soak"));
    command.arg(name).args(options);
    command.arg("--server-binary");
    command.arg(release::binary("coboard"));
    command
}
