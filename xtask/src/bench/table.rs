//! The table of targets: ours, natively and as wasm, and the peers, all from one run.
//!
//! Nothing here fails because of a time. Machines are noisy: the ratios mean more than the figures.

use super::node;
use crate::arguments::Arguments;
use crate::process::{cargo, run, step};
use crate::{prerequisites, release};
use anyhow::{Result, bail};
use std::collections::BTreeMap;
use std::process::{Command, Stdio};

/// Targets in nanoseconds.
const TARGETS: &[(&str, f64)] = &[
    ("apply set, 10 KB", 1_000.0),
    ("apply set, 100 KB", 1_000.0),
    ("apply set, 1 MB", 1_000.0),
    ("apply add, 10 KB", 1_000.0),
    ("apply add, 100 KB", 1_000.0),
    ("apply add, 1 MB", 1_000.0),
    ("apply move, 10 KB", 1_000.0),
    ("apply move, 100 KB", 1_000.0),
    ("apply move, 1 MB", 1_000.0),
    ("apply text, 100 KB", 3_000.0),
    ("apply text in 10 KB of text", 3_000.0),
    ("transform set, set other path", 500.0),
    ("transform set, set same path", 500.0),
    ("transform set, move", 500.0),
    ("transform move, move", 500.0),
    ("transform text, text", 500.0),
    ("compose set + set", 600.0),
    ("compose move + set", 600.0),
    ("compose text + text", 600.0),
    ("10,000 conflicting components", 20e6),
    ("merge 10,000 x 10,000 mixed, composed", 50e6),
    ("merge 10,000 x 10,000 mixed, kept apart", 300e6),
    ("clone a document, 1 MB", 100.0),
    ("server commit, 1 in a submit", 10_000.0),
    ("state at a revision, 1 MB + 256 ops", 5e6),
    ("259,778 edits of one text", 200e6),
];
/// What a case may cost in 1 MB for each unit it costs in 10 KB.
const GROWTH_MAX: f64 = 1.3;
/// In how many processes that is measured; odd, so that one is the middle.
const GROWTH_PROCESSES: usize = 9;
/// What wasm may cost for each unit of the native build.
const WASM_MAX: f64 = 3.0;

/// Nanoseconds of one operation by the name of the case.
type Times = BTreeMap<String, f64>;

/// `cargo xtask bench core [--quick]`
///
/// # Errors
/// When a program cannot be built or run.
pub(super) fn task(arguments: &mut Arguments) -> Result<()> {
    let quick = arguments.flag("--quick");
    arguments.finish()?;
    prerequisites::node()?;
    step("programs (release)", || {
        let what = ["-p", "coboard-bench", "--bins", "--example", node::COLLA];
        run(cargo(&[&["build", "--release"], &what[..]].concat()))
    })?;
    let module = step("wasm", node::module)?;
    let (native, order) = step("native", || {
        let mut command = Command::new(release::binary("bench-core"));
        command.args(quick.then_some("--quick"));
        times(command)
    })?;
    let (wasm, _) = step("wasm under Node", || times(node::wasm(&module, quick)))?;
    let (json1, _) = step("ot-json1 under Node", || times(node::json1(quick)?))?;
    let (colla, _) = step("colla", || times(node::colla(quick)))?;
    print(&order, &native, &[wasm.clone(), json1, colla]);
    slow_in_wasm(&native, &wasm);
    growth(quick)
}

/// What a program measured, and the names in its order.
fn times(mut command: Command) -> Result<(Times, Vec<String>)> {
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        bail!("a benchmark ended with {}", output.status);
    }
    let mut all = (Times::new(), Vec::new());
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        if let Some((time, name)) = line.split_once('\t') {
            all.0.insert(name.to_owned(), time.parse()?);
            all.1.push(name.to_owned());
        }
    }
    Ok(all)
}

/// A line for each case; the others are wasm, ot-json1 and colla.
fn print(order: &[String], native: &Times, others: &[Times; 3]) {
    print!("\n{:<40}{:>9}{:>9}", "case", "ours", "target");
    for name in ["wasm", "ot-json1", "colla"] {
        print!("{name:>10}{:>8}", "ratio");
    }
    println!();
    for name in order {
        let Some(ours) = native.get(name).copied() else {
            continue;
        };
        let target = TARGETS.iter().find(|(case, _)| case == name);
        let target = target.map(|(_, target)| *target);
        print!("{name:<40}{:>9}{:>9}", shown(Some(ours)), shown(target));
        for other in others {
            let time = other.get(name).copied();
            print!("{:>10}{:>8}", shown(time), ratio(time, ours));
        }
        let is_missed = target.is_some_and(|target| ours > target);
        println!("{}", if is_missed { "  MISSED" } else { "" });
    }
}

/// How the cost of an edit grows with the document: runs of both sizes take turns in one process.
///
/// Where a process has its memory changes the ratio of a move from 1.25 to 1.42 in one of eight, so
/// the middle of several counts, and the ends are told.
fn growth(quick: bool) -> Result<()> {
    let mut all: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    step("growth", || {
        for _ in 0..GROWTH_PROCESSES {
            let mut command = Command::new(release::binary("bench-core"));
            command.arg("--growth").args(quick.then_some("--quick"));
            for (what, ratio) in times(command)?.0 {
                all.entry(what).or_default().push(ratio);
            }
        }
        Ok(())
    })?;
    for (what, mut ratios) in all {
        ratios.sort_by(f64::total_cmp);
        let [least, middle, most] =
            [0, ratios.len() / 2, ratios.len() - 1].map(|index| ratios[index]);
        let missed = if middle > GROWTH_MAX { "  MISSED" } else { "" };
        println!(
            "{what}, 1 MB against 10 KB: {middle:.2} ({least:.2} to {most:.2}; at most {GROWTH_MAX}){missed}"
        );
    }
    Ok(())
}

fn slow_in_wasm(native: &Times, wasm: &Times) {
    let ratios = wasm
        .iter()
        .filter_map(|(name, time)| Some((name, time / native.get(name)?)));
    let mut ratios: Vec<(&String, f64)> = ratios.collect();
    ratios.sort_by(|(_, one), (_, other)| other.total_cmp(one));
    let within = ratios
        .iter()
        .filter(|(_, ratio)| *ratio <= WASM_MAX)
        .count();
    println!(
        "wasm within {WASM_MAX} of native: {within} of {} cases",
        ratios.len()
    );
    if let (Some((name, worst)), Some((_, middle))) = (ratios.first(), ratios.get(ratios.len() / 2))
    {
        println!("wasm at worst {worst:.1} ({name}), in the middle {middle:.1}");
    }
}

/// A time in the unit that suits it.
fn shown(nanoseconds: Option<f64>) -> String {
    match nanoseconds {
        None => String::new(),
        Some(time) if time < 1e3 => format!("{time:.0} ns"),
        Some(time) if time < 1e6 => format!("{:.2} µs", time / 1e3),
        Some(time) if time < 1e9 => format!("{:.2} ms", time / 1e6),
        Some(time) => format!("{:.2} s", time / 1e9),
    }
}

fn ratio(other: Option<f64>, ours: f64) -> String {
    other.map_or_else(String::new, |other| format!("{:.1}", other / ours))
}
