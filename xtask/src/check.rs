//! The quick part of the tests, for before a push.

use crate::arguments::Arguments;
use crate::test::Report;
use crate::{test, wasm, web};
use anyhow::Result;
use std::process::ExitCode;

/// `cargo xtask check`
///
/// # Errors
/// When an argument is unknown.
pub(crate) fn check(arguments: &Arguments) -> Result<ExitCode> {
    arguments.finish()?;
    let mut report = Report::default();
    report.step("format", test::format);
    report.step("npm packages", web::install);
    report.step("core for the browser", wasm::build);
    report.step("web build", web::bundle);
    report.step("biome", test::biome);
    report.step("types", test::types);
    report.step("tidy", crate::tidy::check);
    report.step("clippy", test::clippy);
    report.step("unit tests", test::unit_tests);
    Ok(report.finish())
}
