//! The tasks of the workspace: `cargo xtask help` lists them.
//!
//! Each task is one file. Tasks start the products of the other crates as processes and never
//! import them; the one exception is `coboard-protocol`, from which TypeScript is generated.
#![allow(clippy::print_stdout, reason = "a task reports to a person")]

mod arguments;
mod bench;
mod budget;
mod check;
mod codegen;
mod differential;
mod e2e;
mod fuzz;
mod histories;
mod interop;
mod laws;
mod layouts;
mod mutants;
mod prerequisites;
mod process;
mod release;
mod run;
mod sim;
mod soak;
mod stamp;
mod test;
mod tidy;
mod tool;
mod vectors;
mod wasm;
mod web;

use anyhow::{Result, bail};
use arguments::Arguments;
use std::process::ExitCode;

const HELP: &str = "\
cargo xtask <TASK>

  run [--listen ADDR] [--data DIR] [--no-open]
                        build everything and start a server (127.0.0.1:7420, ./coboard-data)
  build                 the same without the start
  test                  every check and test; the last line counts them
  check                 the quick part of test: formats, lints, tidy, unit tests, types

  wasm                  the core for the browser, into web/client/core
  web                   npm packages and the application, into web/app/dist
  codegen               TypeScript that is generated from crates/protocol
  tidy                  what must be absent, and the head of each file
  budget                sizes of the last web build against web/budget.json
  laws [--pairs N] [--seed S]
                        laws of the algebra on random pairs of operations
  differential [--text N] [--json N] [--adapters N] [--seed S]
                        the algebra and the adapters against the packages of the peers
  histories [DIR]       histories of dashboards, followed from version to version
  layouts [--edits N] [--seed S]
                        concurrent edits of layouts, native and as WebAssembly
  vectors               the vectors through WebAssembly
  sim [--seeds N] [--start S] [--wasm M]
                        simulated clients, room, storage and network; M of the seeds as WebAssembly
  fuzz [--seconds N] [--target T]
                        libFuzzer on decode, apply, transform, delta, diff
  mutants [--file F]    small changes of the algebra that a test must notice
  e2e [--transport T] [FILTER]
                        browser tests against a real server; T is websocket, polling or switch
  interop               a client in another language, after docs/protocol.md
  soak kill [--cycles N] [--seed S] [--time-budget SECONDS]
                        kill -9 of a server during writes
  soak cut-replies [--count N] [--senders N] [--kills N] [--seconds N] [--seed S]
                        answers to submits are lost, and sent for again
  soak holes [--seconds N] [--tails N] [--clients N] [--seed S]
                        broadcasts are lost, always the last one too
  soak offline [--count N] [--seed S]
                        a full queue comes back from a client without a network
  soak deaths [--count N] [--seconds N] [--seed S]
                        sessions die without a word: how long others still see them
  soak restore [--drills N] [--seed S]
                        back to a backup, under clients that know more
  soak tabs [--kills N] [--tabs N] [--within MS]
                        the tab that holds the connection is killed while all of them type
  soak browser [--cycles N] [--seed S]
                        kill -9 of a browser with edits pending
  soak cursors [--seconds N]
                        others' pointers, recorded and measured
  soak typing [--seconds N] [--seed S]
                        two people type into one text; the caret is looked at after each key
  bench                 benchmarks of the core
  bench core [--quick]  the table of targets, beside WebAssembly and peers
  bench instructions [--accept]
                        instructions of each case against those accepted
  bench presence [--seconds N] [--rounds N] [--movers N] [--editors N] [--viewers N]
                        what large rooms cost the server, and what edits feel of it
  bench wire            bytes on the wire of edits and of a return, beside the dashboard
";

fn main() -> ExitCode {
    let mut arguments = Arguments::from_env();
    match dispatch(&mut arguments) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Runs the task named by the first argument.
fn dispatch(arguments: &mut Arguments) -> Result<ExitCode> {
    let Some(task) = arguments.positional() else {
        print!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    match task.as_str() {
        "run" => run::run(arguments)?,
        "build" => run::build(arguments)?,
        "test" => return test::test(arguments),
        "check" => return check::check(arguments),
        "wasm" => {
            arguments.finish()?;
            wasm::build()?;
        }
        "web" => {
            arguments.finish()?;
            web::build()?;
        }
        "codegen" => codegen::write(arguments)?,
        "tidy" => tidy::task(arguments)?,
        "budget" => budget::task(arguments)?,
        "laws" => laws::task(arguments)?,
        "fuzz" => fuzz::task(arguments)?,
        "mutants" => mutants::task(arguments)?,
        "differential" => differential::task(arguments)?,
        "histories" => histories::task(arguments)?,
        "layouts" => layouts::task(arguments)?,
        "vectors" => vectors::task(arguments)?,
        "e2e" => e2e::task(arguments)?,
        "interop" => interop::task(arguments)?,
        "sim" => sim::task(arguments)?,
        "soak" => soak::task(arguments)?,
        "bench" => bench::task(arguments)?,
        run::OPEN_WHEN_READY => run::open_when_ready(arguments)?,
        "help" | "--help" | "-h" => print!("{HELP}"),
        other => bail!("no task is called {other:?}; `cargo xtask help` lists them"),
    }
    Ok(ExitCode::SUCCESS)
}
