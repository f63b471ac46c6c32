//! Mutation tests: each small change of the algebra must make a test fail.
//!
//! The mutants are those of the published tool `cargo-mutants`. One that no test notices must be
//! listed in `crates/ot/mutants.json` with the reason why it changes nothing.

use crate::arguments::Arguments;
use crate::process::{root, shown, step, target};
use crate::tool;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

/// What is changed.
const FILES: &[&str] = &[
    "crates/ot/src/transform*.rs",
    "crates/ot/src/transform/**/*.rs",
    "crates/ot/src/compose*.rs",
    "crates/ot/src/commit*.rs",
    "crates/ot/src/commit/**/*.rs",
    "crates/layout/src/settle*.rs",
    "crates/layout/src/settle/**/*.rs",
];
/// The tests that must notice: quick ones, for they run for each mutant. By pattern, because cargo
/// asks each package for them: examples, laws and position of `ot`, settle of `layout`.
const TESTS: &str = "[elps]*";
const VERSION: &str = "27.1.0";
/// Mutants that no test notices, each with the reason why it is no mutant: `{"mutant": "why"}`.
const LISTED: &str = "crates/ot/mutants.json";
const KILLED_PERCENT_MIN: f64 = 95.0;
/// Tests take a second or two; what takes so long goes in circles, which counts as noticed.
const TIMEOUT_SECONDS: &str = "30";

/// `cargo xtask mutants`
///
/// # Errors
/// When a mutant survives that is not listed, or too many do.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let file: Option<String> = arguments.option("--file")?;
    arguments.finish()?;
    let binary = tool::installed("cargo-mutants", VERSION)?;
    let folder = target().join("mutants");
    fs::create_dir_all(&folder)?;
    let mut command = Command::new(binary);
    command.current_dir(root());
    // Set for this process by `cargo run`; a build of a mutant must not see it.
    command
        .env_remove("CARGO_MANIFEST_DIR")
        .env_remove("LD_LIBRARY_PATH");
    command.args([
        "mutants",
        "--package",
        "coboard-ot",
        "--package",
        "coboard-layout",
    ]);
    command.args(["--test-package", "coboard-ot,coboard-layout"]);
    command.args(["--profile", "mutants", "--no-shuffle", "--jobs", "2"]);
    command.args(["--timeout", TIMEOUT_SECONDS, "--colors", "never"]);
    command.arg("--output").arg(&folder);
    match &file {
        Some(file) => {
            command.args(["--file", file]);
        }
        None => {
            command.args(FILES.iter().flat_map(|file| ["--file", file]));
        }
    }
    command.args(["--", "--lib", "--test", TESTS]);
    let name = shown(&command);
    // It ends with 2 when mutants survive and with 3 when one timed out; the list below decides.
    let status = step("mutants", || {
        command
            .stdin(Stdio::null())
            .status()
            .with_context(|| format!("cannot start `{name}`"))
    })?;
    if !matches!(status.code(), Some(0 | 2 | 3)) {
        bail!("`{name}` ended with {status}");
    }
    judge(&folder.join("mutants.out/outcomes.json"))
}

/// Counts what became of the mutants and compares the survivors with the list.
fn judge(outcomes: &Path) -> Result<()> {
    let outcomes: Value = serde_json::from_str(&fs::read_to_string(outcomes)?)?;
    let listed: BTreeMap<String, String> = listed()?;
    let (mut killed, mut unviable, mut equivalent) = (0, 0, 0);
    let mut survivors = Vec::new();
    for outcome in outcomes["outcomes"].as_array().into_iter().flatten() {
        let Some(name) = outcome["scenario"]["Mutant"]["name"].as_str() else {
            continue;
        };
        let name = without_place(name);
        match outcome["summary"].as_str().unwrap_or_default() {
            "CaughtMutant" | "Timeout" => killed += 1,
            "Unviable" => unviable += 1,
            _ if listed.contains_key(&name) => {
                equivalent += 1;
                println!("  listed: {name}\n    {}", listed[&name]);
            }
            _ => survivors.push(name),
        }
    }
    let all = killed + equivalent + survivors.len();
    let percent = killed as f64 * 100.0 / all.max(1) as f64;
    println!(
        "{killed} of {all} mutants killed ({percent:.1} %), {equivalent} listed as equivalent, \
         {} survived; {unviable} more do not compile",
        survivors.len()
    );
    for name in &survivors {
        println!("  survived: {name}");
    }
    if !survivors.is_empty() {
        bail!("a mutant survived; write a test, or say in {LISTED} why it changes nothing");
    }
    if all == 0 || percent < KILLED_PERCENT_MIN {
        bail!("{percent:.1} % of {all} mutants were killed; {KILLED_PERCENT_MIN} % are wanted");
    }
    Ok(())
}

fn listed() -> Result<BTreeMap<String, String>> {
    let text = fs::read_to_string(root().join(LISTED)).with_context(|| format!("no {LISTED}"))?;
    let list: Value = serde_json::from_str(&text)?;
    let entries = list.as_object().context("the list is an object")?;
    let why = |why: &Value| why.as_str().unwrap_or_default().to_owned();
    Ok(entries
        .iter()
        .map(|(name, value)| (name.clone(), why(value)))
        .collect())
}

/// The name without line and column, which change with every edit: `FILE: what in FUNCTION`.
fn without_place(name: &str) -> String {
    let mut parts = name.splitn(4, ':');
    match (parts.next(), parts.next(), parts.next(), parts.next()) {
        (Some(file), Some(_line), Some(_column), Some(what)) => format!("{file}:{what}"),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_does_not_depend_on_the_line() {
        let name = "crates/ot/src/compose.rs:12:5: replace a::b -> bool with true";
        let expected = "crates/ot/src/compose.rs: replace a::b -> bool with true";
        assert_eq!(without_place(name), expected);
    }
}
