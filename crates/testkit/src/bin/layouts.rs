//! Plays random concurrent edits of layouts on all cores and looks for widgets on each other.
#![allow(clippy::print_stdout, reason = "a program for a person")]

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use coboard_testkit::layouts::{EDITS_PER_CASE, Faults, Tally, play};

const HELP: &str = "\
Plays random concurrent edits of layouts and looks for widgets on each other.

Usage: layouts [--edits N] [--seed S] [--from N]

  --edits N   edits, in dashboards of 48 each [100000]
  --seed S    the same seed gives the same edits [1]
  --from N    number of the first dashboard, to repeat a single one [0]

The last line is the same for every build that settles alike.";

/// Cases that a thread takes at a time.
const BATCH: u64 = 50;
/// Share of edits with a correction below which the run proves too little.
const CORRECTED_PERCENT_MIN: u64 = 15;

struct Settings {
    edits: u64,
    seed: u64,
    from: u64,
}

fn main() -> ExitCode {
    let settings = match settings() {
        Ok(settings) => settings,
        Err(message) => {
            println!("{message}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let start = Instant::now();
    let tally = run(&settings);
    let seconds = start.elapsed().as_secs_f64();
    let percent = tally.corrected * 100 / tally.edits.max(1);
    println!("edits that needed a correction: {percent} % (at least {CORRECTED_PERCENT_MIN} %)");
    println!(
        "{:.0} edits/s, {seconds:.1} s",
        tally.edits as f64 / seconds
    );
    if let Some(number) = tally.failed {
        let seed = settings.seed;
        println!("repeat: layouts --seed {seed} --from {number} --edits {EDITS_PER_CASE}");
    }
    println!("{}", tally.line());
    let proves_enough = settings.edits <= EDITS_PER_CASE || percent >= CORRECTED_PERCENT_MIN;
    if tally.faults == Faults::default() && proves_enough {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn settings() -> Result<Settings, String> {
    let mut settings = Settings {
        edits: 100_000,
        seed: 1,
        from: 0,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let value = arguments.next().and_then(|value| value.parse().ok());
        let number = value.ok_or(format!("{argument} wants a number"));
        match argument.as_str() {
            "--edits" => settings.edits = number?,
            "--seed" => settings.seed = number?,
            "--from" => settings.from = number?,
            _ => return Err(format!("unknown argument {argument}")),
        }
    }
    Ok(settings)
}

fn run(settings: &Settings) -> Tally {
    let end = settings.from + settings.edits.div_ceil(EDITS_PER_CASE);
    let next = AtomicU64::new(settings.from);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        let work = || {
            let mut tally = Tally::default();
            loop {
                let from = next.fetch_add(BATCH, Ordering::Relaxed);
                if from >= end {
                    return tally;
                }
                tally.join(&play(settings.seed, from, BATCH.min(end - from)));
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            tally.join(&worker.join().expect("a case that panics fails the run"));
        }
    });
    tally
}
