//! A smaller run that fails in the same way.

use std::path::Path;
use std::time::{Duration, Instant};

use coboard_sim::{Failure, Plan};

use crate::arguments::Arguments;
use crate::cores;
use crate::file::{self, Saved};

/// Seeds that a smaller plan is tried with, at first and when these find nothing more: the way
/// there differs once something is left out.
const SEEDS: [u64; 2] = [12, 64];
/// Runs of all tries together, at most.
const TRIES_MAX: u64 = 60_000;
/// Seconds of all tries together, unless it is told.
const SECONDS: u64 = 100;

/// What may still be tried.
struct Budget {
    tries: u64,
    until: Instant,
}

impl Budget {
    fn is_spent(&self) -> bool {
        self.tries >= TRIES_MAX || Instant::now() >= self.until
    }
}

pub(crate) fn shrink(mut arguments: Arguments) -> Result<bool, String> {
    let path = arguments.word().ok_or("which file?")?;
    let seconds = arguments.number("--time-budget", SECONDS)?;
    arguments.finish()?;
    std::panic::set_hook(Box::new(|_| {}));
    let saved = file::load(&path)?;
    let Some(failure) = fails(saved.seed, &saved.plan, &saved.checker) else {
        println!("seed {} does not fail any more", saved.seed);
        return Ok(false);
    };
    let mut budget = Budget {
        tries: 0,
        until: Instant::now() + Duration::from_secs(seconds),
    };
    let (small, failure) = smallest(saved, failure, &mut budget);
    if budget.is_spent() {
        println!(
            "stopped after {} runs: it may get smaller yet",
            budget.tries
        );
    }
    println!(
        "{} in seed {}: {}",
        failure.checker, small.seed, failure.seen
    );
    println!("{}", small.plan.to_json());
    let path = format!("{}.small.jsonl", path.trim_end_matches(".jsonl"));
    let done = file::save(Path::new(&path), small.seed, &small.plan, &failure);
    done.map_err(|error| format!("cannot write {path}: {error}"))?;
    println!("{} gestures, saved as {path}", small.plan.gestures());
    Ok(true)
}

/// Takes every step that still fails, until none does.
fn smallest(
    mut saved: Saved,
    mut failure: Box<Failure>,
    budget: &mut Budget,
) -> (Saved, Box<Failure>) {
    for seeds in SEEDS {
        let (mut step, mut failed) = (0, 0);
        loop {
            let plans = saved.plan.smaller();
            if failed >= plans.len() || budget.is_spent() {
                break;
            }
            // After a step that was taken the next ones come first: those before it led nowhere.
            let plan = &plans[step % plans.len()];
            match first_that_fails(&saved, plan, seeds, budget) {
                Some((seed, why)) => {
                    (saved.seed, saved.plan, failure) = (seed, plan.clone(), why);
                    failed = 0;
                    tell(&saved, budget);
                }
                None => (step, failed) = (step + 1, failed + 1),
            }
        }
    }
    (saved, failure)
}

/// The first seed from that of the saved run on with which the plan fails in the same way.
fn first_that_fails(
    saved: &Saved,
    plan: &Plan,
    seeds: u64,
    budget: &mut Budget,
) -> Option<(u64, Box<Failure>)> {
    let fails = |seed| fails(seed, plan, &saved.checker);
    let (found, tries) = cores::first(saved.seed, seeds, fails);
    budget.tries += tries;
    found
}

fn tell(saved: &Saved, budget: &Budget) {
    let (gestures, people) = (saved.plan.gestures(), &saved.plan.people);
    println!(
        "{gestures} gestures of {people:?} after {} runs",
        budget.tries
    );
}

fn fails(seed: u64, plan: &Plan, checker: &str) -> Option<Box<Failure>> {
    file::failure(seed, plan).filter(|failure| failure.checker == checker)
}
