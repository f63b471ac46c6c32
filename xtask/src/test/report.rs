//! Counts steps: passed, failed, skipped.

use crate::process::step;
use anyhow::Result;
use std::io::Write;
use std::process::ExitCode;

/// How a step ended.
enum Outcome {
    Passed,
    Failed(String),
    Skipped(String),
}

/// The steps so far, in order.
#[derive(Default)]
pub(crate) struct Report(Vec<(&'static str, Outcome)>);

impl Report {
    /// Runs a step and says whether it passed; a failure does not stop the others.
    pub(crate) fn step(&mut self, name: &'static str, work: impl FnOnce() -> Result<()>) -> bool {
        let outcome = match step(name, work) {
            Ok(()) => Outcome::Passed,
            Err(error) => {
                println!("    {error:#}");
                Outcome::Failed(format!("{error:#}"))
            }
        };
        let passed = matches!(outcome, Outcome::Passed);
        self.0.push((name, outcome));
        passed
    }

    /// Runs a step if those that it stands on have passed, else counts it as skipped.
    pub(crate) fn after(
        &mut self,
        ready: bool,
        name: &'static str,
        work: impl FnOnce() -> Result<()>,
    ) -> bool {
        if ready {
            return self.step(name, work);
        }
        self.skip(name, "a step it needs has not passed");
        false
    }

    /// Counts a step that cannot run here.
    pub(crate) fn skip(&mut self, name: &'static str, why: &str) {
        println!("==> {name}\n    SKIPPED: {why}");
        self.0.push((name, Outcome::Skipped(why.to_owned())));
    }

    /// Prints the summary; its last line is read by programs.
    pub(crate) fn finish(self) -> ExitCode {
        let (mut passed, mut failed, mut skipped) = (0, 0, 0);
        println!("\nSummary");
        for (name, outcome) in &self.0 {
            match outcome {
                Outcome::Passed => {
                    passed += 1;
                    println!("  passed   {name}");
                }
                Outcome::Failed(why) => {
                    failed += 1;
                    println!("  FAILED   {name}: {why}");
                }
                Outcome::Skipped(why) => {
                    skipped += 1;
                    println!("  SKIPPED  {name}: {why}");
                }
            }
        }
        println!("{passed} passed, {failed} failed, {skipped} skipped");
        let _flushed = std::io::stdout().flush();
        if failed == 0 {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
