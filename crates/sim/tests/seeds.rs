//! A few hundred seeds at every run of the tests, and the same seed twice.

use coboard_sim::World;

const SEEDS: u64 = 300;

#[test]
fn promises_are_kept() {
    let start = std::env::var("SEED").map_or(0, |seed| seed.parse().expect("SEED is a number"));
    let mut conflicts = 0;
    for seed in start..start + SEEDS {
        match World::new(seed).run() {
            Ok(outcome) => conflicts += outcome.conflicts,
            Err(failure) => panic!(
                "{} in seed {seed}, repeat with SEED={seed}: {}",
                failure.checker, failure.seen
            ),
        }
    }
    assert!(conflicts > SEEDS, "only {conflicts} conflicts");
}

#[test]
fn a_seed_is_one_story() {
    for seed in 0..20 {
        assert_eq!(World::new(seed).run(), World::new(seed).run());
    }
}
