//! Many seeds, and what came of them.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use coboard_sim::{Failure, Mode, Plan, Sabotage, World};

use crate::arguments::Arguments;
use crate::cores::{self, Played, Portions};
use crate::file;

/// Characters of what is told of each.
const TOLD_CHARS_MAX: usize = 600;
/// Failures that are told; the others are counted.
const TOLD_MAX: u64 = 10;

struct Settings {
    portions: Portions,
    mode: Mode,
    twice: bool,
    failures: Option<PathBuf>,
    sabotage: Option<Sabotage>,
}

/// What all seeds together came to.
#[derive(Default)]
struct Sum {
    seeds: u64,
    failed: u64,
    events: u64,
    operations: u64,
    conflicts: u64,
    refused: u64,
    restored: u64,
    rest_ms: u64,
    /// Over all traces, in any order.
    trace: u64,
    /// The first seed that failed.
    first: Option<u64>,
}

pub(crate) fn run(mut arguments: Arguments) -> Result<bool, String> {
    let budget: u64 = arguments.number("--time-budget", 0)?;
    let settings = Settings {
        portions: Portions {
            seeds: arguments.number("--seeds", 1_000)?,
            start: arguments.number("--start", 0)?,
            jobs: arguments.number("--jobs", cores::count())?,
            budget: (budget > 0).then(|| Duration::from_secs(budget)),
        },
        mode: arguments.mode()?,
        twice: arguments.flag("--twice"),
        failures: arguments.text("--failures")?.map(PathBuf::from),
        sabotage: arguments.sabotage()?,
    };
    arguments.finish()?;
    // Panics are told with their seed.
    std::panic::set_hook(Box::new(|_| {}));
    let began = Instant::now();
    let sum = play_all(&settings);
    print(&sum, began.elapsed());
    Ok(sum.failed == 0)
}

fn play_all(settings: &Settings) -> Sum {
    let plan = |seed| Plan {
        sabotage: settings.sabotage,
        ..Plan::of_seed(seed, settings.mode)
    };
    let mut sum = Sum::default();
    let play = |seed, plan: Plan| play_seed(seed, plan, settings.twice);
    settings.portions.each(plan, play, |seed, played| {
        sum.seeds += 1;
        match played {
            Ok(outcome) => {
                sum.events += outcome.events;
                sum.operations += outcome.operations;
                sum.conflicts += outcome.conflicts;
                sum.refused += outcome.refused;
                sum.restored += outcome.restored;
                sum.rest_ms = sum.rest_ms.max(outcome.rest_ms);
                sum.trace = sum
                    .trace
                    .wrapping_add(outcome.trace.rotate_left(seed as u32 & 63));
            }
            Err(failure) => {
                sum.failed += 1;
                sum.first = Some(sum.first.map_or(seed, |first| first.min(seed)));
                tell(seed, &failure, sum.failed);
                if let Some(folder) = &settings.failures {
                    save(folder, seed, &plan(seed), &failure);
                }
            }
        }
    });
    sum
}

fn play_seed(seed: u64, plan: Plan, twice: bool) -> Played {
    let first = cores::play(World::new(seed, plan.clone()));
    if !twice {
        return first;
    }
    let second = cores::play(World::new(seed, plan));
    if first == second {
        return first;
    }
    Err(Box::new(Failure {
        checker: "deterministic",
        seen: format!("{first:?} and then {second:?}"),
        trace: 0,
        log: Vec::new(),
    }))
}

fn tell(seed: u64, failure: &Failure, count: u64) {
    if count <= TOLD_MAX {
        let seen: String = failure.seen.chars().take(TOLD_CHARS_MAX).collect();
        println!("{} in seed {seed}: {seen}", failure.checker);
    }
}

fn save(folder: &Path, seed: u64, plan: &Plan, failure: &Failure) {
    match file::save(&folder.join(format!("{seed}.jsonl")), seed, plan, failure) {
        Ok(()) => {}
        Err(error) => println!("cannot save the events of seed {seed}: {error}"),
    }
}

fn print(sum: &Sum, elapsed: Duration) {
    let seconds = elapsed.as_secs_f64();
    println!(
        "{} seeds, {} failed; {} operations, {} conflicts, {} refused, {} restored, {} events; \
         at rest within {} ms; trace {:016x}; {:.1} s, {:.0} seeds/s",
        sum.seeds,
        sum.failed,
        sum.operations,
        sum.conflicts,
        sum.refused,
        sum.restored,
        sum.events,
        sum.rest_ms,
        sum.trace,
        seconds,
        sum.seeds as f64 / seconds
    );
    if let Some(first) = sum.first {
        println!("the first that failed: --seeds 1 --start {first}");
    }
}
