//! Browser tests against a real server: `web/e2e/tests`, run by Node under the system's Chromium.

use crate::arguments::Arguments;
use crate::process::{command, root, run_within, step};
use crate::{prerequisites, release, web};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

const WITHIN: Duration = Duration::from_secs(15 * 60);
/// One case that hangs must not take the time of all others.
const CASE_TIMEOUT_MS: u32 = 120_000;

/// `cargo xtask e2e [FILTER]`
///
/// # Errors
/// When a build or a test fails.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let filter = arguments.positional();
    arguments.finish()?;
    web::build()?;
    release::server()?;
    step("browser tests", || run_tests(filter.as_deref()))
}

/// Runs the tests on what has been built. `filter` is part of a file's name, or of a test's.
///
/// # Errors
/// When there is no browser, no test, or one fails.
pub(crate) fn run_tests(filter: Option<&str>) -> Result<()> {
    let chromium = prerequisites::chromium()?;
    let mut files = Vec::new();
    collect(&root().join("web/e2e"), &mut files)?;
    files.sort();
    let mut pattern = None;
    if let Some(filter) = filter {
        let named = |file: &PathBuf| {
            file.file_name()
                .is_some_and(|name| name.to_string_lossy().contains(filter))
        };
        if files.iter().any(named) {
            files.retain(named);
        } else {
            pattern = Some(filter);
        }
    }
    if files.is_empty() {
        bail!("no test in web/e2e");
    }
    let mut node = command("node", &["--test", "--test-concurrency=1"], "web/e2e");
    node.arg(format!("--test-timeout={CASE_TIMEOUT_MS}"));
    node.arg("--test-reporter=spec");
    node.args(pattern.map(|pattern| format!("--test-name-pattern={pattern}")));
    node.args(files);
    node.env("CHROMIUM", chromium);
    node.env("COBOARD_BINARY", release::binary("coboard"));
    run_within(node, WITHIN)
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if name != "node_modules" {
                collect(&path, files)?;
            }
        } else if name.ends_with(".test.mjs") || name.ends_with(".test.js") {
            files.push(path);
        }
    }
    Ok(())
}
