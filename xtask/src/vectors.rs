//! The vectors through WebAssembly: a test build of the test kit, called by vitest.

use crate::arguments::Arguments;
use crate::process::{command, run, step};
use crate::{wasm, web};
use anyhow::Result;

/// The example of the test kit that the test calls.
const EXAMPLE: &str = "vectors_wasm";

/// `cargo xtask vectors`
///
/// # Errors
/// When the build fails or a vector comes out differently.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    arguments.finish()?;
    web::install()?;
    step("vectors", compare)
}

/// Builds the module and runs the test; the npm packages are there.
///
/// # Errors
/// As [`task`].
pub(crate) fn compare() -> Result<()> {
    let module = wasm::node_module("coboard-testkit", EXAMPLE)?;
    let arguments = ["--no", "vitest", "run", "test/vectors.test.ts"];
    let mut vitest = command("npx", &arguments, "web/client");
    vitest.env("COBOARD_VECTORS_WASM", module);
    run(vitest)
}
