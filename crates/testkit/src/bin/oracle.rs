//! Prints cases for the differential oracles, one JSON object a line.
#![allow(
    clippy::print_stdout,
    reason = "a program whose output is read by another"
)]

use std::io::{self, BufWriter, Write};
use std::process::ExitCode;

use coboard_testkit::oracle::{json, text};

const USAGE: &str = "Usage: oracle text|json COUNT [SEED [FROM]]";

fn main() -> io::Result<ExitCode> {
    let mut arguments = std::env::args().skip(1);
    let kind = arguments.next().unwrap_or_default();
    let mut number = |default: Option<u64>| match arguments.next() {
        Some(text) => text.parse().ok(),
        None => default,
    };
    let case = match kind.as_str() {
        "text" => text::case,
        "json" => json::case,
        _ => return Ok(usage()),
    };
    let (Some(count), Some(seed), Some(from)) = (number(None), number(Some(1)), number(Some(0)))
    else {
        return Ok(usage());
    };
    let mut out = BufWriter::new(io::stdout().lock());
    for number in from..from + count {
        serde_json::to_writer(&mut out, &case(seed, number))?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(ExitCode::SUCCESS)
}

fn usage() -> ExitCode {
    eprintln!("{USAGE}");
    ExitCode::from(2)
}
