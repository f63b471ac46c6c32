//! An own operation that waits is given up.

use coboard_protocol::ErrorCode;
use serde_json::json;

use crate::world::World;

fn set(key: &str) -> serde_json::Value {
    json!([{"set": {"path": format!("@0/{key}"), "value": 1}}])
}

#[test]
fn one_that_was_never_sent_is_taken_back_and_listed_and_the_others_arrive() {
    for connected in [false, true] {
        let mut world = World::new(&json!({}), 2);
        if !connected {
            world.disconnect(0);
        }
        world.edit(0, "a", set("a"));
        let given_up = world.edit(0, "b", set("b")).id.expect("it was made");
        world.edit(0, "c", set("c"));
        world.discard(0, given_up.clone());
        assert_eq!(world.content(0), json!({"a": 1, "c": 1}));
        let queue = world.peers[0].machine.queue();
        assert!(queue.iter().all(|queued| queued.id != given_up));
        if !connected {
            world.connect(0);
        }
        world.settle();
        // The gap that it left costs a new session.
        world.pass(0);
        world.settle();
        assert_eq!(world.content(1), json!({"a": 1, "c": 1}));
        let peer = &world.peers[0];
        assert_eq!(peer.machine.status().pending_count, 0);
        let [(id, error)] = &peer.rejected[..] else {
            panic!("{:?} is listed, and nothing else", peer.rejected);
        };
        assert_eq!((id, error.code), (&given_up, ErrorCode::Discarded));
        assert_eq!(peer.refused[0].operation.id, given_up);
        world.check_converged();
        assert!(world.peers[0].acked.iter().all(|(id, _)| *id != given_up));
    }
}

#[test]
fn what_was_made_on_it_stays_where_it_can() {
    let mut world = World::new(&json!({"text": "ab"}), 2);
    world.disconnect(0);
    let first = json!([{"text": {"path": "@0/text", "delta": [1, "XY"]}}]);
    let given_up = world.edit(0, "first", first).id.expect("it was made");
    let second = json!([{"text": {"path": "@0/text", "delta": [2, "z"]}}, {"set": {"path": "@0/n", "value": 1}}]);
    world.edit(0, "second", second);
    assert_eq!(world.content(0), json!({"text": "aXzYb", "n": 1}));
    world.discard(0, given_up);
    assert_eq!(world.content(0), json!({"text": "azb", "n": 1}));
    world.connect(0);
    world.settle();
    world.pass(0);
    world.settle();
    assert_eq!(world.content(1), json!({"text": "azb", "n": 1}));
    world.check_converged();
}

#[test]
fn one_that_may_have_arrived_stays() {
    let mut world = World::new(&json!({}), 2);
    let sent = world.edit(0, "a", set("a")).id.expect("it was made");
    let may_be_known = |world: &World| world.peers[0].machine.queue()[0].sent;
    assert!(may_be_known(&world));
    world.discard(0, sent.clone());
    world.disconnect(0);
    assert!(may_be_known(&world));
    world.discard(0, sent);
    assert_eq!(world.content(0), json!({"a": 1}));
    world.connect(0);
    world.settle();
    assert_eq!(world.content(1), json!({"a": 1}));
    assert_eq!(world.peers[0].rejected, []);
    world.check_converged();
}
