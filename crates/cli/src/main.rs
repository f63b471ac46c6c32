//! The binary `coboard`: starts a server, copies its database, and imports, exports and lists dashboards of a
//! running one.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage, 74 storage failed for good.

mod backup;
mod data;
mod remote;
mod serve;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Multiplayer dashboards.
#[derive(Parser, Debug)]
#[command(name = "coboard", version, arg_required_else_help = true)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    /// Runs a server until it is stopped with Ctrl-C or SIGTERM.
    Serve(serve::Options),
    /// Copies the database into a new file, also while a server uses it.
    Backup(backup::Options),
    /// Imports dashboards and prints one id per line.
    Import(remote::Import),
    /// Prints one dashboard as JSON.
    Export(remote::Export),
    /// Lists the dashboards.
    List(remote::List),
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Serve(options) => serve::run(options),
        Command::Backup(backup) => backup.run().map(|()| ExitCode::SUCCESS),
        Command::Import(import) => import.run().map(|()| ExitCode::SUCCESS),
        Command::Export(export) => export.run().map(|()| ExitCode::SUCCESS),
        Command::List(list) => list.run().map(|()| ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|error| {
        eprintln!("coboard: {error:#}");
        ExitCode::FAILURE
    })
}
