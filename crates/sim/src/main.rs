//! Runs simulations, one seed after the other, and says how to repeat what failed.
#![allow(clippy::print_stdout, reason = "a program for a person")]

use std::process::ExitCode;

use coboard_sim::{Outcome, World};

const HELP: &str = "\
Simulates clients, a room, storage and network from seeds.

Usage: coboard-sim run [--seeds N] [--start S] [--plan] [--log]

  --seeds N   how many seeds [1000]
  --start S   the first of them [0]
  --plan      print the faults of each run
  --log       print the log of each run that failed";

struct Settings {
    seeds: u64,
    start: u64,
    plan: bool,
    log: bool,
}

fn main() -> ExitCode {
    match settings() {
        Ok(settings) => run(&settings),
        Err(message) => {
            println!("{message}\n\n{HELP}");
            ExitCode::from(2)
        }
    }
}

fn settings() -> Result<Settings, String> {
    let mut settings = Settings {
        seeds: 1000,
        start: 0,
        plan: false,
        log: false,
    };
    let mut arguments = std::env::args().skip(1);
    if arguments.next().as_deref() != Some("run") {
        return Err("what to do? `run`".to_owned());
    }
    while let Some(argument) = arguments.next() {
        let mut number = || {
            let value = arguments.next().unwrap_or_default();
            value
                .parse()
                .map_err(|_| format!("{argument} wants a number"))
        };
        match argument.as_str() {
            "--seeds" => settings.seeds = number()?,
            "--start" => settings.start = number()?,
            "--plan" => settings.plan = true,
            "--log" => settings.log = true,
            _ => return Err(format!("unknown argument {argument}")),
        }
    }
    Ok(settings)
}

fn run(settings: &Settings) -> ExitCode {
    let mut sum = Outcome {
        events: 0,
        operations: 0,
        conflicts: 0,
        fingerprint: 0,
    };
    let mut failed = 0_u64;
    for seed in settings.start..settings.start + settings.seeds {
        let world = World::new(seed);
        if settings.plan {
            println!("seed {seed}: {:?}", world.plan());
        }
        match world.run() {
            Ok(outcome) => {
                sum.events += outcome.events;
                sum.operations += outcome.operations;
                sum.conflicts += outcome.conflicts;
                sum.fingerprint = sum.fingerprint.rotate_left(1) ^ outcome.fingerprint;
            }
            Err(failure) => {
                failed += 1;
                println!("{} in seed {seed}: {}", failure.checker, failure.seen);
                println!("  repeat: coboard-sim run --seeds 1 --start {seed} --plan --log");
                for line in failure.log.iter().filter(|_| settings.log) {
                    println!("  {line}");
                }
            }
        }
    }
    println!(
        "{} seeds, {failed} failed; {} events, {} operations, {} conflicts, fingerprint {:016x}",
        settings.seeds, sum.events, sum.operations, sum.conflicts, sum.fingerprint
    );
    if failed == 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
