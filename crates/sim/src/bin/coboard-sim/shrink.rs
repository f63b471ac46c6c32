//! A smaller run that fails in the same way.

use std::path::Path;

use coboard_sim::{Failure, Plan};

use crate::arguments::Arguments;
use crate::file::{self, Saved};

/// Seeds that a smaller plan is tried with: the way there differs once something is left out.
const SEEDS: u64 = 64;

pub(crate) fn shrink(mut arguments: Arguments) -> Result<bool, String> {
    let path = arguments.word().ok_or("which file?")?;
    arguments.finish()?;
    std::panic::set_hook(Box::new(|_| {}));
    let saved = file::load(&path)?;
    let Some(failure) = fails(saved.seed, &saved.plan, &saved.checker) else {
        println!("seed {} does not fail any more", saved.seed);
        return Ok(false);
    };
    let (small, failure) = smallest(saved, failure);
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
fn smallest(mut saved: Saved, mut failure: Box<Failure>) -> (Saved, Box<Failure>) {
    loop {
        let tries = saved.plan.smaller().into_iter().flat_map(|plan| {
            let others = saved.seed + 1..=saved.seed + SEEDS;
            std::iter::once(saved.seed)
                .chain(others)
                .map(move |seed| (seed, plan.clone()))
        });
        let mut found = tries.filter_map(|(seed, plan)| {
            let failure = fails(seed, &plan, &saved.checker)?;
            Some((seed, plan, failure))
        });
        let Some((seed, plan, why)) = found.next() else {
            break;
        };
        drop(found);
        (saved.seed, saved.plan, failure) = (seed, plan, why);
        println!(
            "{} gestures of {:?}",
            saved.plan.gestures(),
            saved.plan.people
        );
    }
    (saved, failure)
}

fn fails(seed: u64, plan: &Plan, checker: &str) -> Option<Box<Failure>> {
    file::failure(seed, plan).filter(|failure| failure.checker == checker)
}
