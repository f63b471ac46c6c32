//! Benchmarks: those of criterion, the table of targets, and counts of instructions.

use crate::arguments::Arguments;
use crate::process::{cargo, run, step};
use crate::{release, soak, web};
use anyhow::{Result, bail};

mod instructions;
mod node;
mod table;
mod wire;

pub(crate) use instructions::{check, why_not};

/// `cargo xtask bench [core | instructions | presence | wire]`
///
/// # Errors
/// When an argument is unknown or a benchmark fails.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    match arguments.positional().as_deref() {
        None => {
            arguments.finish()?;
            let mut command = cargo(&["bench", "-p", "coboard-bench"]);
            command.args(["--bench", "core"]);
            step("benchmarks", || run(command))
        }
        Some("core") => table::task(arguments),
        Some("instructions") => instructions::task(arguments),
        Some("wire") => wire::task(arguments),
        Some("presence") => {
            let options: Vec<String> = arguments.rest().collect();
            web::build()?;
            release::all()?;
            step("presence", || soak::presence(options))
        }
        Some(other) => {
            bail!("no benchmark is called {other:?}; core, instructions, presence and wire are")
        }
    }
}
