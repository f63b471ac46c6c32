//! What a program can judge about the sources, and nothing else.
//!
//! The list: what must be absent below each crate, who may ask for broken rules, a doc line at the
//! head of each file, white space at the end of lines, no `mod.rs`, generated TypeScript up to date.
//! Long functions are listed, never refused. Imports between the web folders are Biome's:
//! `overrides` in `web/biome.json`.

mod absence;
mod sabotage;
mod sources;

use crate::arguments::Arguments;
use crate::codegen;
use anyhow::{Result, bail};

/// `cargo xtask tidy`
///
/// # Errors
/// When something is not tidy; everything found has been printed.
pub(crate) fn task(arguments: &Arguments) -> Result<()> {
    arguments.finish()?;
    check()
}

/// Runs all of the list.
///
/// # Errors
/// When something is not tidy; everything found has been printed.
pub(crate) fn check() -> Result<()> {
    let mut faults = absence::faults()?;
    faults.extend(sabotage::faults()?);
    faults.extend(sources::faults()?);
    faults.extend(codegen::faults()?);
    for fault in &faults {
        println!("    {fault}");
    }
    if !faults.is_empty() {
        bail!("not tidy");
    }
    Ok(())
}
