//! Long runs against a real server: by the program `coboard-soak`, and in browsers by `web/e2e/soak`.

use crate::arguments::Arguments;
use crate::process::{command, run, run_within, step};
use crate::{prerequisites, release};
use anyhow::{Result, bail};
use std::process::Command;
use std::time::Duration;

const RUNS: [&str; 6] = [
    "kill",
    "cut-replies",
    "holes",
    "offline",
    "deaths",
    "restore",
];
/// Runs in a browser.
const BROWSER_RUNS: [&str; 4] = ["tabs", "browser", "cursors", "typing"];
const SHORT_WITHIN: Duration = Duration::from_secs(300);

/// `cargo xtask soak kill|cut-replies|holes|offline|deaths|restore|tabs|browser|cursors|typing`, with the options of the program
///
/// # Errors
/// When a promise is not kept.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let name = arguments.positional().unwrap_or_default();
    let is_in_browser = BROWSER_RUNS.contains(&name.as_str());
    if !is_in_browser && !RUNS.contains(&name.as_str()) {
        let all = [&RUNS[..], &BROWSER_RUNS[..]].concat();
        bail!("`cargo xtask soak {}` is what there is", all.join("|"));
    }
    let options: Vec<String> = arguments.rest().collect();
    crate::web::build()?;
    if is_in_browser {
        release::server()?;
        let command = in_browser(&name, options.iter().map(String::as_str))?;
        return step(&format!("soak {name}"), || run(command));
    }
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

/// Lets some sessions die: as long as it takes to miss them, under half a minute.
pub(crate) fn deaths_short() -> Result<()> {
    let options = ["--count", "60", "--seconds", "3"];
    run_within(soak("deaths", options), SHORT_WITHIN)
}

/// Goes back to a backup twice: with work in flight, and with everything acknowledged.
pub(crate) fn restore_short() -> Result<()> {
    run_within(soak("restore", ["--drills", "2"]), SHORT_WITHIN)
}

/// What presence costs, in the words of the program.
pub(crate) fn presence(options: impl IntoIterator<Item = String>) -> Result<()> {
    let options: Vec<String> = options.into_iter().collect();
    run(soak("presence", options.iter().map(String::as_str)))
}

/// Kills the tab that leads a few times; how long the hand-over takes on a busy machine says nothing.
pub(crate) fn tabs_short() -> Result<()> {
    let options = ["--kills", "3", "--within", "15000"];
    run_within(in_browser("tabs", options)?, SHORT_WITHIN)
}

/// Kills a browser a few times while somebody types.
pub(crate) fn browser_short() -> Result<()> {
    run_within(in_browser("browser", ["--cycles", "5"])?, SHORT_WITHIN)
}

/// Two people type into one text for a while.
pub(crate) fn typing_short() -> Result<()> {
    run_within(in_browser("typing", ["--seconds", "10"])?, SHORT_WITHIN)
}

fn in_browser<'a>(name: &str, options: impl IntoIterator<Item = &'a str>) -> Result<Command> {
    let mut node = command("node", &[&format!("soak/{name}.mjs")], "web/e2e");
    node.args(options);
    node.env("CHROMIUM", prerequisites::chromium()?);
    node.env("COBOARD_BINARY", release::binary("coboard"));
    Ok(node)
}

fn soak<'a>(name: &str, options: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(release::binary("coboard-soak"));
    command.arg(name).args(options);
    command.arg("--server-binary");
    command.arg(release::binary("coboard"));
    command
}
