//! The algebra against the peers' own packages: cases printed by the program `oracle` of the test
//! kit, replayed in Node with `ot-text-unicode` and `ot-json1`; and the adapters the other way
//! round: operations of `ot-json0` and `ot-json1` printed in Node, replayed by an example of theirs.

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
/// Of json0, and as many of json1.
const ADAPTER_CASES: u64 = 100_000;
const SEED: u64 = 1;

/// `cargo xtask differential`
///
/// # Errors
/// When a difference is left unexplained, or a program is missing.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let text = arguments.option("--text")?.unwrap_or(TEXT_CASES);
    let json = arguments.option("--json")?.unwrap_or(JSON_CASES);
    let adapters = arguments.option("--adapters")?.unwrap_or(ADAPTER_CASES);
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
    release::peers()?;
    check(text, json, adapters, seed)
}

/// A part of the cases, for every run of the tests; the program has been built.
///
/// # Errors
/// As [`task`].
pub(crate) fn short() -> Result<()> {
    check(TEXT_CASES / 10, JSON_CASES / 10, ADAPTER_CASES / 10, SEED)
}

fn check(text: u64, json: u64, adapters: u64, seed: u64) -> Result<()> {
    packages()?;
    step("text against ot-text-unicode", || {
        replay("text", text, seed)
    })?;
    step("JSON against ot-json1", || replay("json", json, seed))?;
    for kind in ["json0", "json1"] {
        step(&format!("adapter of {kind} against ot-{kind}"), || {
            adapted(kind, adapters, seed)
        })?;
    }
    Ok(())
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

/// Cases of the program `oracle`, replayed in Node.
fn replay(kind: &str, count: u64, seed: u64) -> Result<()> {
    let mut cases = Command::new(release::binary("oracle"));
    cases.args([kind, &count.to_string(), &seed.to_string()]);
    pipe(kind, cases, command("node", &["replay.mjs", kind], FOLDER))
}

/// Cases of the packages, replayed by the adapters.
fn adapted(kind: &str, count: u64, seed: u64) -> Result<()> {
    let (count, seed) = (count.to_string(), seed.to_string());
    let cases = command("node", &["adapters.mjs", kind, &count, &seed], FOLDER);
    let mut replay = Command::new(release::binary("examples/peers"));
    replay.arg(kind);
    pipe(kind, cases, replay)
}

/// Pipes what the one program prints into the other; both must end well.
fn pipe(kind: &str, mut from: Command, mut to: Command) -> Result<()> {
    let mut cases = from
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot start {from:?}"))?;
    let pipe = cases.stdout.take().context("its output is missing")?;
    let replayed = to
        .stdin(pipe)
        .status()
        .with_context(|| format!("cannot start {to:?}"))?;
    let printed = cases.wait()?;
    if !replayed.success() || !printed.success() {
        bail!("{kind}: the cases ended with {printed}, their replay with {replayed}");
    }
    Ok(())
}
