//! The fuzz targets under libFuzzer, by the published tool `cargo-fuzz`.

use crate::arguments::Arguments;
use crate::process::{output, root, run, step};
use crate::tool;
use anyhow::{Context, Result, bail};
use std::fs;
use std::process::Command;

const VERSION: &str = "0.13.2";
const TARGETS: &[&str] = &["decode", "apply", "transform", "delta", "diff"];
const SECONDS: u64 = 60;
/// Files of vectors whose lines the runs start from.
const SEEDS: &[&str] = &["codec.jsonl", "compose.jsonl", "commit.jsonl"];

/// `cargo xtask fuzz`: every target for so many seconds.
///
/// # Errors
/// When a target finds something, or cannot be built here.
pub(crate) fn task(arguments: &mut Arguments) -> Result<()> {
    let seconds = arguments.option("--seconds")?.unwrap_or(SECONDS);
    let only: Option<String> = arguments.option("--target")?;
    arguments.finish()?;
    let binary = tool::installed("cargo-fuzz", VERSION)?;
    if output("c++", &["--version"]).is_none() {
        bail!("NOT FUZZED: libFuzzer is C++, and there is no `c++`");
    }
    for target in TARGETS {
        if only.as_ref().is_some_and(|only| only != target) {
            continue;
        }
        seed(target)?;
        let mut command = Command::new(&binary);
        command.args(["fuzz", "run", "--sanitizer", "none", target, "--"]);
        command.arg(format!("-max_total_time={seconds}"));
        command.args(["-max_len=4096", "-print_final_stats=1", "-verbosity=0"]);
        // The flags of libFuzzer are not stable; a nightly toolchain is not asked for.
        command.env("RUSTC_BOOTSTRAP", "1").current_dir(root());
        command.env_remove("CARGO_MANIFEST_DIR");
        step(&format!("fuzz {target}"), || run(command))
            .with_context(|| format!("{target}: what was found is in fuzz/artifacts/{target}"))?;
    }
    Ok(())
}

/// Puts the parts of the vectors into the corpus of a target.
fn seed(target: &str) -> Result<()> {
    let folder = root().join("fuzz/corpus").join(target);
    fs::create_dir_all(&folder)?;
    for file in SEEDS {
        let text = fs::read_to_string(root().join("vectors").join(file))?;
        for (number, line) in text.lines().enumerate() {
            let vector: serde_json::Value = serde_json::from_str(line)?;
            for part in ["json", "first", "next", "components"] {
                if let Some(json) = vector.get(part) {
                    fs::write(
                        folder.join(format!("{file}-{number}-{part}")),
                        json.to_string(),
                    )?;
                }
            }
        }
    }
    Ok(())
}
