//! Bytes on the wire: clients of the SDK and a real server with a counting proxy between them.

use crate::arguments::Arguments;
use crate::process::{command, run_within, step};
use crate::{release, web};
use anyhow::Result;
use std::time::Duration;

const WITHIN: Duration = Duration::from_secs(15 * 60);

/// `cargo xtask bench wire`
///
/// # Errors
/// When a build fails, or the bench.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    arguments.finish()?;
    web::build()?;
    release::server()?;
    let mut node = command("node", &["bench/wire.mjs"], "web/e2e");
    node.env("COBOARD_BINARY", release::binary("coboard"));
    step("bytes on the wire", || run_within(node, WITHIN))
}
