//! TypeScript that is generated from `crates/protocol`: error codes, retry rules, limits.

use crate::arguments::Arguments;
use crate::process::root;
use anyhow::{Context, Result};
use coboard_protocol::{ErrorCode, Retry, limits};
use std::fmt::Write;
use std::fs;

/// The generated file, from the root of the workspace. It is committed, so that TypeScript can be
/// checked without Rust.
const FILE: &str = "web/client/src/generated/errors.ts";
/// Where people look a code up; the SDK's errors point into it.
const GUIDE: &str = "docs/guide/errors.md";
const HEAD: &str = "\
/** Error codes and limits of the wire. Generated from crates/protocol by `cargo xtask codegen`: do not edit. */
";

/// The limits that a client obeys before it sends.
const LIMITS: &[(&str, u64)] = &[
    ("messageBytesMax", limits::MESSAGE_BYTES_MAX as u64),
    ("operationBytesMax", limits::OPERATION_BYTES_MAX as u64),
    (
        "operationsPerSubmitMax",
        limits::OPERATIONS_PER_SUBMIT_MAX as u64,
    ),
    ("stringBytesMax", limits::STRING_BYTES_MAX as u64),
    ("depthMax", limits::DEPTH_MAX as u64),
    ("documentBytesMax", limits::DOCUMENT_BYTES_MAX as u64),
    ("nameCharsMax", limits::NAME_CHARS_MAX as u64),
    ("titleCharsMax", limits::TITLE_CHARS_MAX as u64),
    ("idBytesMax", limits::ID_BYTES_MAX as u64),
    (
        "documentsPerConnectionMax",
        limits::DOCUMENTS_PER_CONNECTION_MAX as u64,
    ),
    (
        "presencePerSecondMax",
        limits::PRESENCE_PER_SECOND_MAX as u64,
    ),
    ("presenceBytesMax", limits::PRESENCE_BYTES_MAX as u64),
    ("pingIntervalMs", limits::PING_INTERVAL_MS),
    ("pingTimeoutMs", limits::PING_TIMEOUT_MS),
];

/// `cargo xtask codegen`
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn write(arguments: &Arguments) -> Result<()> {
    arguments.finish()?;
    let file = root().join(FILE);
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(&file, text()?).with_context(|| format!("cannot write {FILE}"))?;
    println!("{FILE}");
    Ok(())
}

/// One line when the committed file is not what would be generated, and one for each code that
/// the guide does not explain.
///
/// # Errors
/// When the text cannot be made.
pub(crate) fn faults() -> Result<Vec<String>> {
    let mut faults = Vec::new();
    let committed = fs::read_to_string(root().join(FILE)).unwrap_or_default();
    if committed != text()? {
        faults.push(format!("{FILE}: not up to date: cargo xtask codegen"));
    }
    let guide = fs::read_to_string(root().join(GUIDE)).unwrap_or_default();
    for code in ErrorCode::ALL {
        let heading = format!("## {}\n", code.as_str());
        if !guide.contains(&heading) {
            faults.push(format!("{GUIDE}: no section {}", code.as_str()));
        }
    }
    Ok(faults)
}

fn text() -> Result<String> {
    let mut out = String::from(HEAD);
    let retries = [Retry::Never, Retry::AfterBackoff, Retry::AfterReset];
    let words: Vec<String> = retries
        .iter()
        .map(|retry| format!("\"{}\"", retry.as_str()))
        .collect();
    writeln!(
        out,
        "\n/** Whether and how a request may be repeated. @public */"
    )?;
    writeln!(out, "export type Retry = {};", words.join(" | "))?;
    writeln!(
        out,
        "\n/** What went wrong, as a word that never changes its meaning. @public */"
    )?;
    writeln!(out, "export type ErrorCode =")?;
    for (index, code) in ErrorCode::ALL.iter().enumerate() {
        let end = if index + 1 == ErrorCode::ALL.len() {
            ";"
        } else {
            ""
        };
        writeln!(out, "  | \"{}\"{end}", code.as_str())?;
    }
    writeln!(out, "\n/** The retry rule of each code. @internal */")?;
    writeln!(
        out,
        "export const ERROR_RETRY: Readonly<Record<ErrorCode, Retry>> = {{"
    )?;
    for code in ErrorCode::ALL {
        writeln!(out, "  {}: \"{}\",", code.as_str(), code.retry().as_str())?;
    }
    writeln!(out, "}};")?;
    writeln!(
        out,
        "\n/** Limits that the server enforces; hello announces those that may differ. @internal */"
    )?;
    writeln!(out, "export const LIMITS = {{")?;
    for (name, value) in LIMITS {
        writeln!(out, "  {name}: {value},")?;
    }
    writeln!(out, "}} as const;")?;
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_in_the_text() {
        let text = text().unwrap();
        for code in ErrorCode::ALL {
            assert!(text.contains(&format!("  | \"{}\"", code.as_str())));
            assert!(text.contains(&format!("  {}: \"", code.as_str())));
        }
    }
}
