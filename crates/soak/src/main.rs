//! `coboard-soak`: long runs against a real server process, judged from outside.
//!
//! `kill` ends the server with SIGKILL again and again while clients write, and proves afterwards
//! that no acknowledged operation is lost, none is applied twice, and all see the same. In the
//! others a proxy between clients and server spoils the network: `cut-replies` loses answers,
//! `holes` broadcasts, `offline` everything for as long as a queue takes to fill. `deaths` ends
//! sessions without a word, and looks how long others still see them. `restore` goes back to a backup
//! under the eyes of clients that know more. `presence` measures what large rooms cost.
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
mod cut_replies;
mod database;
mod deaths;
mod edits;
mod holes;
mod kill;
mod line;
mod log;
mod memory;
mod offline;
mod presence;
mod process;
mod proxy;
mod record;
mod rest;
mod restore;
mod stage;
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
    /// Lose the answers to submits, and check that each operation is applied once.
    CutReplies(cut_replies::Arguments),
    /// Lose broadcasts, also the last one, and check that no client applies a gap.
    Holes(holes::Arguments),
    /// Fill the queue of a client without a network, and measure how it drains.
    Offline(offline::Arguments),
    /// End sessions without a word, and check that nobody sees them for long.
    Deaths(deaths::Arguments),
    /// Lose the server, start one on a backup, and check that no client takes it for the old history.
    Restore(restore::Arguments),
    /// Measure what presence costs the server, and what edits feel of it.
    Presence(presence::Arguments),
    /// A process of `deaths`.
    #[command(hide = true)]
    Mortal(deaths::Mortal),
}

/// Options of the runs with a proxy.
#[derive(clap::Args, Debug)]
struct Common {
    /// Decides edits, faults and times; a random one if absent.
    #[arg(long, value_name = "S")]
    seed: Option<u64>,
    /// The server's program, `coboard`.
    #[arg(long, value_name = "PATH")]
    server_binary: PathBuf,
}

impl Common {
    /// The seed of this run, told so that it can be repeated.
    fn seed(&self) -> u64 {
        let seed = self.seed.unwrap_or_else(rand::random);
        println!("seed                     {seed}");
        seed
    }
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
    match start(Arguments::parse().run) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("coboard-soak: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn start(run: Run) -> anyhow::Result<bool> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        match run {
            Run::Kill(kill) => kill::run(kill.plan()).await,
            Run::CutReplies(arguments) => cut_replies::run(arguments).await,
            Run::Holes(arguments) => holes::run(arguments).await,
            Run::Offline(arguments) => offline::run(arguments).await,
            Run::Deaths(arguments) => deaths::run(arguments).await,
            Run::Restore(arguments) => restore::run(arguments).await,
            Run::Presence(arguments) => presence::run(arguments).await,
            Run::Mortal(arguments) => deaths::live(arguments).await,
        }
    })
}

impl Kill {
    fn plan(self) -> kill::Plan {
        let seed = self.seed.unwrap_or_else(rand::random);
        println!("seed {seed}");
        kill::Plan {
            cycles: self.cycles,
            seed,
            server_binary: self.server_binary,
            documents: self.documents,
            writers: self.writers,
            rate: self.rate,
            time_budget: self.time_budget.map(Duration::from_secs),
        }
    }
}
