//! One behaviour per test.

use coboard_engine::room::AppendFailure;
use coboard_protocol::ErrorCode;
use serde_json::{Value as Json, json};

use crate::world::World;

fn board() -> serde_json::Value {
    json!({
        "title": "Nodes",
        "panels": [
            {"id": 1, "title": "CPU", "gridPos": {"x": 0, "y": 0}, "text": "hello"},
            {"id": 2, "title": "Memory", "gridPos": {"x": 6, "y": 0}, "text": ""},
        ],
        "count": 1,
    })
}

/// The items of the board's list of panels, in order.
fn panels(world: &World, index: usize) -> Vec<String> {
    let machine = &world.peers[index].machine;
    let count = world.content(index)["panels"]
        .as_array()
        .map_or(0, Vec::len);
    (0..count)
        .map(|i| {
            machine
                .path_of(&[json!("panels"), json!(i)])
                .expect("it is there")
        })
        .collect()
}

#[test]
fn an_edit_shows_at_once_and_reaches_the_other() {
    let mut world = World::new(&board(), 2);
    world.edit(
        0,
        "rename",
        json!([{"set": {"path": "@0/title", "value": "Pods"}}]),
    );
    assert_eq!(world.content(0)["title"], "Pods");
    assert_eq!(world.content(1)["title"], "Nodes");
    world.settle();
    assert_eq!(world.content(1)["title"], "Pods");
    assert_eq!(world.peers[0].acked.len(), 1);
    world.check_converged();
}

#[test]
fn typing_into_one_text_merges() {
    let mut world = World::new(&board(), 2);
    let cell = format!("{}/text", panels(&world, 0)[0]);
    world.edit(
        0,
        "type",
        json!([{"text": {"path": cell, "delta": ["A "]}}]),
    );
    world.edit(
        1,
        "type",
        json!([{"text": {"path": cell, "delta": [5, " B"]}}]),
    );
    world.settle();
    assert_eq!(world.content(0)["panels"][0]["text"], "A hello B");
    world.check_converged();
}

#[test]
fn a_deleted_panel_keeps_the_edit_and_undo_shows_it() {
    let mut world = World::new(&board(), 2);
    let panel = panels(&world, 0)[0].clone();
    world.edit(
        0,
        "delete",
        json!([{"trash": {"item": panel.trim_start_matches('@')}}]),
    );
    world.edit(
        1,
        "rename",
        json!([{"set": {"path": format!("{panel}/title"), "value": "Load"}}]),
    );
    world.settle();
    assert_eq!(world.content(1)["panels"].as_array().map(Vec::len), Some(1));
    world.undo(0);
    world.settle();
    assert_eq!(world.content(1)["panels"][0]["title"], "Load");
    world.check_converged();
}

#[test]
fn undo_never_overwrites_somebody_elses_newer_value() {
    let mut world = World::new(&board(), 2);
    world.edit(
        0,
        "rename",
        json!([{"set": {"path": "@0/title", "value": "Mine"}}]),
    );
    world.settle();
    world.edit(
        1,
        "rename",
        json!([{"set": {"path": "@0/title", "value": "Theirs"}}]),
    );
    world.settle();
    assert_eq!(world.undo(0).id, None);
    world.settle();
    assert_eq!(world.content(0)["title"], "Theirs");
    world.check_converged();
}

#[test]
fn undo_and_redo_go_back_and_forth() {
    let mut world = World::new(&board(), 1);
    let before = world.content(0);
    let edited = world.edit(
        0,
        "add",
        json!([{"insert": {"list": "@0/panels", "value": {"title": "New", "tags": [1, 2]}}}]),
    );
    assert_eq!(edited.created.len(), 1);
    let after = world.content(0);
    assert_eq!(after["panels"][2]["tags"], json!([1, 2]));
    world.undo(0);
    assert_eq!(world.content(0), before);
    world.redo(0);
    assert_eq!(world.content(0), after);
    world.check_converged();
}

#[test]
fn one_gesture_is_one_step_of_undo() {
    let mut world = World::new(&board(), 1);
    let cell = format!("{}/text", panels(&world, 0)[0]);
    for (at, letter) in [(5, "!"), (6, "?")] {
        let steps = json!([{"text": {"path": cell, "delta": [at, letter]}}]);
        world.edit_request(
            0,
            &json!({"label": "type", "gesture": "g1", "steps": steps}),
        );
        world.settle();
    }
    assert_eq!(world.content(0)["panels"][0]["text"], "hello!?");
    world.undo(0);
    assert_eq!(world.content(0)["panels"][0]["text"], "hello");
    world.check_converged();
}

#[test]
fn a_lost_answer_does_not_double_the_operation() {
    let mut world = World::new(&board(), 2);
    world.edit(0, "count", json!([{"add": {"path": "@0/count", "by": 1}}]));
    assert!(world.deliver_up(0));
    assert!(world.store_append(Ok(())));
    world.disconnect(0);
    world.check_converged();
    assert_eq!(world.content(1)["count"], 2);
    assert_eq!(world.store.log.len(), 2);
    let acked: Vec<_> = world.peers[0].acked.iter().map(|(_, at)| *at).collect();
    assert_eq!(acked, [2], "it is told once that the operation is durable");
}

#[test]
fn a_lost_last_message_is_repaired_by_the_beacon() {
    let mut world = World::new(&board(), 2);
    world.edit(
        0,
        "rename",
        json!([{"set": {"path": "@0/title", "value": "Pods"}}]),
    );
    assert!(world.deliver_up(0));
    assert!(world.store_append(Ok(())));
    world.lose_down(1);
    world.settle();
    assert_eq!(world.content(1)["title"], "Nodes");
    world.pass(5_001);
    world.settle();
    assert_eq!(world.content(1)["title"], "Pods");
}

#[test]
fn a_failed_append_acknowledges_nothing_and_is_sent_again() {
    let mut world = World::new(&board(), 2);
    world.edit(
        0,
        "rename",
        json!([{"set": {"path": "@0/title", "value": "Pods"}}]),
    );
    assert!(world.deliver_up(0));
    assert!(world.store_append(Err(AppendFailure::Full)));
    while world.deliver_down(0) {}
    assert!(world.peers[0].acked.is_empty());
    assert_eq!(world.room.revision(), 1);
    world.pass(2_000);
    world.check_converged();
    assert_eq!(world.peers[0].acked.len(), 1);
}

#[test]
fn a_poison_edit_never_enters_the_queue() {
    let mut world = World::new(&board(), 1);
    for steps in [
        json!([{"set": {"path": "@0/title", "value": "x".repeat(70_000)}}]),
        json!([{"set": {"path": "@0/__proto__", "value": 1}}]),
        json!([{"set": {"path": "@0/title/x", "value": 1}}]),
        json!([{"set": {"path": "@99/x", "value": 1}}]),
        json!([{"add": {"path": "@0/title", "by": 1}}]),
        json!([{"text": {"path": "@0/title", "delta": [99, "x"]}}]),
        json!([{"insert": {"list": "@0/title", "value": 1}}]),
        json!([{"trash": {"item": "0"}}]),
        json!([{"set": {"path": "@0/title", "value": "first"}}, {"remove": {"path": "@7/x"}}]),
    ] {
        let edited = world.edit(0, "bad", steps);
        assert!(edited.error.is_some() && edited.id.is_none());
    }
    assert_eq!(world.content(0), board());
    world.check_converged();
    assert_eq!(world.store.log.len(), 1);
}

#[test]
fn a_refused_operation_blocks_nothing() {
    let mut world = World::new(&board(), 2);
    let panel = panels(&world, 0)[0].clone();
    // Something is under way, so the next two go out together.
    world.edit(0, "count", json!([{"add": {"path": "@0/count", "by": 1}}]));
    world.edit_request(
        0,
        &json!({"label": "atomic", "atomic": true, "steps": [
            {"set": {"path": format!("{panel}/gridPos/x"), "value": 3}},
            {"set": {"path": "@0/title", "value": "Mine"}},
        ]}),
    );
    world.edit(
        0,
        "rename",
        json!([{"set": {"path": format!("{panel}/title"), "value": "Load"}}]),
    );
    world.edit(
        1,
        "replace",
        json!([{"remove": {"path": format!("{panel}/gridPos")}}]),
    );
    while world.deliver_up(1) || world.store_append(Ok(())) || world.deliver_down(1) {}
    world.check_converged();
    assert_eq!(world.peers[0].rejected.len(), 1);
    let content = world.content(1);
    assert_eq!(
        (&content["title"], &content["panels"][0]["title"]),
        (&json!("Nodes"), &json!("Load"))
    );
    assert_eq!(content["count"], 2);
}

#[test]
fn nothing_moves_into_itself() {
    let rows = json!({"rows": [{"panels": [{"panels": []}]}], "free": []});
    let mut world = World::new(&rows, 1);
    let at = |world: &World, path: &[Json]| {
        let path = world.peers[0].machine.path_of(path);
        path.expect("it is there")
    };
    let outer = at(&world, &[json!("rows"), json!(0)]);
    let inner = at(
        &world,
        &[json!("rows"), json!(0), json!("panels"), json!(0)],
    );
    let item = outer.trim_start_matches('@').to_owned();
    for list in [format!("{outer}/panels"), format!("{inner}/panels")] {
        let edited = world.edit(0, "nest", json!([{"move": {"item": item, "list": list}}]));
        let code = edited.error.map(|error| error.code);
        assert_eq!((edited.id, code), (None, Some(ErrorCode::Op)), "{list}");
    }
    // In one edit the inner one may leave first.
    let inner_item = inner.trim_start_matches('@');
    let steps = json!([
        {"move": {"item": inner_item, "list": "@0/free"}},
        {"move": {"item": item, "list": format!("{inner}/panels")}},
    ]);
    assert_eq!(world.edit(0, "turn", steps).error, None);
    world.check_converged();
    assert_eq!(
        world.content(0),
        json!({"rows": [], "free": [{"panels": [{"panels": []}]}]})
    );
}

#[test]
fn two_moves_into_each_other_lose_nothing() {
    let rows = json!({"rows": [{"name": "a", "panels": []}, {"name": "b", "panels": []}]});
    let mut world = World::new(&rows, 2);
    let at = |world: &World, index: usize| {
        world.peers[0]
            .machine
            .path_of(&[json!("rows"), json!(index)])
            .expect("it is there")
    };
    let (a, b) = (at(&world, 0), at(&world, 1));
    let bare = |path: &str| path.trim_start_matches('@').to_owned();
    world.edit(
        0,
        "nest",
        json!([{"move": {"item": bare(&a), "list": format!("{b}/panels")}}]),
    );
    world.edit(
        1,
        "nest",
        json!([{"move": {"item": bare(&b), "list": format!("{a}/panels")}}]),
    );
    world.check_converged();
    assert_eq!(
        world.content(0)["rows"][0]["panels"]
            .as_array()
            .map(Vec::len),
        Some(1)
    );
    assert!(
        world
            .store
            .log
            .iter()
            .any(|entry| !entry.conflicts.is_empty())
    );
}
