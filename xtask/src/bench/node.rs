//! What is measured beside our native cases: the same cases as wasm, ot-json1 and colla.

use crate::process::{command, target};
use crate::{differential, release, wasm};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const FOLDER: &str = "crates/bench/node";
const EXAMPLE: &str = "bench_wasm";
/// The example that measures the crate `colla`.
pub(super) const COLLA: &str = "bench_colla";
/// Widgets of dashboards of about 10 KB, 100 KB and 1 MB.
const WIDGETS: [&str; 3] = ["7", "69", "690"];

/// The module for Node, built with the profile of the core that browsers load.
pub(super) fn module() -> Result<PathBuf> {
    wasm::node_module("coboard-bench", EXAMPLE)
}

/// Measures the cases of a module.
pub(super) fn wasm(module: &Path, quick: bool) -> Command {
    let mut node = command("node", &["wasm.cjs"], FOLDER);
    node.arg(module).args(quick.then_some("--quick"));
    node
}

/// Measures ot-json1 on the dashboards that our program writes.
pub(super) fn json1(quick: bool) -> Result<Command> {
    let modules = differential::packages()?;
    let boards = target().join("xtask/dashboards");
    fs::create_dir_all(&boards)?;
    for widgets in WIDGETS {
        let output = Command::new(release::binary("bench-core"))
            .args(["--dashboard", widgets])
            .output()?;
        if !output.status.success() {
            bail!("`bench-core --dashboard` ended with {}", output.status);
        }
        fs::write(boards.join(format!("{widgets}.json")), output.stdout)?;
    }
    let mut node = command("node", &["peers.cjs"], FOLDER);
    node.arg(modules)
        .arg(boards)
        .args(quick.then_some("--quick"));
    Ok(node)
}

/// Measures colla on the dashboards that our cases use.
pub(super) fn colla(quick: bool) -> Command {
    let folder = target().join("release/examples");
    let mut colla = Command::new(folder.join(format!("{COLLA}{}", std::env::consts::EXE_SUFFIX)));
    colla.args(quick.then_some("--quick"));
    colla
}
