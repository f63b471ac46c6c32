//! Benchmarks of all crates that have some.

use crate::arguments::Arguments;
use crate::process::{cargo, root, run, step};
use anyhow::{Result, bail};
use std::fs;

/// `cargo xtask bench`
///
/// # Errors
/// When there is no benchmark or one fails.
pub(crate) fn task(arguments: &Arguments) -> Result<()> {
    arguments.finish()?;
    let mut command = cargo(&["bench"]);
    let mut found = false;
    for entry in fs::read_dir(root().join("crates"))? {
        let folder = entry?;
        if folder.path().join("benches").is_dir() {
            let package = format!("coboard-{}", folder.file_name().to_string_lossy());
            command.args(["-p", &package]);
            found = true;
        }
    }
    if !found {
        bail!("no crate has a folder `benches` yet");
    }
    command.args(["--benches"]);
    step("benchmarks", || run(command))
}
