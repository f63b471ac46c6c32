//! A client whose committed document is not the server's finds out, says so, and recovers.

use coboard_engine::client::Input;
use coboard_protocol::limits::HEAD_BEACON_MS;
use coboard_protocol::ot::{Change, Components, ItemId, Path, Value};
use serde_json::{Value as Json, json};

use crate::world::World;

fn world() -> World {
    World::new(&json!({"title": "a", "text": "hello", "count": 1}), 2)
}

fn set(world: &mut World, index: usize, path: &str, value: &Json) {
    let steps = json!([{"set": {"path": format!("@0/{path}"), "value": value}}]);
    world.edit(index, "set", steps);
}

fn insert(world: &mut World, index: usize, at: u64, text: &str) {
    let steps = json!([{"text": {"path": "@0/text", "delta": [at, text]}}]);
    world.edit(index, "type", steps);
}

/// The next entry reaches client 1 with a stowaway: from now on it has what nobody else has.
fn corrupt(world: &mut World) {
    set(world, 0, "title", &json!("b"));
    while world.deliver_up(0) {}
    assert!(world.store_append(Ok(())));
    let path = Path::of(["stowaway"]);
    let change = Change::Set {
        old: None,
        new: Some(Value::Bool(true)),
    };
    let Some(Input::Committed { message }) = world.peers[1].next_down() else {
        panic!("the entry is on its way");
    };
    let components = &mut message.entries[0].components;
    *components = coboard_protocol::ot::compose(
        std::mem::take(components),
        &Components::of_cell(ItemId::ROOT, path, change),
    );
    world.settle();
    assert_eq!(world.content(1)["stowaway"], json!(true));
}

fn beacon(world: &mut World) {
    world.pass(HEAD_BEACON_MS);
    rest(world);
}

/// Also what a timeout of this very moment brings.
fn rest(world: &mut World) {
    world.settle();
    world.pass(0);
    world.settle();
}

#[test]
fn who_differs_tells_and_takes_the_document_anew() {
    let mut world = world();
    corrupt(&mut world);
    beacon(&mut world);
    assert_eq!(world.peers[1].diverged, [2_u64]);
    assert_eq!(world.peers[1].machine.divergences(), 1);
    assert_eq!(world.content(1).get("stowaway"), None);
    assert!(world.peers[0].diverged.is_empty());
    world.check_converged();
    set(&mut world, 0, "title", &json!("c"));
    set(&mut world, 1, "count", &json!(2));
    world.settle();
    beacon(&mut world);
    beacon(&mut world);
    assert_eq!(world.peers[1].diverged, [2_u64]);
    world.check_converged();
}

/// The snapshot is older than what the client has: what it holds back must not be moved over the
/// same entries a second time.
#[test]
fn what_is_not_committed_stays_where_it_was_made() {
    let mut world = world();
    insert(&mut world, 0, 0, "well, ");
    world.settle();
    corrupt(&mut world);
    world.pass(HEAD_BEACON_MS);
    // It has found out, and has no session to send these in.
    while world.deliver_down(1) {}
    assert_eq!(world.peers[1].diverged, [3_u64]);
    insert(&mut world, 1, 11, " world");
    set(&mut world, 1, "count", &json!(7));
    rest(&mut world);
    world.check_converged();
    let content = world.content(0);
    assert_eq!(
        (&content["text"], &content["count"]),
        (&json!("well, hello world"), &json!(7))
    );
    assert_eq!(content.get("stowaway"), None);
    assert_eq!(world.peers[1].machine.divergences(), 1);
    assert_eq!(world.peers[1].acked.len(), 2);
    assert!(world.peers[1].rejected.is_empty());
}

/// Client 1 differs at revision 11, knows it, and holds back a text edit; then others go on.
fn behind() -> World {
    let mut world = world();
    insert(&mut world, 1, 5, "!");
    world.settle();
    for count in 2..=5 {
        set(&mut world, 0, "count", &json!(count));
        insert(&mut world, 0, 0, "+ ");
        world.settle();
    }
    corrupt(&mut world);
    world.pass(HEAD_BEACON_MS);
    while world.deliver_down(1) {}
    assert_eq!(world.peers[1].diverged, [11_u64]);
    world.disconnect(1);
    insert(&mut world, 1, 13, " world");
    for count in 0..9 {
        insert(&mut world, 0, 0, "- ");
        set(&mut world, 0, "count", &json!(count));
        while world.deliver_up(0) {}
        while world.store_append(Ok(())) {}
        while world.deliver_down(0) {}
    }
    world.connect(1);
    world
}

const BEHIND: &str = "- - - - - - - - - + + + + hello world!";

/// What others did from below the revision where it differed to beyond comes as one segment.
#[test]
fn a_segment_that_spans_where_it_was_made_is_not_moved_over() {
    let mut world = behind();
    rest(&mut world);
    world.check_converged();
    assert_eq!(world.content(0)["text"], json!(BEHIND));
    assert_eq!(world.peers[1].machine.divergences(), 1);
    assert!(world.peers[1].rejected.is_empty());
}

/// The document at hand is older than the view until the entries come.
#[test]
fn edits_made_while_it_catches_up_stand_on_what_is_seen() {
    let mut world = behind();
    while world.peers[1].machine.revision() != 1 {
        assert!(world.deliver_up(1) || world.deliver_down(1));
    }
    assert_eq!(world.content(1)["text"], json!("+ + + + hello world!"));
    insert(&mut world, 1, 20, "?");
    // A new session begins with what others did as one segment.
    world.disconnect(1);
    world.connect(1);
    rest(&mut world);
    world.check_converged();
    assert_eq!(world.content(0)["text"], json!(format!("{BEHIND}?")));
}

#[test]
fn undo_survives_that_the_document_is_taken_anew() {
    let mut world = behind();
    rest(&mut world);
    world.undo(1);
    world.undo(1);
    rest(&mut world);
    world.check_converged();
    let text = BEHIND.trim_end_matches(" world!");
    assert_eq!(world.content(0)["text"], json!(text));
    world.redo(1);
    world.check_converged();
    assert_eq!(world.content(0)["text"], json!(format!("{text}!")));
}

#[test]
fn a_hash_that_can_never_match_does_not_renew_for_ever() {
    let mut world = world();
    for revision in 1..=5 {
        let hash = Some("0".repeat(32));
        world.peers[1].hears(Input::Head { revision, hash });
        rest(&mut world);
        set(&mut world, 0, "count", &json!(revision));
        world.settle();
    }
    assert_eq!(world.peers[1].diverged.len(), 5);
    assert_eq!(world.peers[1].renewed, 1);
    // It forgives when a hash is right again.
    beacon(&mut world);
    let (revision, hash) = (6, Some("0".repeat(32)));
    set(&mut world, 0, "count", &json!(6));
    world.settle();
    let revision = revision + 1;
    world.peers[1].hears(Input::Head { revision, hash });
    rest(&mut world);
    assert_eq!(world.peers[1].renewed, 2);
    world.check_converged();
}

#[test]
fn a_hash_of_another_revision_says_nothing() {
    let mut world = world();
    let head = |revision| Input::Head {
        revision,
        hash: Some("0".repeat(32)),
    };
    set(&mut world, 0, "count", &json!(2));
    world.settle();
    world.peers[1].hears(head(1));
    world.settle();
    assert_eq!(world.peers[1].machine.divergences(), 0);
    world.check_converged();
}
