//! What an author is told about changes that met those of others.

use coboard_protocol::codec::conflicts::to_json;
use coboard_protocol::ot::Policy;
use serde_json::{Value as Json, json};

use crate::world::World;

/// Two people who set one cell at once; the first of them is committed.
fn contested(policies: &[(&str, &str)]) -> World {
    let mut world = World::new(&json!({"n": 5, "m": 5}), 2);
    world.policies(policies);
    for (index, value) in [(0, 6), (1, 7)] {
        set(&mut world, index, json!({}), value);
    }
    while world.deliver_up(0) {}
    world.store_append(Ok(()));
    world
}

/// Sets `n`, in an edit with other settings.
fn set(world: &mut World, index: usize, settings: Json, value: u64) {
    let mut request = settings;
    request["label"] = json!("set");
    request["steps"] = json!([{"set": {"path": "@0/n", "value": value}}]);
    world.edit_request(index, &request);
}

/// What a person was told: sequence, revision, and of each conflict winner and policy.
fn told(world: &World, index: usize) -> Vec<Json> {
    let tell = |conflict| {
        let json = to_json(conflict);
        json!([json["cell"], json["winner"], json["policy"]])
    };
    let met = world.peers[index].met.iter();
    met.map(|(id, revision, conflicts)| {
        let conflicts: Vec<Json> = conflicts.iter().map(tell).collect();
        json!([id.sequence, revision, conflicts])
    })
    .collect()
}

#[test]
fn the_author_is_told_what_an_edit_met_once() {
    let mut world = contested(&[("/n", "manual")]);
    world.settle();
    let expected = json!([1, 3, [["@0/n", "theirs", "manual"]]]);
    assert_eq!(told(&world, 1), [expected]);
    assert!(told(&world, 0).is_empty());
    assert_eq!(world.content(1)["n"], 6);
    world.check_converged();
}

#[test]
fn who_overwrote_somebody_is_told_too() {
    let mut world = contested(&[]);
    world.settle();
    let expected = json!([1, 3, [["@0/n", "mine", null]]]);
    assert_eq!(told(&world, 1), [expected]);
}

#[test]
fn it_is_told_by_the_entry_when_the_answer_is_lost() {
    let mut world = contested(&[("/n", "first")]);
    while world.deliver_up(1) {}
    world.disconnect(1);
    world.store_append(Ok(()));
    world.connect(1);
    world.settle();
    let expected = json!([1, 3, [["@0/n", "theirs", "first"]]]);
    assert_eq!(told(&world, 1), [expected]);
    world.check_converged();
}

#[test]
fn it_is_told_by_the_answer_when_the_entry_is_lost() {
    let mut world = contested(&[("/n", "first")]);
    while world.deliver_up(1) {}
    world.store_append(Ok(()));
    // The entries come first, then the answer.
    while world.peers[1].next_down().is_some_and(is_committed) {
        world.lose_down(1);
    }
    while world.deliver_down(1) {}
    let expected = json!([1, 3, [["@0/n", "theirs", "first"]]]);
    let expected = std::slice::from_ref(&expected);
    assert_eq!(told(&world, 1), expected);
    world.check_converged();
    assert_eq!(told(&world, 1), expected);
}

fn is_committed(input: &mut coboard_engine::client::Input) -> bool {
    matches!(input, coboard_engine::client::Input::Committed { .. })
}

#[test]
fn an_edit_may_ask_for_a_policy() {
    let mut world = World::new(&json!({"n": 5}), 2);
    set(&mut world, 0, json!({}), 6);
    set(&mut world, 1, json!({"policy": "first"}), 7);
    while world.deliver_up(0) {}
    world.store_append(Ok(()));
    world.settle();
    assert_eq!(world.content(1)["n"], 6);
    let last = world.store.log.last().expect("there are entries");
    assert_eq!(last.meta.policy.map(|word| word.0), Some(Policy::First));
}

#[test]
fn edits_of_a_gesture_under_two_policies_stay_apart() {
    let mut world = World::new(&json!({"n": 5}), 1);
    world.disconnect(0);
    for policy in ["first", "first", "lww"] {
        set(
            &mut world,
            0,
            json!({"policy": policy, "gesture": "g"}),
            6 + policy.len() as u64,
        );
    }
    assert_eq!(world.peers[0].machine.queue().len(), 2);
}
