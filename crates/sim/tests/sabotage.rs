//! Rules that are broken on purpose: the simulation must notice each within 2,000 seeds.

use std::panic::{AssertUnwindSafe, catch_unwind};

use coboard_engine::sabotage::set_pruning;
use coboard_sim::{Mode, Plan, Sabotage, World};

const SEEDS: u64 = 2_000;

/// How many seeds it takes.
fn noticed(sabotage: Option<Sabotage>) -> Option<u64> {
    (0..SEEDS).find(|seed| {
        let plan = Plan {
            sabotage,
            ..Plan::of_seed(*seed, Mode::Safety)
        };
        let world = World::new(*seed, plan);
        // A debug assertion of the engine notices too, but the checkers must do without.
        let played = catch_unwind(AssertUnwindSafe(|| world.run()));
        played.is_ok_and(|played| played.is_err())
    })
}

#[test]
fn a_server_that_forgets_what_it_has_is_noticed() {
    assert!(noticed(Some(Sabotage::Dedupe)).is_some());
}

#[test]
fn a_client_that_sees_no_gaps_is_noticed() {
    assert!(noticed(Some(Sabotage::Gaps)).is_some());
}

#[test]
fn a_device_that_forgets_which_numbers_are_used_is_noticed() {
    assert!(noticed(Some(Sabotage::Reserve)).is_some());
}

#[test]
fn a_device_that_forgets_what_waits_is_noticed() {
    assert!(noticed(Some(Sabotage::Queue)).is_some());
}

#[test]
fn a_room_that_commits_what_does_not_apply_is_noticed() {
    set_pruning(false);
    let noticed = noticed(None);
    set_pruning(true);
    assert!(noticed.is_some());
}
