//! The core for the browser: compiles `crates/wasm` and writes its bindings to `web/client/core`.
//!
//! No command line tool of wasm-bindgen is needed: it is linked as a library, of the version that
//! `crates/wasm` uses, and cargo refuses to resolve two different ones.

use crate::prerequisites::{install, may_install};
use crate::process::{cargo, output, root, run, step, target};
use crate::stamp;
use anyhow::{Context, Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use wasm_bindgen_cli_support::Bindgen;

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";
const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "rust-web-src", "lld"];
const RUSTFLAGS: &str = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUSTFLAGS";
const NAME: &str = "coboard_core";

/// How the standard library for wasm comes to be.
enum Compiler {
    /// It is installed beside this compiler.
    Prebuilt(String),
    /// It is compiled from the source beside this compiler.
    BuildStd(String),
}

/// Where the bindings go.
pub(crate) fn folder() -> PathBuf {
    root().join("web/client/core")
}

/// The module that a browser loads.
pub(crate) fn module() -> PathBuf {
    folder().join(format!("{NAME}_bg.wasm"))
}

/// Builds the core; does little when nothing has changed.
///
/// # Errors
/// When no compiler can build for wasm or the build fails.
pub(crate) fn build() -> Result<()> {
    let compiler = choose()?;
    step("core for the browser (wasm)", || {
        run(compile(&compiler, &["-p", "coboard-wasm", "--lib"]))?;
        bind()
    })
}

/// Builds an example of a crate like the core, for a test under Node. The module that Node loads.
///
/// # Errors
/// As [`build`].
pub(crate) fn node_module(package: &str, example: &str) -> Result<PathBuf> {
    let compiler = choose()?;
    run(compile(&compiler, &["-p", package, "--example", example]))?;
    let compiled = target_folder().join(TARGET).join(PROFILE).join("examples");
    let folder = target().join("xtask").join(example);
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled.join(format!("{example}.wasm")))
        .nodejs(true)?
        .typescript(false)
        .out_name(example);
    bindgen
        .generate(&folder)
        .context("wasm-bindgen cannot write the bindings")?;
    Ok(folder.join(format!("{example}.js")))
}

/// The first candidate with a wasm standard library, else the first with the source of one.
fn choose() -> Result<Compiler> {
    if let Some(compiler) = find() {
        return Ok(compiler);
    }
    if may_install() {
        println!("no compiler here can build for {TARGET}; installing Debian's");
        install(DEBIAN_PACKAGES)?;
        if let Some(compiler) = find() {
            return Ok(compiler);
        }
    }
    bail!(
        "no Rust compiler here can build for {TARGET}. Two ways out:\n  \
         rustup target add {TARGET}\n  \
         apt-get install {} (Debian; the standard library is then built from source)",
        DEBIAN_PACKAGES.join(" ")
    )
}

fn find() -> Option<Compiler> {
    let candidates = candidates();
    let prebuilt = candidates.iter().find(|rustc| has_wasm_std(rustc));
    if let Some(rustc) = prebuilt {
        println!("wasm: {rustc} with its installed standard library");
        return Some(Compiler::Prebuilt(rustc.clone()));
    }
    let source = candidates.into_iter().find(|rustc| has_std_source(rustc))?;
    println!("wasm: {source} with a standard library built from source");
    Some(Compiler::BuildStd(source))
}

fn candidates() -> Vec<String> {
    let named = std::env::var("WASM_RUSTC").ok();
    let usual = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    named
        .into_iter()
        .chain([usual, "/usr/bin/rustc".to_owned()])
        .collect()
}

/// `--print target-libdir` answers even where the target is absent, so the directory is searched.
fn has_wasm_std(rustc: &str) -> bool {
    let Some(folder) = output(rustc, &["--print", "target-libdir", "--target", TARGET]) else {
        return false;
    };
    let Ok(entries) = fs::read_dir(folder) else {
        return false;
    };
    entries
        .flatten()
        .any(|entry| entry.file_name().to_string_lossy().starts_with("libcore-"))
}

fn has_std_source(rustc: &str) -> bool {
    output(rustc, &["--print", "sysroot"]).is_some_and(|sysroot| {
        let manifest = "lib/rustlib/src/rust/library/std/Cargo.toml";
        Path::new(&sysroot).join(manifest).exists()
    })
}

/// A target folder of its own: another compiler must never invalidate the native build.
fn target_folder() -> PathBuf {
    target().join("wasm")
}

fn compile(compiler: &Compiler, what: &[&str]) -> Command {
    let mut command = cargo(&["build"]);
    command.args(what);
    command.args(["--profile", PROFILE, "--target", TARGET]);
    command.arg("--target-dir").arg(target_folder());
    // Flags meant for the native build do not suit this target.
    command
        .env_remove("RUSTFLAGS")
        .env_remove("RUSTUP_TOOLCHAIN");
    match compiler {
        Compiler::Prebuilt(rustc) => {
            command.env("RUSTC", rustc);
        }
        Compiler::BuildStd(rustc) => {
            command
                .arg("-Zbuild-std=std,panic_abort")
                // Smaller sorts, and no code to print backtraces: 8 KB gzipped.
                .arg("-Zbuild-std-features=optimize_for_size")
                // No texts of panics: in a browser nobody sees them. 10 KB gzipped.
                .env(RUSTFLAGS, "-Zunstable-options -Cpanic=immediate-abort")
                .env("RUSTC", rustc)
                .env("RUSTC_BOOTSTRAP", "1");
            let linker = "CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER";
            if std::env::var_os(linker).is_none() {
                command.env(linker, "wasm-ld");
            }
        }
    }
    command
}

/// Writes the bindings, unless those there were made from this very module.
fn bind() -> Result<()> {
    let compiled = target_folder()
        .join(TARGET)
        .join(PROFILE)
        .join("coboard_wasm.wasm");
    let hash = stamp::hash(std::slice::from_ref(&compiled))?;
    if module().exists() && stamp::is_current("wasm", &hash) {
        return Ok(());
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(&compiled)
        .typescript(true)
        .web(true)?
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .out_name(NAME);
    bindgen
        .generate(folder())
        .context("wasm-bindgen cannot write the bindings")?;
    stamp::record("wasm", &hash)
}
