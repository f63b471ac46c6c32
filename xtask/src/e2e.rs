//! Browser tests against a real server: `web/e2e/tests`, run by Node under the system's Chromium.

use crate::arguments::Arguments;
use crate::process::{command, root, run_within, step};
use crate::{prerequisites, release, web};
use anyhow::{Result, bail};
use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const WITHIN: Duration = Duration::from_secs(30 * 60);
/// One case that hangs must not take the time of all others.
const CASE_TIMEOUT_MS: u32 = 240_000;

/// What the network between people and the server lets through; `web/e2e/support/network.mjs` has the rules.
const TRANSPORTS: [&str; 3] = ["websocket", "polling", "switch"];
/// Typing, dragging and a server that dies, of people in browsers and of clients without one.
const REPRESENTATIVE: [&str; 4] = ["drag.", "reconnect.", "sdk.", "text."];

/// `cargo xtask e2e [--transport T] [FILTER]`
///
/// # Errors
/// When a build or a test fails.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let transport: Option<String> = arguments.option("--transport")?;
    let filter = arguments.positional();
    arguments.finish()?;
    let transport = transport.as_deref().unwrap_or(TRANSPORTS[0]);
    if !TRANSPORTS.contains(&transport) {
        bail!("--transport is one of {}", TRANSPORTS.join(", "));
    }
    web::build()?;
    release::server()?;
    step(&format!("browser tests on {transport}"), || {
        run_tests(transport, filter.as_deref())
    })
}

/// Runs every test on what has been built, with WebSockets.
///
/// # Errors
/// As [`run_tests`].
pub(crate) fn whole() -> Result<()> {
    run_tests(TRANSPORTS[0], None)
}

/// Runs a part of the tests where WebSockets do not get through, or by turns.
///
/// # Errors
/// As [`run_tests`].
pub(crate) fn on_other_transports() -> Result<()> {
    let mut files = files()?;
    files.retain(|file| {
        REPRESENTATIVE
            .iter()
            .any(|start| name(file).starts_with(start))
    });
    for transport in &TRANSPORTS[1..] {
        run_within(node(transport, None, &files)?, WITHIN)?;
    }
    Ok(())
}

/// `filter` is part of a file's name, or of a test's.
fn run_tests(transport: &str, filter: Option<&str>) -> Result<()> {
    let mut files = files()?;
    let mut pattern = None;
    if let Some(filter) = filter {
        if files.iter().any(|file| name(file).contains(filter)) {
            files.retain(|file| name(file).contains(filter));
        } else {
            pattern = Some(filter);
        }
    }
    run_within(node(transport, pattern, &files)?, WITHIN)
}

fn node(transport: &str, pattern: Option<&str>, files: &[PathBuf]) -> Result<Command> {
    if files.is_empty() {
        bail!("no test in web/e2e");
    }
    let mut node = command("node", &["--test", "--test-concurrency=1"], "web/e2e");
    node.arg(format!("--test-timeout={CASE_TIMEOUT_MS}"));
    node.arg("--test-reporter=spec");
    node.args(pattern.map(|pattern| format!("--test-name-pattern={pattern}")));
    node.args(files);
    node.env("CHROMIUM", prerequisites::chromium()?);
    node.env("COBOARD_BINARY", release::binary("coboard"));
    node.env("COBOARD_TRANSPORT", transport);
    Ok(node)
}

fn files() -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    collect(&root().join("web/e2e"), &mut files)?;
    files.sort();
    Ok(files)
}

fn name(file: &Path) -> Cow<'_, str> {
    file.file_name().unwrap_or_default().to_string_lossy()
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
