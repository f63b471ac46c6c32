//! Instructions of each short case, counted by callgrind and compared with the committed counts.
//!
//! Unlike a time, a count is the same on a busy machine. It depends on the compiler, so the file
//! names the one it was counted with, and another one compares nothing.

use crate::arguments::Arguments;
use crate::prerequisites::{install, may_install};
use crate::process::{cargo, output, root, run, step};
use crate::release;
use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::fs;
use std::process::Command;

const FILE: &str = "crates/bench/instructions.json";
/// What a case may cost for each instruction it cost when it was accepted.
const GROWTH_MAX: f64 = 1.05;
/// Arguments of cargo that build the program.
const PROGRAM: &[&str] = &["-p", "coboard-bench", "--bin", "bench-instructions"];

/// Instructions of one operation, by the name of the case.
type Counts = BTreeMap<String, u64>;

/// `cargo xtask bench instructions [--accept]`
///
/// # Errors
/// When a case costs more than it may, or valgrind is missing.
pub(super) fn task(arguments: &mut Arguments) -> Result<()> {
    let accept = arguments.flag("--accept");
    arguments.finish()?;
    if !is_ready()? {
        bail!("valgrind is not installed (Debian: apt-get install valgrind)");
    }
    let counts = count()?;
    if accept {
        return write(&counts);
    }
    compare(&counts)
}

/// Why the counts cannot be compared here; `None` if they can.
///
/// # Errors
/// When valgrind cannot be installed though it may.
pub(crate) fn why_not() -> Result<Option<&'static str>> {
    if !is_ready()? {
        return Ok(Some("valgrind is not installed"));
    }
    let (compiler, _) = read()?;
    Ok((compiler != rustc()).then_some("counted with another compiler"))
}

/// Counts and compares.
///
/// # Errors
/// When a case costs more than it may.
pub(crate) fn check() -> Result<()> {
    compare(&count()?)
}

fn is_ready() -> Result<bool> {
    let found = || output("valgrind", &["--version"]).is_some();
    if !found() && may_install() {
        install(&["valgrind"])?;
    }
    Ok(found())
}

/// Builds the program by itself: built with others it has other features, and other counts.
fn count() -> Result<Counts> {
    step("program (release)", || {
        run(cargo(&[&["build", "--release"], PROGRAM].concat()))
    })?;
    let program = release::binary("bench-instructions");
    let program = program.to_str().context("the path is not text")?;
    let names = output(program, &["--names"]).context("`bench-instructions` fails")?;
    let counts = names
        .lines()
        .map(|name| Ok((name.to_owned(), count_one(program, name)?)));
    counts.collect()
}

fn count_one(program: &str, name: &str) -> Result<u64> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .args(["--toggle-collect=*counted*", program, name])
        .output()
        .context("cannot start valgrind")?;
    let log = String::from_utf8_lossy(&output.stderr);
    let collected = log.lines().find_map(|line| {
        let (_, count) = line.split_once("Collected : ")?;
        count.trim().parse::<u64>().ok()
    });
    let units = String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse::<u64>();
    match (collected, units) {
        (Some(collected), Ok(units)) if output.status.success() && units > 0 => {
            Ok(collected / units)
        }
        _ => bail!("callgrind of {name:?} gives no count:\n{log}"),
    }
}

fn compare(counts: &Counts) -> Result<()> {
    let (compiler, accepted) = read()?;
    if compiler != rustc() {
        bail!("{FILE} was counted with {compiler}; accept it again with this compiler");
    }
    let mut faults = Vec::new();
    for (name, now) in counts {
        match accepted.get(name) {
            None => faults.push(format!("{name}: not in {FILE}")),
            Some(before) => {
                let change = (*now as f64 / *before as f64 - 1.0) * 100.0;
                println!("{name:<44}{before:>12}{now:>12}{change:>+8.1} %");
                if *now as f64 > *before as f64 * GROWTH_MAX {
                    faults.push(format!(
                        "{name}: {before} → {now} instructions, {change:+.1} %"
                    ));
                }
            }
        }
    }
    let gone = accepted.keys().filter(|name| !counts.contains_key(*name));
    faults.extend(gone.map(|name| format!("{name}: in {FILE}, but there is no such case")));
    if !faults.is_empty() {
        bail!(
            "the core does more work than was accepted (cargo xtask bench instructions --accept):\n  {}",
            faults.join("\n  ")
        );
    }
    Ok(())
}

/// The compiler and the counts of the file.
fn read() -> Result<(String, Counts)> {
    let path = root().join(FILE);
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {FILE}"))?;
    let file: Value = serde_json::from_str(&text)?;
    let compiler = file["compiler"].as_str().unwrap_or_default().to_owned();
    let counts = file["instructions"].as_object().map(|counts| {
        let counts = counts.iter();
        counts
            .filter_map(|(name, count)| Some((name.clone(), count.as_u64()?)))
            .collect()
    });
    Ok((compiler, counts.unwrap_or_default()))
}

fn write(counts: &Counts) -> Result<()> {
    let counts: Map<String, Value> = counts
        .iter()
        .map(|(name, count)| (name.clone(), json!(count)))
        .collect();
    let file = json!({ "compiler": rustc(), "instructions": counts });
    let text = serde_json::to_string_pretty(&file)? + "\n";
    fs::write(root().join(FILE), text).with_context(|| format!("cannot write {FILE}"))
}

fn rustc() -> String {
    output("rustc", &["--version"]).unwrap_or_default()
}
