//! Edits of one gesture become one operation and one step of undo, as long as the server can take that.

use coboard_protocol::codec::components;
use coboard_protocol::limits::{OPERATION_BYTES_MAX, OPERATION_HEAD_BYTES_MAX};
use serde_json::json;

use crate::world::World;

/// Bytes of a paste: two of them are more than a text edit may insert at one place.
const PASTE: usize = 40 * 1024;

fn alone() -> World {
    let mut world = World::new(&json!({"text": "", "x": 0}), 1);
    world.connect(0);
    world.settle();
    world.disconnect(0);
    world
}

fn paste(world: &mut World, letter: &str) {
    let steps = json!([{"text": {"path": "@0/text", "delta": [letter.repeat(PASTE)]}}]);
    let request = json!({"label": "paste", "gesture": "sitting", "steps": steps});
    assert_eq!(world.edit_request(0, &request).error, None);
}

/// Every operation of the log is one that the server reads.
fn check_log(world: &World) {
    for entry in &world.store.log {
        let json = components::to_json(&entry.components);
        components::from_json(&json).expect("it is within the limits");
        let bytes = json.to_string().len();
        assert!(bytes <= OPERATION_BYTES_MAX - OPERATION_HEAD_BYTES_MAX);
    }
}

#[test]
fn what_one_pastes_in_one_sitting_is_no_operation_that_the_server_refuses() {
    let mut world = alone();
    for letter in ["a", "b", "c"] {
        paste(&mut world, letter);
    }
    let before = world.store.log.len();
    world.connect(0);
    world.settle();
    world.check_converged();
    assert_eq!(world.store.log.len() - before, 3);
    check_log(&world);
    let written = world.content(0)["text"].as_str().map(str::len);
    assert_eq!(written, Some(3 * PASTE));
    // Nor is what takes it back.
    while world.undo(0).id.is_some() {}
    world.settle();
    check_log(&world);
    assert_eq!(world.content(0)["text"], "");
    while world.redo(0).id.is_some() {}
    world.settle();
    check_log(&world);
    assert_eq!(world.content(0)["text"].as_str().map(str::len), written);
}

#[test]
fn what_writes_the_same_place_again_and_again_stays_one_operation() {
    let mut world = alone();
    for x in 1..=2_000 {
        let steps = json!([{"set": {"path": "@0/x", "value": x}}]);
        let request = json!({"label": "drag", "gesture": "drag", "steps": steps});
        assert_eq!(world.edit_request(0, &request).error, None);
    }
    let before = world.store.log.len();
    world.connect(0);
    world.settle();
    assert_eq!(world.store.log.len() - before, 1);
    world.undo(0);
    world.settle();
    assert_eq!(world.content(0)["x"], 0);
}
