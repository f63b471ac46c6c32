//! `coboard-soak`: long runs against a real server process, judged from outside.
//!
//! `kill` ends the server with SIGKILL again and again while clients write, and proves afterwards
//! that no acknowledged operation is lost, none is applied twice, and all see the same.
//!
//! Not here: cuts of power, failing disks, several nodes.
// A program for people: it prints.
#![allow(clippy::print_stdout)]

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};

mod board;
mod checker;
mod database;
mod edits;
mod kill;
mod log;
mod process;
mod record;
mod rest;
mod writer;

/// Long runs against a real server.
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    run: Run,
}

#[derive(Subcommand)]
enum Run {
    /// Kill the server during writes, start it again, and check that nothing acknowledged is lost.
    Kill(Kill),
}

/// Options of `kill`.
#[derive(clap::Args, Debug)]
struct Kill {
    /// How often to kill the server.
    #[arg(long, value_name = "N", default_value_t = 200)]
    cycles: u32,
    /// Decides edits and times; a random one if absent.
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// The server's program, `coboard`.
    #[arg(long, value_name = "PATH")]
    server_binary: PathBuf,
    /// How many dashboards are written to.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=64))]
    documents: u32,
    /// How many clients write, each to every dashboard.
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=64))]
    writers: u32,
    /// Operations per second, all clients together.
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    rate: u32,
    /// End after this many seconds, with the cycles done by then.
    #[arg(long, value_name = "SECONDS")]
    time_budget: Option<u64>,
}

fn main() -> ExitCode {
    let Arguments {
        run: Run::Kill(kill),
    } = Arguments::parse();
    let seed = kill.seed.unwrap_or_else(rand::random);
    println!("seed {seed}");
    let plan = kill::Plan {
        cycles: kill.cycles,
        seed,
        server_binary: kill.server_binary,
        documents: kill.documents,
        writers: kill.writers,
        rate: kill.rate,
        time_budget: kill.time_budget.map(Duration::from_secs),
    };
    match start(plan) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("coboard-soak: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(plan: kill::Plan) -> anyhow::Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(kill::run(plan))
}
