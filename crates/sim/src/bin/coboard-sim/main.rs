//! Runs simulations on all cores, saves what failed, repeats it and makes it smaller.
#![allow(clippy::print_stdout, reason = "a program for a person")]
#![allow(
    clippy::disallowed_methods,
    reason = "threads and the clock are the program's; the library has none"
)]

mod arguments;
mod cores;
mod file;
mod replay;
mod run;
mod shrink;
mod trace;

use std::process::ExitCode;

use arguments::Arguments;

const HELP: &str = "\
Simulates clients, a room, storage and network from seeds.

Usage: coboard-sim run [--seeds N] [--start S] [--mode safety|liveness] [--jobs J] [--twice]
                       [--failures DIR] [--sabotage dedupe|gaps|reserve|queue] [--time-budget SECONDS]
       coboard-sim replay FILE
       coboard-sim shrink FILE [--time-budget SECONDS]
       coboard-sim trace [--seeds N] [--start S]

run       plays seeds and counts; the first failures are told
  --seeds N             how many seeds [1000]
  --start S             the first of them [0]
  --mode M              safety: nothing is lost; liveness: all come to rest [safety]
  --jobs J              threads [one a core]
  --twice               each seed twice: both must give the same trace
  --failures DIR        save the events of each failure there, a file for each seed
  --sabotage RULE       break a rule of the protocol; runs must fail then
  --time-budget S       stop after so many seconds
replay    repeats the run of a saved failure and compares the traces
shrink    makes the plan of a saved failure smaller and saves FILE.small.jsonl; it stops
          after 100 seconds with the smallest until then, or after the time it is given
trace     prints a line for each seed: what its first client was told and what it answered";

fn main() -> ExitCode {
    let mut arguments = Arguments::from_env();
    let done = match arguments.word().as_deref() {
        Some("run") => run::run(arguments),
        Some("replay") => replay::replay(arguments),
        Some("shrink") => shrink::shrink(arguments),
        Some("trace") => trace::trace(arguments),
        Some(_) | None => Err("what to do?".to_owned()),
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(message) => {
            println!("{message}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}
