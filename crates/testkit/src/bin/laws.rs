//! Tries the laws of the algebra on many random pairs of operations, on all cores.
#![allow(clippy::print_stdout, reason = "a program for a person")]

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use coboard_testkit::laws::{Case, Law};
use coboard_testkit::{Taste, shrink};

const HELP: &str = "\
Tries the laws of the algebra on random pairs of operations.

Usage: laws [--pairs N] [--seed S] [--text]

  --pairs N   pairs without edits inside of strings; a quarter as many follow with them [100000]
  --seed S    the same seed gives the same pairs [1]
  --from N    number of the first pair, to repeat a single one [0]
  --text      all pairs with edits inside of strings";

/// Pairs that a thread takes at a time.
const BATCH: u64 = 500;
/// Failures that are shrunk and shown.
const SHOWN_MAX: usize = 3;
/// Share of pairs with a conflict below which the run proves too little.
const MET_PERCENT_MIN: f64 = 5.0;
/// Share of pairs whose text may bend L6 or L7; three times what is usual with texts this short.
const BENT_PERCENT_MAX: f64 = 0.1;

struct Settings {
    pairs: u64,
    seed: u64,
    from: u64,
    text: bool,
}

fn main() -> ExitCode {
    let settings = match settings() {
        Ok(settings) => settings,
        Err(message) => {
            println!("{message}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    let passed = if settings.text {
        run(&settings, Taste::Text, settings.pairs)
    } else {
        let structure = run(&settings, Taste::Structure, settings.pairs);
        run(&settings, Taste::Text, settings.pairs.div_ceil(4)) && structure
    };
    if passed {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn settings() -> Result<Settings, String> {
    let mut settings = Settings {
        pairs: 100_000,
        seed: 1,
        from: 0,
        text: false,
    };
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        let mut number = || {
            let value = arguments
                .next()
                .ok_or(format!("{argument} wants a number"))?;
            value
                .parse()
                .map_err(|_| format!("{argument} wants a number, not {value}"))
        };
        match argument.as_str() {
            "--pairs" => settings.pairs = number()?,
            "--seed" => settings.seed = number()?,
            "--from" => settings.from = number()?,
            "--text" => settings.text = true,
            _ => return Err(format!("unknown argument {argument}")),
        }
    }
    Ok(settings)
}

/// What many cases came to.
#[derive(Default)]
struct Tally {
    checks: [u64; Law::ALL.len()],
    failed: [u64; Law::ALL.len()],
    bent: [u64; Law::ALL.len()],
    met: u64,
    /// Numbers of failing cases.
    failures: Vec<(u64, Law)>,
}

impl Tally {
    fn add(&mut self, number: u64, case: &Case, taste: Taste) {
        let outcome = case.check();
        self.met += u64::from(outcome.met);
        for (sum, checks) in self.checks.iter_mut().zip(outcome.checks) {
            *sum += checks;
        }
        for (law, _) in outcome.failures {
            if taste == Taste::Text && law.bends_for_text() {
                self.bent[law as usize] += 1;
                continue;
            }
            self.failed[law as usize] += 1;
            if self.failures.last() != Some(&(number, law)) {
                self.failures.push((number, law));
            }
        }
    }

    fn join(&mut self, other: Self) {
        self.met += other.met;
        self.failures.extend(other.failures);
        for index in 0..Law::ALL.len() {
            self.checks[index] += other.checks[index];
            self.failed[index] += other.failed[index];
            self.bent[index] += other.bent[index];
        }
    }
}

fn run(settings: &Settings, taste: Taste, pairs: u64) -> bool {
    let start = Instant::now();
    let next = AtomicU64::new(settings.from);
    let end = settings.from + pairs;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut tally = Tally::default();
    std::thread::scope(|scope| {
        let work = || {
            let mut tally = Tally::default();
            loop {
                let batch = next.fetch_add(BATCH, Ordering::Relaxed);
                if batch >= end {
                    return tally;
                }
                for number in batch..end.min(batch + BATCH) {
                    let case = Case::random(settings.seed, number, taste);
                    tally.add(number, &case, taste);
                }
            }
        };
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
        for worker in workers {
            tally.join(worker.join().expect("a law that panics fails the run"));
        }
    });
    report(
        settings,
        taste,
        pairs,
        &mut tally,
        start.elapsed().as_secs_f64(),
    )
}

fn report(settings: &Settings, taste: Taste, pairs: u64, tally: &mut Tally, seconds: f64) -> bool {
    println!("{taste:?}, {pairs} pairs, seed {}", settings.seed);
    println!(
        "  {:<18}{:>14}{:>10}{:>10}",
        "law", "checks", "failures", "inherent"
    );
    for law in Law::ALL {
        let index = law as usize;
        let (checks, failed, bent) = (tally.checks[index], tally.failed[index], tally.bent[index]);
        println!("  {:<18}{checks:>14}{failed:>10}{bent:>10}", law.name());
    }
    let percent = |count: u64| count as f64 * 100.0 / pairs.max(1) as f64;
    let met = percent(tally.met);
    let bent = percent(tally.bent.iter().sum());
    println!("  pairs with a conflict: {met:.1} % (at least {MET_PERCENT_MIN} %)");
    println!("  {:.0} pairs/s, {seconds:.1} s", pairs as f64 / seconds);
    tally.failures.sort_unstable();
    for (number, law) in tally.failures.iter().take(SHOWN_MAX) {
        show(settings, taste, *number, *law);
    }
    let alone = pairs == 1;
    tally.failures.is_empty() && (alone || met > MET_PERCENT_MIN) && bent <= BENT_PERCENT_MAX
}

fn show(settings: &Settings, taste: Taste, number: u64, law: Law) {
    let text = match taste {
        Taste::Structure => "",
        Taste::Text => " --text",
    };
    println!("\n{} fails in pair {number}", law.name());
    println!(
        "  repeat: laws --seed {} --from {number} --pairs 1{text}",
        settings.seed
    );
    let case = shrink(&Case::random(settings.seed, number, taste), law);
    println!("  shrunk: {case:#?}");
    for (failed, seen) in case.check().failures {
        if failed == law {
            println!("  {seen}");
        }
    }
}
