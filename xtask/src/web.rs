//! The npm workspace: packages, the SDK, the React bindings and the application.

use crate::process::{command, root, run, step};
use crate::{budget, prerequisites, stamp, wasm};
use anyhow::Result;
use std::fs;
use std::path::PathBuf;

/// What the build reads, under `web/`.
const INPUTS: &[&str] = &[
    "package.json",
    "package-lock.json",
    "tsconfig.base.json",
    "client",
    "react",
    "app",
];
/// What the build leaves, under `web/`; when one is missing the stamp does not count.
const RESULTS: &[&str] = &[
    "client/dist/index.js",
    "react/dist/index.js",
    "app/dist/index.html",
    "app/dist/.vite/manifest.json",
];

/// Builds the core and everything on top of it; skips what has not changed.
///
/// # Errors
/// When a program is missing, a build fails or a size is over its budget.
pub(crate) fn build() -> Result<()> {
    prerequisites::node()?;
    wasm::build()?;
    install()?;
    bundle()?;
    budget::check()
}

/// Installs exactly the packages of the lock file, unless they are there.
///
/// # Errors
/// When npm fails.
pub(crate) fn install() -> Result<()> {
    let web = root().join("web");
    let manifests =
        ["", "client", "react", "app", "e2e"].map(|folder| web.join(folder).join("package.json"));
    let mut inputs = vec![web.join("package-lock.json")];
    inputs.extend(manifests);
    let hash = stamp::hash(&inputs)?;
    // Inside the folder, so that it goes with it.
    let stamp = web.join("node_modules/.coboard-stamp");
    if fs::read_to_string(&stamp).is_ok_and(|stored| stored == hash) {
        return Ok(());
    }
    step("npm packages", || {
        run(command("npm", &["ci", "--no-audit", "--no-fund"], "web"))
    })?;
    fs::write(stamp, hash)?;
    Ok(())
}

/// Compiles the SDK and the React bindings and bundles the application.
///
/// # Errors
/// When one of the builds fails.
pub(crate) fn bundle() -> Result<()> {
    let web = root().join("web");
    let inputs: Vec<PathBuf> = INPUTS.iter().map(|path| web.join(path)).collect();
    let hash = stamp::hash(&inputs)?;
    let complete = RESULTS.iter().all(|path| web.join(path).exists());
    if complete && stamp::is_current("web", &hash) {
        println!("==> web: nothing has changed");
        return Ok(());
    }
    step("web", || {
        run(command("npm", &["run", "--silent", "build"], "web"))
    })?;
    stamp::record("web", &hash)
}
