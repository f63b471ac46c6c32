//! Follows histories of dashboards, from version to version, and says what they cost as operations.
#![allow(clippy::print_stdout, reason = "a program for a person")]

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Duration;

use coboard_testkit::histories::{Report, files, follow, read};

const HELP: &str = "\
Follows every history in a folder: the difference of each two versions as an operation.

Usage: histories FOLDER

FOLDER holds files *.jsonl or *.jsonl.gz with one JSON document a line, the oldest version first.";

/// Failures of one file that are shown.
const SHOWN_MAX: usize = 5;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder] = &arguments[..] else {
        println!("{HELP}");
        return ExitCode::from(2);
    };
    let folder = PathBuf::from(folder);
    let files = match files(&folder) {
        Ok(files) if !files.is_empty() => files,
        Ok(_) => {
            println!("there is no history in {}", folder.display());
            return ExitCode::FAILURE;
        }
        Err(error) => {
            println!("{}: {error}", folder.display());
            return ExitCode::FAILURE;
        }
    };
    println!("{}", heading());
    let mut all = Report::default();
    for file in &files {
        match read(file) {
            Ok(versions) => {
                let report = follow(&versions);
                println!("{}", row(&name(file), &report));
                for failure in report.failures.iter().take(SHOWN_MAX) {
                    println!("    FAILED {failure}");
                }
                add(&mut all, report);
            }
            Err(error) => {
                println!("{}: {error}", file.display());
                all.failures.push(error.to_string());
            }
        }
    }
    println!("{}", row("all", &all));
    summary(&all, files.len())
}

fn summary(all: &Report, files: usize) -> ExitCode {
    let steps = all.versions - files.min(all.versions);
    if all.failures.is_empty() {
        println!(
            "{steps} steps of {files} histories: each gives exactly the next version, its inverse the \
             one before, the same over the wire; {} of them merged from two halves in both orders",
            all.merged
        );
        ExitCode::SUCCESS
    } else {
        println!("{} of {steps} steps FAILED", all.failures.len());
        ExitCode::FAILURE
    }
}

fn name(file: &Path) -> String {
    let name = file.file_name().unwrap_or_default().to_string_lossy();
    name.trim_end_matches(".gz")
        .trim_end_matches(".jsonl")
        .to_owned()
}

fn heading() -> String {
    format!(
        "{:<28} {:>8} {:>8} {:>10} {:>10} {:>7} {:>10} {:>6} {:>6} {:>8} {:>6} {:>9} {:>9}",
        "history",
        "versions",
        "changed",
        "JSON kB",
        "ops kB",
        "ratio",
        "components",
        "moves",
        "new",
        "deleted",
        "merged",
        "ms",
        "ms at most"
    )
}

fn row(name: &str, report: &Report) -> String {
    let kilobytes = |bytes: usize| bytes as f64 / 1000.0;
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    let large = match report.oversized {
        0 => String::new(),
        count => format!("  {count} too large for one submit"),
    };
    format!(
        "{name:<28} {:>8} {:>8} {:>10.1} {:>10.1} {:>6.1}% {:>10} {:>6} {:>6} {:>8} {:>6} {:>9.1} {:>9.1}{large}",
        report.versions,
        report.changed,
        kilobytes(report.json_bytes),
        kilobytes(report.operation_bytes),
        100.0 * report.operation_bytes as f64 / report.json_bytes.max(1) as f64,
        report.components,
        report.moves,
        report.made,
        report.deleted,
        report.merged,
        ms(report.diff_time),
        ms(report.diff_time_max),
    )
}

fn add(all: &mut Report, one: Report) {
    all.versions += one.versions;
    all.changed += one.changed;
    all.json_bytes += one.json_bytes;
    all.operation_bytes += one.operation_bytes;
    all.oversized += one.oversized;
    all.components += one.components;
    all.moves += one.moves;
    all.made += one.made;
    all.deleted += one.deleted;
    all.merged += one.merged;
    all.diff_time += one.diff_time;
    all.diff_time_max = all.diff_time_max.max(one.diff_time_max);
    all.failures.extend(one.failures);
}
