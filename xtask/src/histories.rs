//! Histories of dashboards as operations, by the program `histories` of the test kit.

use crate::arguments::Arguments;
use crate::process::{cargo, root, run, step};
use crate::release;
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

/// Histories of real dashboards, which are not ours to ship.
const CORPUS: &str = "../shared/corpus/histories";
const SAMPLES: &str = "samples/histories";

/// `cargo xtask histories [DIR]`
///
/// # Errors
/// When a step does not give the next version.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let folder = arguments.positional();
    arguments.finish()?;
    let mut command = cargo(&[
        "run",
        "--release",
        "-p",
        "coboard-testkit",
        "--bin",
        "histories",
        "--",
    ]);
    command.arg(folder.map_or_else(default_folder, |folder| {
        // Seen from where the task was called, not from the root.
        std::env::current_dir().unwrap_or_default().join(folder)
    }));
    step("histories", || run(command))
}

/// The binary that was built before, on the corpus or on our own sample.
pub(crate) fn follow() -> Command {
    let mut command = Command::new(release::binary("histories"));
    command.arg(default_folder());
    command
}

fn default_folder() -> PathBuf {
    let corpus = root().join(CORPUS);
    if corpus.is_dir() {
        corpus
    } else {
        root().join(SAMPLES)
    }
}
