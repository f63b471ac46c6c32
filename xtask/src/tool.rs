//! Programs of others that a task needs, installed by cargo into the target folder.

use crate::process::{cargo, output, run, step, target};
use anyhow::Result;
use std::path::PathBuf;

/// The binary of a published crate in exactly this version, installed unless it is there.
///
/// # Errors
/// When cargo cannot install it.
pub(crate) fn installed(name: &str, version: &str) -> Result<PathBuf> {
    let root = target().join("tools");
    let binary = root
        .join("bin")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    let subcommand = name.trim_start_matches("cargo-");
    let asked = output(&binary.to_string_lossy(), &[subcommand, "--version"]);
    if asked.is_some_and(|shown| shown.ends_with(version)) {
        return Ok(binary);
    }
    let mut command = cargo(&["install", name, "--version", version, "--locked", "--force"]);
    command.arg("--root").arg(&root);
    command.arg("--target-dir").arg(root.join("build"));
    step(&format!("install {name} {version}"), || run(command))?;
    Ok(binary)
}
