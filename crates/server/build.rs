//! Makes cargo build this crate again when the web files that it embeds have changed.
//!
//! The macro that embeds them tracks the files it has seen, so it would not notice a first build
//! of the application, or a file that is new.
#![allow(
    clippy::print_stdout,
    reason = "this is how a build script speaks to cargo"
)]

const FILES: &str = "../../web/app/dist";

fn main() -> std::io::Result<()> {
    // A folder that is missing would count as changed at every build.
    std::fs::create_dir_all(FILES)?;
    println!("cargo::rerun-if-changed={FILES}");
    println!("cargo::rerun-if-changed=build.rs");
    Ok(())
}
