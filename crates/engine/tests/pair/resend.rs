//! What comes twice is committed once, and nothing that comes with it is lost.

use coboard_engine::room::AppendFailure;
use coboard_protocol::ot::ItemId;
use serde_json::json;

use crate::desk::{Desk, op, set, text};
use crate::world::World;

#[test]
fn a_new_operation_after_a_repeated_one_lands_where_it_was_made() {
    for (before, made) in [("", "hello world"), ("XY", "hello worldXY")] {
        let mut desk = Desk::new(before);
        let first = || op("c1", 1, 1, text(json!(["hello"])));
        let second = op("c1", 2, 1, text(json!([5, " world"])));
        assert_eq!(desk.submit("c1", vec![first()]), [2]);
        assert_eq!(desk.submit("c1", vec![first(), second]), [2, 3]);
        assert_eq!(desk.content()["text"], made);
    }
}

#[test]
fn a_repeated_operation_stands_between_those_of_others() {
    let mut desk = Desk::new("");
    let foreign = |sequence, base, letter: &str| {
        let cells = json!({"@0/text": {"t": [letter]}, "@0/count": {"a": 1}});
        op("c2", sequence, base, json!({"cells": cells}))
    };
    let first = || op("c1", 1, 1, text(json!(["abc"])));
    desk.submit("c2", vec![foreign(1, 1, "1")]);
    desk.submit("c1", vec![first()]);
    desk.submit("c2", vec![foreign(2, 3, "3")]);
    assert_eq!(desk.content()["text"], "31abc");
    let cells = json!({"@0/text": {"t": [2, "X"]}, "@0/count": {"s": [0, 40]}});
    let second = op("c1", 2, 1, json!({"cells": cells}));
    assert_eq!(desk.submit("c1", vec![first(), second]), [3, 5]);
    assert_eq!(desk.content()["text"], "31abXc");
    assert_eq!(desk.content()["count"], 40);
}

#[test]
fn nothing_can_be_made_on_a_repeated_one_that_its_base_holds() {
    let mut desk = Desk::new("");
    desk.submit("c1", vec![op("c1", 1, 1, set("a", 1))]);
    let again = vec![op("c1", 1, 2, set("a", 1)), op("c1", 2, 2, set("b", 1))];
    assert_eq!(desk.submit("c1", again), [json!(2), json!("E_DEPENDS")]);
    assert_eq!(desk.submit("c1", vec![op("c1", 2, 2, set("b", 1))]), [3]);
}

/// A submit comes twice, and between the two what spoke against it goes away.
#[test]
fn a_copy_of_what_was_refused_is_refused_too_and_its_sequence_is_free() {
    let mut desk = Desk::new("");
    desk.policies(&[("/kept", "reject")]);
    desk.submit("c2", vec![op("c2", 1, 1, set("kept", "theirs"))]);
    let mine = |value: &str| {
        op("c1", 1, 1, set("kept", value)).map(|mut operation| {
            operation.meta.atomic = true;
            operation
        })
    };
    assert_eq!(desk.submit("c1", vec![mine("mine")]), ["E_OP"]);
    desk.policies(&[]);
    assert_eq!(desk.submit("c1", vec![mine("mine")]), ["E_OP"]);
    assert_eq!(desk.room.revision(), 2);
    assert_eq!(desk.submit("c1", vec![mine("another")]), [3]);
}

#[test]
fn an_id_with_another_payload_is_refused() {
    let mut desk = Desk::new("");
    let (one, other) = (
        || op("c1", 1, 1, text(json!(["one"]))),
        || op("c1", 1, 1, text(json!(["other"]))),
    );
    assert_eq!(desk.submit("c1", vec![one()]), [2]);
    assert_eq!(desk.submit("c1", vec![other()]), ["E_OPID_CONFLICT"]);
    assert_eq!(desk.submit("c1", vec![one()]), [2]);
    // Also where only storage knows what it was: in memory without its fingerprint, or not at all.
    for tail in [1, 0] {
        desk.reopen(tail);
        assert_eq!(desk.submit("c1", vec![other()]), ["E_OPID_CONFLICT"]);
        assert_eq!(desk.submit("c1", vec![one()]), [2]);
    }
    assert_eq!(desk.content()["text"], "one");
    assert_eq!(desk.log.len(), 2);
}

#[test]
fn a_repeated_one_in_the_run_waits_for_the_disk() {
    let mut desk = Desk::new("");
    let first = || op("c1", 1, 1, set("a", 1));
    desk.send("c2", vec![op("c2", 1, 1, set("b", 1))]);
    let (once, twice) = (
        desk.send("c1", vec![first()]),
        desk.send("c1", vec![first()]),
    );
    assert!(desk.store(Ok(())));
    assert_eq!((desk.answer(once), desk.answer(twice)), (None, None));
    assert!(desk.store(Ok(())));
    assert_eq!(
        (desk.results(once), desk.results(twice)),
        (vec![json!(3)], vec![json!(3)])
    );
}

#[test]
fn a_passing_error_does_not_hide_that_an_operation_is_committed() {
    let mut world = World::new(&json!({"text": ""}), 2);
    let cell = format!("@{}/text", ItemId::ROOT);
    let typed = |world: &mut World, at: u64, letters: &str| {
        let steps = json!([{"text": {"path": cell, "delta": [at, letters]}}]);
        world.edit_request(0, &json!({"label": "type", "gesture": "g", "steps": steps}))
    };
    typed(&mut world, 0, "hello");
    assert!(world.deliver_up(0));
    // The log has it, but nobody could say so: the client hears of a failure, and then the room is gone.
    world.store_unheard(AppendFailure::RevisionTaken);
    assert!(world.deliver_down(0));
    typed(&mut world, 5, " world");
    world.crash();
    world.check_converged();
    assert_eq!(world.content(1)["text"], "hello world");
    assert_eq!(world.store.log.len(), 3);
}
