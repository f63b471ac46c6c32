//! The optimised binaries: the server, and the programs that test it from outside.

use crate::process::{cargo, run, step, target};
use anyhow::Result;
use std::path::PathBuf;

/// Builds the server; the web files must have been built, because it embeds them.
///
/// # Errors
/// When cargo fails.
pub(crate) fn server() -> Result<()> {
    build("server (release)", &["-p", "coboard-cli"])
}

/// Builds the server and the test programs in one go, so that they share their dependencies.
///
/// # Errors
/// When cargo fails.
pub(crate) fn all() -> Result<()> {
    build(
        "server and test programs (release)",
        &[
            "-p",
            "coboard-cli",
            "-p",
            "coboard-testkit",
            "-p",
            "coboard-soak",
            "-p",
            "coboard-sim",
            "--bins",
        ],
    )?;
    peers()
}

/// Builds the example of the adapters that replays operations of the peers.
///
/// # Errors
/// When cargo fails.
pub(crate) fn peers() -> Result<()> {
    build(
        "replay of adapters (release)",
        &["-p", "coboard-adapters", "--example", "peers"],
    )
}

fn build(name: &str, packages: &[&str]) -> Result<()> {
    let mut command = cargo(&["build", "--release"]);
    command.args(packages);
    step(name, || run(command))
}

/// A binary that was built above.
pub(crate) fn binary(name: &str) -> PathBuf {
    target()
        .join("release")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
