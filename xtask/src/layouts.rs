//! Random concurrent edits of layouts, native and as WebAssembly: no widget ends on another, and
//! both builds come to the same layouts.

use crate::arguments::Arguments;
use crate::process::{cargo, command, run, step};
use crate::{release, wasm};
use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};

/// The example of the test kit that Node runs.
const EXAMPLE: &str = "layouts_wasm";
const EDITS: u32 = 1_000_000;
const SEED: u32 = 1;

/// `cargo xtask layouts [--edits N] [--seed S]`
///
/// # Errors
/// When a build fails, widgets overlap, or the two builds differ.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let edits = arguments.option("--edits")?.unwrap_or(EDITS);
    let seed = arguments.option("--seed")?.unwrap_or(SEED);
    arguments.finish()?;
    let bin = ["-p", "coboard-testkit", "--bin", "layouts"];
    step("native build", || {
        run(cargo(&[&["build", "--release"], &bin[..]].concat()))
    })?;
    step("layouts", || compare(edits, seed))
}

/// Plays the edits in both builds; the native program has been built.
///
/// # Errors
/// As [`task`].
pub(crate) fn compare(edits: u32, seed: u32) -> Result<()> {
    let module = wasm::node_module("coboard-testkit", EXAMPLE)?;
    // Both at once: the native one has all cores, Node uses one.
    let script = format!(
        "console.log(require({:?}).layouts({seed}, {edits}))",
        module.display().to_string()
    );
    let mut node = command("node", &["-e", &script], "");
    let node = node.stdin(Stdio::null()).stdout(Stdio::piped());
    let node = node.spawn().context("cannot start node")?;
    let native = native(edits, seed)?;
    let node = node.wait_with_output()?;
    if !node.status.success() {
        bail!("node ended with {}", node.status);
    }
    let in_node = String::from_utf8_lossy(&node.stdout).trim().to_owned();
    println!("{in_node} (WebAssembly)");
    if native != in_node {
        bail!("the native build and WebAssembly settle differently");
    }
    Ok(())
}

/// The last line of the native program.
fn native(edits: u32, seed: u32) -> Result<String> {
    let (edits, seed) = (edits.to_string(), seed.to_string());
    let output = Command::new(release::binary("layouts"))
        .args(["--edits", &edits, "--seed", &seed])
        .stderr(Stdio::inherit())
        .output()
        .context("cannot start `layouts`")?;
    let text = String::from_utf8_lossy(&output.stdout);
    print!("{text}");
    if !output.status.success() {
        bail!("`layouts` ended with {}", output.status);
    }
    Ok(text.lines().last().unwrap_or_default().to_owned())
}
