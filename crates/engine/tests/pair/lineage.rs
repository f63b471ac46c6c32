//! A server that was set up again from a backup: its clients start from what it has now.

use serde_json::json;

use crate::world::World;

fn set(path: &str, value: i64) -> serde_json::Value {
    json!([{"set": {"path": path, "value": value}}])
}

/// Two clients at revision 4; the server knows only up to revision 2, and another one went on from there.
fn set_back() -> World {
    let mut world = World::new(&json!({"title": "Nodes"}), 3);
    for (number, key) in ["@0/a", "@0/b", "@0/c"].into_iter().enumerate() {
        world.edit(0, "edit", set(key, number as i64));
        world.settle();
    }
    world.disconnect(1);
    world.edit(1, "away", set("@0/away", 1));
    world.set_back(2);
    for peer in &mut world.peers {
        peer.acked.clear();
        peer.made.retain(|id| id.client.as_str() == "c1");
    }
    world.connect(2);
    world.settle();
    world
}

#[test]
fn a_lower_revision_of_another_history_is_not_gone_on_from() {
    let mut world = set_back();
    for number in 0..4 {
        world.edit(2, "edit", set("@0/other", number));
        world.settle();
    }
    world.connect(0);
    world.settle();
    assert_eq!(world.content(0), world.content(2), "the others' history");
    assert_eq!(world.content(0)["b"], json!(null), "not in the backup");
    world.check_converged();
    assert_eq!(
        world.content(0)["away"],
        1,
        "what was not sent yet goes on top"
    );
}

#[test]
fn what_was_acknowledged_and_did_not_come_back_is_offered_again() {
    let mut world = World::new(&json!({"title": "Nodes"}), 2);
    world.edit(0, "edit", set("@0/a", 1));
    world.deliver_up(0);
    world.store_append(Ok(()));
    while world.peers[0].acked.is_empty() {
        world.lose_down(0);
        world.deliver_down(0);
    }
    let [(id, revision)] = world.peers[0].acked.clone().try_into().expect("one");
    assert_eq!((id.sequence, revision), (1, 2));
    world.set_back(1);
    world.peers[0].acked.clear();
    world.edit(1, "edit", set("@0/b", 1));
    world.connect(1);
    world.settle();
    world.edit(1, "edit", set("@0/b", 2));
    world.check_converged();
    assert_eq!(world.content(1)["a"], 1);
    assert_eq!(world.peers[0].acked.len(), 1, "acknowledged once more");
}

/// The backup holds an operation whose answer was lost, and lacks what was there when it was made.
#[test]
fn what_both_histories_hold_is_acknowledged_and_not_sent_again() {
    let mut world = World::new(&json!({"title": "Nodes"}), 2);
    world.edit(
        0,
        "edit",
        json!([{"text": {"path": "@0/title", "delta": [5, "!"]}}]),
    );
    world.deliver_up(0);
    world.disconnect(0);
    world.store_append(Ok(()));
    world.edit(1, "edit", set("@0/b", 1));
    world.settle();
    world.edit(0, "later", set("@0/a", 1));
    world.set_back(2);
    for peer in &mut world.peers {
        peer.acked.clear();
        peer.made.retain(|id| id.client.as_str() == "c0");
    }
    world.connect(1);
    world.settle();
    world.connect(0);
    world.check_converged();
    let sequences: Vec<u64> = world.peers[0]
        .acked
        .iter()
        .map(|(id, _)| id.sequence)
        .collect();
    assert_eq!((sequences, world.peers[0].refused.len()), (vec![1, 2], 0));
    assert_eq!(world.content(1)["title"], "Nodes!");
}
