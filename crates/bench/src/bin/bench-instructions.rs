//! Runs one case once, for callgrind to count: `bench-instructions NAME`, and `--names` lists them.
//!
//! Only what [`counted`] calls is collected (`--toggle-collect=*counted*`). One run goes before it,
//! so that what is allocated once is there. Prints how many operations the run is.
#![allow(clippy::print_stdout, reason = "a program of the command line")]

use std::process::ExitCode;

use coboard_bench::case::{Case, Kind};

fn main() -> ExitCode {
    let name = std::env::args().nth(1).unwrap_or_default();
    if name == "--names" {
        for entry in coboard_bench::cases() {
            if entry.kind == Kind::Core {
                println!("{}", entry.name);
            }
        }
        return ExitCode::SUCCESS;
    }
    let Some(entry) = coboard_bench::find(&name) else {
        println!("no case is called {name:?}");
        return ExitCode::FAILURE;
    };
    let mut case = (entry.make)();
    case.prepare();
    case.run();
    case.prepare();
    counted(&mut *case);
    println!("{}", case.units());
    ExitCode::SUCCESS
}

#[inline(never)]
fn counted(case: &mut dyn Case) {
    case.run();
}
