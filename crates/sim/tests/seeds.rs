//! Some hundred seeds at every run of the tests, and the same seed twice.

use coboard_sim::{Failure, Mode, Outcome, Plan, World};

const SEEDS: u64 = 300;

fn start() -> u64 {
    std::env::var("SEED").map_or(0, |seed| seed.parse().expect("SEED is a number"))
}

fn world(seed: u64, mode: Mode) -> World {
    World::new(seed, Plan::of_seed(seed, mode))
}

fn outcome(seed: u64, played: Result<Outcome, Box<Failure>>) -> Outcome {
    played.unwrap_or_else(|failure| {
        panic!(
            "{} in seed {seed}, repeat with SEED={seed}: {}",
            failure.checker, failure.seen
        )
    })
}

#[test]
fn promises_are_kept() {
    let (mut conflicts, mut refused, mut restored) = (0, 0, 0);
    for seed in start()..start() + SEEDS {
        let outcome = outcome(seed, world(seed, Mode::Safety).run());
        conflicts += outcome.conflicts;
        refused += outcome.refused;
        restored += outcome.restored;
    }
    assert!(conflicts > SEEDS, "only {conflicts} conflicts");
    assert!(refused > SEEDS / 2, "only {refused} were refused");
    assert!(restored > SEEDS / 2, "only {restored} were restored");
}

/// An edit of a gesture that goes on after a crash joins the operation that the device had kept of it.
#[test]
fn a_seed_that_once_misled_the_checker() {
    outcome(1_584_194, world(1_584_194, Mode::Safety).run());
}

#[test]
fn everybody_comes_to_rest_when_faults_end() {
    for seed in start()..start() + SEEDS {
        outcome(seed, world(seed, Mode::Liveness).run());
    }
}

#[test]
fn a_seed_is_one_story() {
    for seed in 0..20 {
        let run = || world(seed, Mode::Safety).run();
        assert_eq!(run(), run());
        let recorded = world(seed, Mode::Safety).recorded().play().1;
        assert_eq!(recorded, run(), "to keep lines changes nothing");
    }
}

#[test]
fn a_plan_is_read_as_it_was_written() {
    for seed in 0..50 {
        let plan = Plan::of_seed(seed, Mode::Liveness);
        assert_eq!(Plan::from_json(&plan.to_json()), Ok(plan));
    }
}

#[test]
fn runs_are_as_long_and_as_crowded_as_they_claim() {
    let plans = (0..2_000).map(|seed| Plan::of_seed(seed, Mode::Safety));
    let sizes: Vec<_> = plans
        .map(|plan| (plan.people.len(), plan.gestures()))
        .collect();
    assert!(sizes.iter().all(|(clients, _)| (2..=6).contains(clients)));
    assert!(
        sizes
            .iter()
            .all(|(_, gestures)| (20..=200).contains(gestures))
    );
    for clients in 2..=6 {
        assert!(
            sizes.iter().any(|(of, _)| *of == clients),
            "no run of {clients}"
        );
    }
    assert!(sizes.iter().any(|(_, gestures)| *gestures > 150));
}

#[test]
fn what_one_client_was_told_is_kept_for_another_engine() {
    let tapes = (0..20).filter_map(|seed| {
        let played = world(seed, Mode::Safety).taped().run();
        outcome(seed, played).tape
    });
    let tapes: Vec<String> = tapes.collect();
    assert!(tapes.len() > 10, "most first clients stay to the end");
    assert!(
        tapes
            .iter()
            .all(|tape| tape.contains("\"edit\"") && tape.contains("\"committed\""))
    );
}
