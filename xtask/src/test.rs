//! Every check and test there is, one after the other, and a count of them at the end.
//!
//! The order is chosen so that nothing is built twice: the web files come first, because the
//! server embeds them; clippy and the tests share one profile of the dependencies each; all
//! optimised binaries are built in one go, and the steps after that only run them.

mod report;

use crate::arguments::Arguments;
use crate::process::{cargo, command, output, run, run_within};
use crate::{
    bench, budget, differential, e2e, histories, interop, layouts, prerequisites, release, sim,
    soak, tidy, vectors, wasm, web,
};
use anyhow::Result;
pub(crate) use report::Report;
use std::process::{Command, ExitCode};
use std::time::Duration;

/// Enough to meet each kind of pair of components some hundred times.
const LAW_PAIRS: &str = "300000";
const LAWS_WITHIN: Duration = Duration::from_secs(600);
const HISTORIES_WITHIN: Duration = Duration::from_secs(60);
/// Every rule of settling is met thousands of times.
const LAYOUT_EDITS: u32 = 20_000;
const LAYOUT_SEED: u32 = 2;

/// `cargo xtask test`
///
/// # Errors
/// When an argument is unknown.
pub(crate) fn test(arguments: &Arguments) -> Result<ExitCode> {
    arguments.finish()?;
    let mut report = Report::default();
    report.step("node and npm", prerequisites::node);
    report.step("format", format);
    let core = report.step("core for the browser", wasm::build);
    let packages = report.step("npm packages", web::install);
    let web = report.after(core && packages, "web build", web::bundle);
    report.after(web, "size budget", budget::check);
    report.after(packages, "biome", biome);
    report.after(web, "types", types);
    report.step("tidy", tidy::check);
    report.after(web, "web unit tests", vitest);
    report.step("clippy", clippy);
    report.step("rust tests", rust_tests);
    report.step("doc tests", || {
        run(cargo(&["test", "--workspace", "--doc", "--quiet"]))
    });
    report.step("docs", docs);
    licences(&mut report);
    let binaries = report.after(web, "release build", release::all);
    report.after(binaries, "laws", laws);
    report.after(binaries, "differential", differential::short);
    report.after(binaries, "histories", || {
        run_within(histories::follow(), HISTORIES_WITHIN)
    });
    instructions(&mut report);
    report.after(binaries && core, "layouts", || {
        layouts::compare(LAYOUT_EDITS, LAYOUT_SEED)
    });
    report.after(packages && core, "vectors as WebAssembly", vectors::compare);
    report.after(binaries, "simulation", sim::short);
    report.after(
        binaries && core,
        "simulation as WebAssembly",
        sim::in_node_short,
    );
    report.after(binaries, "soak kill", soak::kill_short);
    report.after(binaries, "soak cut-replies", soak::cut_replies_short);
    report.after(binaries, "soak holes", soak::holes_short);
    report.after(binaries, "soak offline", soak::offline_short);
    report.after(binaries, "soak deaths", soak::deaths_short);
    report.after(binaries, "soak restore", soak::restore_short);
    report.after(binaries, "soak tabs", soak::tabs_short);
    report.after(binaries, "soak browser", soak::browser_short);
    report.after(binaries, "soak typing", soak::typing_short);
    interop::count(&mut report, binaries);
    report.after(binaries, "browser tests", e2e::whole);
    report.after(
        binaries,
        "browser tests on other transports",
        e2e::on_other_transports,
    );
    Ok(report.finish())
}

/// Formats of Rust; those of TypeScript are Biome's.
pub(crate) fn format() -> Result<()> {
    run(cargo(&["fmt", "--all", "--check"]))
}

/// All lints of the workspace are errors here.
pub(crate) fn clippy() -> Result<()> {
    run(cargo(&[
        "clippy",
        "--workspace",
        "--all-targets",
        "--",
        "-D",
        "warnings",
    ]))
}

/// Formats and lints of TypeScript.
pub(crate) fn biome() -> Result<()> {
    run(command("npx", &["--no", "biome", "check", "."], "web"))
}

/// Types of all TypeScript, tests included.
pub(crate) fn types() -> Result<()> {
    run(command("npm", &["run", "--silent", "typecheck"], "web"))
}

/// Tests inside the crates, without the folders `tests/`.
pub(crate) fn unit_tests() -> Result<()> {
    run(cargo(&[
        "test",
        "--workspace",
        "--lib",
        "--bins",
        "--quiet",
    ]))
}

/// Web tests that need no browser.
fn vitest() -> Result<()> {
    run(command("npm", &["run", "--silent", "test"], "web"))
}

fn rust_tests() -> Result<()> {
    if output("cargo", &["nextest", "--version"]).is_some() {
        return run(cargo(&["nextest", "run", "--workspace"]));
    }
    run(cargo(&[
        "test",
        "--workspace",
        "--lib",
        "--bins",
        "--tests",
        "--quiet",
    ]))
}

fn docs() -> Result<()> {
    let mut command = cargo(&["doc", "--workspace", "--no-deps", "--quiet"]);
    command.env("RUSTDOCFLAGS", "-D warnings");
    run(command)
}

fn laws() -> Result<()> {
    let mut command = Command::new(release::binary("laws"));
    command.args(["--pairs", LAW_PAIRS]);
    run_within(command, LAWS_WITHIN)
}

/// Work of the core, counted: a time would say little on a busy machine.
fn instructions(report: &mut Report) {
    if let Ok(Some(why)) = bench::why_not() {
        report.skip("instructions", why);
        return;
    }
    report.step("instructions", bench::check);
}

fn licences(report: &mut Report) {
    if output("cargo", &["deny", "--version"]).is_none() {
        report.skip("licences of crates", "cargo-deny is not installed");
        return;
    }
    report.step("licences of crates", || {
        run(cargo(&["deny", "check", "licenses", "bans", "sources"]))
    });
}
