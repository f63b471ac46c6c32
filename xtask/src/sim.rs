//! Simulated runs from seeds, and the same clients once more in the browser's core.

use crate::arguments::Arguments;
use crate::process::{cargo, command, root, run, run_within, step};
use crate::{release, wasm};
use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};
use std::time::Duration;

const SEEDS: u64 = 20_000;
const WASM_SEEDS: u64 = 500;
/// What a test may take, and what a run of it is told to keep to.
const SHORT_WITHIN: Duration = Duration::from_secs(120);
const SHORT_BUDGET_S: &str = "25";

/// `cargo xtask sim [--seeds N] [--start S] [--wasm M]`
///
/// # Errors
/// When a promise is not kept, or the browser's core answers differently.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let seeds = arguments.option("--seeds")?.unwrap_or(SEEDS);
    let start = arguments.option("--start")?.unwrap_or(0_u64);
    let in_wasm = arguments.option("--wasm")?.unwrap_or(WASM_SEEDS);
    arguments.finish()?;
    step("coboard-sim (release)", || {
        run(cargo(&["build", "--release", "-p", "coboard-sim"]))
    })?;
    let (seeds, start) = (seeds.to_string(), start.to_string());
    step("simulation", || {
        run(coboard_sim(&["run", "--seeds", &seeds, "--start", &start]))
    })?;
    wasm::build()?;
    step("simulation as WebAssembly", || in_node(in_wasm, &start))
}

/// What fits into a test; the programs have been built.
///
/// # Errors
/// As [`task`].
pub(crate) fn short() -> Result<()> {
    for mode in ["safety", "liveness"] {
        let words = ["--seeds", "10000000", "--time-budget", SHORT_BUDGET_S];
        let command = coboard_sim(&[&["run", "--mode", mode], &words[..]].concat());
        run_within(command, SHORT_WITHIN)?;
    }
    Ok(())
}

/// Lets Node repeat what clients were told; the core has been built.
///
/// # Errors
/// When it answers differently.
pub(crate) fn in_node(seeds: u64, start: &str) -> Result<()> {
    let seeds = seeds.to_string();
    let mut native = coboard_sim(&["trace", "--seeds", &seeds, "--start", start])
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start `coboard-sim`")?;
    let lines = native.stdout.take().context("its output is piped")?;
    let script = root().join("crates/sim/trace.mjs");
    let mut node = command("node", &[], "");
    node.arg(script).arg(wasm::folder()).stdin(lines);
    let replayed = node.status().context("cannot start node")?;
    // It holds the other end of the pipe: who writes into it would wait for ever.
    drop(node);
    let played = native.wait()?;
    if !played.success() || !replayed.success() {
        bail!("the simulation ended with {played}, node with {replayed}");
    }
    Ok(())
}

/// How many seeds the browser's core repeats in a test.
pub(crate) fn in_node_short() -> Result<()> {
    in_node(WASM_SEEDS, "0")
}

fn coboard_sim(words: &[&str]) -> Command {
    let mut command = Command::new(release::binary("coboard-sim"));
    command.args(words);
    command
}
