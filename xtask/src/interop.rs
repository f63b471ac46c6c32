//! A Socket.IO client of another language against a real server, after `docs/protocol.md`.
//!
//! Its packages live in a virtual environment under the target folder; nothing is installed
//! outside of it.

use crate::arguments::Arguments;
use crate::process::{output, root, run, run_within, step, target};
use crate::release;
use crate::test::Report;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

const FOLDER: &str = "crates/server/tests/interop";
const WITHIN: Duration = Duration::from_secs(180);

/// `cargo xtask interop`
///
/// # Errors
/// When a build or the test fails.
pub(crate) fn task(arguments: &Arguments) -> Result<()> {
    arguments.finish()?;
    crate::web::build()?;
    release::server()?;
    step("python client", test)
}

/// Counts the test, as skipped where there is no Python.
pub(crate) fn count(report: &mut Report, ready: bool) {
    if python().is_none() {
        report.skip("python client", "python3 is not installed");
        return;
    }
    report.after(ready, "python client", test);
}

fn python() -> Option<&'static str> {
    output("python3", &["--version"]).map(|_version| "python3")
}

/// Runs each script of the folder on the server that has been built.
fn test() -> Result<()> {
    let python = environment()?;
    let mut scripts: Vec<PathBuf> = fs::read_dir(root().join(FOLDER))
        .with_context(|| format!("no folder {FOLDER}"))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "py"))
        .collect();
    scripts.sort();
    if scripts.is_empty() {
        bail!("no script in {FOLDER}");
    }
    for script in scripts {
        let mut command = Command::new(&python);
        command.arg(script).current_dir(root().join(FOLDER));
        command.env("COBOARD_BINARY", release::binary("coboard"));
        command.env("PYTHONDONTWRITEBYTECODE", "1");
        run_within(command, WITHIN)?;
    }
    Ok(())
}

/// The Python of a virtual environment that has what `requirements.txt` names.
fn environment() -> Result<PathBuf> {
    let folder = target().join("xtask/python");
    let requirements = root().join(FOLDER).join("requirements.txt");
    let wanted = fs::read_to_string(&requirements)
        .with_context(|| format!("cannot read {}", requirements.display()))?;
    let python = folder.join("bin/python");
    let stamp = folder.join("requirements.stamp");
    if fs::read_to_string(&stamp).is_ok_and(|stored| stored == wanted) {
        return Ok(python);
    }
    let system = python3()?;
    let mut create = Command::new(system);
    create.args(["-m", "venv", "--clear"]).arg(&folder);
    run(create)?;
    let mut install = Command::new(&python);
    install.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "-r",
    ]);
    install.arg(&requirements);
    run(install)?;
    fs::write(stamp, wanted)?;
    Ok(python)
}

fn python3() -> Result<&'static str> {
    python().context("python3 is not installed")
}
