//! An undo that meets what others wrote while it was on its way: it loses.

use std::collections::BTreeMap;

use coboard_protocol::ot::attribution::Attribution;
use coboard_protocol::ot::{Document, ItemId};
use coboard_protocol::{Kind, OperationId, Revision};
use coboard_testkit::Random;
use serde_json::json;

use crate::undo::{board, check, edit};
use crate::world::World;

fn set(path: &str, value: &str) -> serde_json::Value {
    json!([{"set": {"path": path, "value": value}}])
}

/// One writes, the other one has it.
fn written() -> World {
    let mut world = World::new(&json!({"title": "old", "a": {"b": "1", "c": "1"}}), 2);
    world.edit(0, "write", set("@0/title", "mine"));
    world.settle();
    world
}

#[test]
fn an_undo_that_races_with_a_newer_value_loses() {
    for redo in [false, true] {
        let mut world = written();
        if redo {
            world.undo(0);
            world.settle();
        }
        world.edit(1, "write", set("@0/title", "theirs"));
        world.deliver_up(1);
        if redo {
            world.redo(0);
        } else {
            world.undo(0);
        }
        // On its way: the room brings it past the other one.
        world.deliver_up(0);
        // What is made on it goes the same way.
        world.edit(0, "more", set("@0/a/c", "2"));
        world.settle();
        assert_eq!(world.content(0)["title"], "theirs");
        assert_eq!(world.content(0)["a"]["c"], "2");
        world.check_converged();
        world.undo(0);
        world.settle();
        assert_eq!(world.content(1)["title"], "theirs");
        world.check_converged();
    }
}

#[test]
fn an_undo_that_waits_loses_too() {
    let mut world = written();
    world.disconnect(0);
    world.undo(0);
    assert_eq!(world.content(0)["title"], "old");
    world.edit(1, "write", set("@0/title", "theirs"));
    world.settle();
    world.check_converged();
    assert_eq!(world.content(0)["title"], "theirs");
}

#[test]
fn an_undo_keeps_what_others_wrote_inside_of_what_it_brings_back() {
    for offline in [false, true] {
        let mut world = World::new(&json!({"a": {"b": "1", "c": "1"}}), 2);
        let steps = json!([{"set": {"path": "@0/a", "value": {"b": "2", "c": "2"}}}]);
        world.edit(0, "write", steps);
        world.settle();
        if offline {
            world.disconnect(0);
        }
        world.edit(1, "write", set("@0/a/b", "theirs"));
        world.deliver_up(1);
        world.undo(0);
        world.edit(0, "more", set("@0/a/c", "3"));
        world.settle();
        world.check_converged();
        let a = world.content(1)["a"].clone();
        assert_eq!(a, json!({"b": "theirs", "c": "3"}), "offline: {offline}");
    }
}

/// Something of the first person is on its way, so that what follows waits in the queue.
fn waiting() -> World {
    let mut world = World::new(&json!({"title": "old", "a": "1"}), 2);
    world.settle();
    world.edit(0, "other", set("@0/a", "2"));
    world
}

/// The other one writes, and it is durable.
fn others_write(world: &mut World) {
    world.edit(1, "write", set("@0/title", "theirs"));
    world.deliver_up(1);
    assert!(world.store_append(Ok(())));
}

/// Typing into what the undo brought back: it is not there any more when the other one was first.
fn type_on(world: &mut World) {
    let steps = json!([{"text": {"path": "@0/title", "delta": [3, "!"]}}]);
    world.edit(0, "type", steps);
    assert_eq!(world.content(0)["title"], "old!");
}

fn check_uncovered(mut world: World) {
    world.settle();
    let expected = json!({"title": "theirs", "a": "2"});
    assert_eq!(world.content(0), expected);
    world.check_converged();
    world.undo(0);
    world.settle();
    assert_eq!(world.content(1), json!({"title": "theirs", "a": "1"}));
    world.check_converged();
}

#[test]
fn an_undo_of_a_queued_edit_brings_back_what_others_wrote_below_it() {
    let mut world = waiting();
    world.edit(0, "write", set("@0/title", "mine"));
    world.undo(0);
    assert_eq!(world.content(0)["title"], "old");
    type_on(&mut world);
    others_write(&mut world);
    while world.deliver_down(0) {}
    assert_eq!(world.content(0)["title"], "theirs");
    check_uncovered(world);
}

#[test]
fn an_edit_and_its_undo_in_one_submit_leave_what_others_wrote_below_it() {
    let mut world = waiting();
    world.deliver_up(0);
    assert!(world.store_append(Ok(())));
    world.edit(0, "write", set("@0/title", "mine"));
    world.undo(0);
    type_on(&mut world);
    // The edit and its undo go out together; then the other one is first.
    while world.deliver_down(0) {}
    others_write(&mut world);
    check_uncovered(world);
}

#[test]
fn a_step_that_waits_brings_back_what_others_wrote_below_its_edit() {
    let mut world = waiting();
    world.edit(0, "write", set("@0/title", "mine"));
    others_write(&mut world);
    while world.deliver_down(0) {}
    assert_eq!(world.content(0)["title"], "mine");
    world.undo(0);
    assert_eq!(world.content(0)["title"], "theirs");
    check_uncovered(world);
}

#[test]
fn an_edit_that_races_still_wins() {
    let mut world = written();
    world.edit(1, "write", set("@0/title", "theirs"));
    world.deliver_up(1);
    world.edit(0, "write", set("@0/title", "later"));
    world.settle();
    assert_eq!(world.content(1)["title"], "later");
    world.check_converged();
}

#[test]
fn an_undo_changes_nothing_that_was_written_while_it_was_on_its_way() {
    let (mut kept, mut raced) = (0, 0);
    for seed in 0..200 {
        let mut random = Random::new(seed, 11);
        let mut world = World::new(&board(), 3);
        world.settle();
        // What its author had when it was made.
        let mut known: BTreeMap<OperationId, Revision> = BTreeMap::new();
        for _ in 0..150 {
            let index = random.below(3);
            match random.below(12) {
                0..=3 => edit(&mut world, &mut random, index),
                4 | 5 => {
                    let revision = world.peers[index].machine.revision();
                    let made = match random.chance(60) {
                        true => world.undo(index),
                        false => world.redo(index),
                    };
                    known.extend(made.id.map(|id| (id, revision)));
                }
                6 => world.disconnect(index),
                7 => world.connect(index),
                8 => world.settle(),
                9 => drop(world.store_append(Ok(()))),
                10 => drop(world.deliver_up(index)),
                _ => drop(world.deliver_down(index)),
            }
        }
        world.check_converged();
        let found = check_races(&world, &known, seed);
        (kept, raced) = (kept + found.0, raced + found.1);
    }
    assert!(
        raced > 1_000 && kept > 1_500,
        "{raced} raced, {kept} cells kept"
    );
}

/// How many cells others wrote between an undo and its commit, all of which it left, and how many
/// undos such cells.
fn check_races(
    world: &World,
    known: &BTreeMap<OperationId, Revision>,
    seed: u64,
) -> (usize, usize) {
    let (mut kept, mut raced) = (0, 0);
    let mut before = Document::new();
    for (at, entry) in world.store.log.iter().enumerate() {
        let mut after = before.clone();
        after.apply(&entry.components);
        if let Some(revision) = known.get(&entry.id) {
            assert!(matches!(entry.meta.kind, Kind::Undo | Kind::Redo));
            let mut tags = Attribution::new();
            for between in &world.store.log[*revision as usize..at] {
                let other = between.id.client != entry.id.client;
                tags.fold(&between.components, other);
            }
            let cells = check(&tags, &before, &after, seed);
            (kept, raced) = (kept + cells, raced + usize::from(cells > 0));
        }
        before = after;
    }
    assert!(before.item(ItemId::ROOT).is_some());
    (kept, raced)
}
