//! The algebra against the peers' own packages: cases printed by the program `oracle` of the test
//! kit, replayed in Node with `ot-text-unicode` and `ot-json1`.

use crate::arguments::Arguments;
use crate::process::{cargo, command, root, run, step};
use crate::{prerequisites, release, stamp};
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Where the packages and the replaying script are.
const FOLDER: &str = "crates/testkit/oracle";
const TEXT_CASES: u64 = 200_000;
const JSON_CASES: u64 = 100_000;
const SEED: u64 = 1;

/// `cargo xtask differential`
///
/// # Errors
/// When a difference is left unexplained, or a program is missing.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let text = arguments.option("--text")?.unwrap_or(TEXT_CASES);
    let json = arguments.option("--json")?.unwrap_or(JSON_CASES);
    let seed = arguments.option("--seed")?.unwrap_or(SEED);
    arguments.finish()?;
    prerequisites::node()?;
    step("program oracle (release)", || {
        run(cargo(&[
            "build",
            "--release",
            "-p",
            "coboard-testkit",
            "--bin",
            "oracle",
        ]))
    })?;
    check(text, json, seed)
}

/// A part of the cases, for every run of the tests; the program has been built.
///
/// # Errors
/// As [`task`].
pub(crate) fn short() -> Result<()> {
    check(TEXT_CASES / 10, JSON_CASES / 10, SEED)
}

fn check(text: u64, json: u64, seed: u64) -> Result<()> {
    packages()?;
    step("text against ot-text-unicode", || {
        replay("text", text, seed)
    })?;
    step("JSON against ot-json1", || replay("json", json, seed))
}

/// Installs exactly the packages of the lock file, unless they are there. Gives their folder.
///
/// # Errors
/// When npm fails.
pub(crate) fn packages() -> Result<PathBuf> {
    let folder = root().join(FOLDER);
    let inputs = ["package.json", "package-lock.json"].map(|file| folder.join(file));
    let hash = stamp::hash(&inputs)?;
    let modules = folder.join("node_modules");
    let stamp = modules.join(".coboard-stamp");
    if fs::read_to_string(&stamp).is_ok_and(|stored| stored == hash) {
        return Ok(modules);
    }
    step("packages of the oracle", || {
        run(command("npm", &["ci", "--no-audit", "--no-fund"], FOLDER))
    })?;
    fs::write(stamp, hash)?;
    Ok(modules)
}

/// Pipes the cases from the one program into the other; both must end well.
fn replay(kind: &str, count: u64, seed: u64) -> Result<()> {
    let mut cases = Command::new(release::binary("oracle"))
        .args([kind, &count.to_string(), &seed.to_string()])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("cannot start `oracle`")?;
    let pipe = cases.stdout.take().context("`oracle` has no output")?;
    let replayed = command("node", &["replay.mjs", kind], FOLDER)
        .stdin(pipe)
        .status()
        .context("cannot start `node`")?;
    let printed = cases.wait()?;
    if !replayed.success() || !printed.success() {
        bail!("{kind}: oracle ended with {printed}, its replay with {replayed}");
    }
    Ok(())
}
