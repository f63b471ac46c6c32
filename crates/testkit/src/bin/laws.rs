//! Tries the laws of the algebra on many random pairs of operations, on all cores.
#![allow(clippy::print_stdout, reason = "a program for a person")]

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use coboard_testkit::laws::coverage::{self, Coverage};
use coboard_testkit::laws::{Case, Law};
use coboard_testkit::{Taste, shrink};

const HELP: &str = "\
Tries the laws of the algebra on random pairs of operations.

Usage: laws [--pairs N] [--seed S] [--text]

  --pairs N   pairs without edits inside of strings; a quarter as many follow with them [100000]
  --seed S    the same seed gives the same pairs [1]
  --case N    this case alone, to repeat it
  --text      all pairs with edits inside of strings

A case is a document and operations that several people made on it at the same time. A pair is
two of them: it went through apply in both orders against a naive model, compose, invert, commit
and the laws of grouping. Pairs of composed operations and of undos come on top and do not count.";

/// Cases that a thread takes at a time.
const BATCH: u64 = 50;
/// Pairs of one case.
const CASE_PAIRS: u64 = 15;
/// Every combination that can be must come this often in so many pairs.
const HITS_MIN: u64 = 1_000;
const HITS_PAIRS: u64 = 20_000_000;
/// Combinations that came seldom are named up to this many.
const SELDOM_SHOWN: usize = 8;
/// Failures that are shrunk and shown.
const SHOWN_MAX: usize = 3;
/// Share of pairs with a conflict below which the run proves too little.
const MET_PERCENT_MIN: f64 = 5.0;
/// Share of the checks of L6 and L7 that text may bend; three times what is usual with texts this short.
const BENT_PERCENT_MAX: f64 = 0.06;

struct Settings {
    pairs: u64,
    seed: u64,
    case: Option<u64>,
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
    let mut coverage = Coverage::default();
    let tastes = if settings.text {
        vec![(Taste::Text, settings.pairs)]
    } else {
        let text = settings.pairs.div_ceil(4);
        vec![(Taste::Structure, settings.pairs), (Taste::Text, text)]
    };
    let mut passed = true;
    for (taste, pairs) in tastes {
        passed &= run(&settings, taste, pairs, &mut coverage);
    }
    passed &= settings.text || settings.case.is_some() || is_covered(&coverage, settings.pairs);
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
        case: None,
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
            "--case" => settings.case = Some(number()?),
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
    pairs: u64,
    met: u64,
    coverage: Coverage,
    /// Numbers of failing cases.
    failures: Vec<(u64, Law)>,
}

impl Tally {
    fn add(&mut self, number: u64, case: &Case, taste: Taste) {
        let outcome = case.check();
        self.pairs += outcome.pairs;
        self.met += outcome.met;
        self.coverage.join(&outcome.coverage);
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
        self.pairs += other.pairs;
        self.met += other.met;
        self.coverage.join(&other.coverage);
        self.failures.extend(other.failures);
        for index in 0..Law::ALL.len() {
            self.checks[index] += other.checks[index];
            self.failed[index] += other.failed[index];
            self.bent[index] += other.bent[index];
        }
    }
}

fn run(settings: &Settings, taste: Taste, pairs: u64, coverage: &mut Coverage) -> bool {
    let start = Instant::now();
    let (from, end) = match settings.case {
        Some(case) => (case, case + 1),
        None => (0, pairs.div_ceil(CASE_PAIRS)),
    };
    let next = AtomicU64::new(from);
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
    coverage.join(&tally.coverage);
    report(settings, taste, &mut tally, start.elapsed().as_secs_f64())
}

fn report(settings: &Settings, taste: Taste, tally: &mut Tally, seconds: f64) -> bool {
    let pairs = tally.pairs;
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
    let percent = |count: u64, of: u64| count as f64 * 100.0 / of.max(1) as f64;
    let met = percent(tally.met, pairs);
    let grouped = Law::ALL.iter().filter(|law| law.bends_for_text());
    let grouped: u64 = grouped.map(|law| tally.checks[*law as usize]).sum();
    let bent = percent(tally.bent.iter().sum(), grouped);
    println!("  pairs with a conflict: {met:.1} % (at least {MET_PERCENT_MIN} %)");
    println!("  {:.0} pairs/s, {seconds:.1} s", pairs as f64 / seconds);
    tally.failures.sort_unstable();
    for (number, law) in tally.failures.iter().take(SHOWN_MAX) {
        show(settings, taste, *number, *law);
    }
    let alone = settings.case.is_some();
    tally.failures.is_empty() && (alone || met > MET_PERCENT_MIN) && bent <= BENT_PERCENT_MAX
}

/// Whether everything that can meet has met often enough for a run of so many pairs.
fn is_covered(coverage: &Coverage, pairs: u64) -> bool {
    let least = HITS_MIN * pairs / HITS_PAIRS;
    let (mut reachable, mut reasons) = (Vec::new(), BTreeMap::new());
    let mut wrong = false;
    for (op, over, relation) in coverage::all() {
        let hits = coverage.hits(op, over, relation);
        match coverage::unreachable(op, over, relation) {
            None => reachable.push((hits, op, over, relation)),
            Some(reason) => {
                *reasons.entry(reason).or_insert(0) += 1;
                if hits > 0 {
                    println!("  {op:?} over {over:?}, {relation:?}: {hits} times, though {reason}");
                    wrong = true;
                }
            }
        }
    }
    reachable.sort_unstable_by_key(|(hits, ..)| *hits);
    println!(
        "Coverage: {} combinations of component, component and place",
        reachable.len()
    );
    let seldom = reachable
        .iter()
        .take_while(|(hits, ..)| *hits < least)
        .count();
    for (hits, op, over, relation) in reachable.iter().take(seldom.max(SELDOM_SHOWN)) {
        println!("  {hits:>10}  {op:?} over {over:?}, {relation:?}");
    }
    println!("  {seldom} came less than {least} times");
    for (reason, count) in reasons {
        println!("  {count} cannot be: {reason}");
    }
    seldom == 0 && !wrong
}

fn show(settings: &Settings, taste: Taste, number: u64, law: Law) {
    let text = match taste {
        Taste::Structure => "",
        Taste::Text => " --text",
    };
    println!("\n{} fails in case {number}", law.name());
    println!(
        "  repeat: laws --seed {} --case {number}{text}",
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
