//! Something former comes back through a room: what was committed meanwhile stays.

use coboard_engine::room::{Answer, Input, restore_parts};
use coboard_protocol::codec::components;
use coboard_protocol::limits::OPERATION_BYTES_MAX;
use coboard_protocol::ot::{Components, ItemChange, ItemId, Location, revert};
use coboard_protocol::{Kind, Meta, OperationId, Revision, User};
use serde_json::{Value as Json, json};

use crate::desk::{Desk, id, op, set};

pub(crate) fn restore(
    desk: &mut Desk,
    base: Revision,
    parts: Vec<Components>,
) -> Result<Revision, Json> {
    let request = desk.request();
    let sequence = desk.room.revision() * 1_000;
    desk.give(Input::Restore {
        request,
        id: OperationId {
            client: id("server"),
            sequence,
        },
        author: User {
            id: id("u9"),
            name: "Ana".to_owned(),
        },
        base,
        parts,
        meta: Meta {
            kind: Kind::Restore,
            ..Meta::edit("restore revision 1")
        },
    });
    desk.work();
    match desk.answer(request) {
        Some(Answer::Written(written)) => written.map_err(|error| json!(error.code)),
        other => panic!("{other:?}"),
    }
}

fn part(json: Json) -> Components {
    components::from_json(&json).expect("components")
}

#[test]
fn what_is_committed_while_a_restore_is_made_stays() {
    let mut desk = Desk::new("a");
    desk.submit("c1", vec![op("c1", 1, 1, set("title", "mine"))]);
    desk.submit("c1", vec![op("c1", 2, 2, set("other", "mine"))]);
    let base = desk.room.revision();
    let back = part(
        json!({"cells": {"@0/title": {"s": ["mine", "old"]}, "@0/other": {"s": ["mine", []]}}}),
    );
    desk.submit("c2", vec![op("c2", 1, 3, set("title", "newer"))]);
    assert_eq!(restore(&mut desk, base, vec![back]), Ok(5));
    assert_eq!(desk.content()["title"], "newer");
    assert_eq!(desk.content().get("other"), None);
    let (entry, _) = desk.log.last().expect("it is in the log");
    assert_eq!(
        (entry.meta.kind, entry.author.as_str()),
        (Kind::Restore, "u9")
    );
}

#[test]
fn nothing_to_bring_back_is_no_operation() {
    let mut desk = Desk::new("a");
    let head = desk.room.revision();
    assert_eq!(restore(&mut desk, head, vec![]), Ok(head));
    let misfit = part(json!({"cells": {"@0/none/x": {"s": [1]}}}));
    assert_eq!(restore(&mut desk, head, vec![misfit]), Ok(head));
    assert_eq!(desk.room.revision(), head);
}

#[test]
fn all_parts_are_committed_or_none() {
    let mut desk = Desk::new("a");
    let head = desk.room.revision();
    let long = "x".repeat(11 * 1024 * 1024);
    let parts = ["a", "b"].map(|key| part(json!({"cells": {format!("@0/{key}"): {"s": [1]}}})));
    let big = |n: u32| {
        let mut document = desk.room.document().clone();
        let value = coboard_protocol::ot::Value::Str(long.as_str().into());
        let change = coboard_protocol::ot::Change::Set {
            old: None,
            new: Some(value),
        };
        let path = coboard_protocol::ot::Path::of([format!("big{n}").as_str()]);
        let made = Components::of_cell(ItemId::ROOT, path, change);
        document.apply(&made);
        made
    };
    let [a, b] = parts;
    let parts = vec![a, big(1), b, big(2)];
    assert_eq!(restore(&mut desk, head, parts), Err(json!("E_DOC_LIMIT")));
    assert_eq!(desk.room.revision(), head, "not even the small ones");
}

#[test]
fn what_is_too_large_for_one_operation_is_cut() {
    let mut desk = Desk::new("a");
    let then = desk.room.document().clone();
    let long = "y".repeat(50_000);
    for sequence in 1..=20 {
        let change = set(&format!("k{sequence}"), long.as_str());
        desk.submit("c1", vec![op("c1", sequence, sequence, change)]);
    }
    let now = desk.room.document().clone();
    let parts = restore_parts(&revert(&now, &then, |_| true)).expect("it can be cut");
    assert!(parts.len() > 5, "{}", parts.len());
    for part in &parts {
        assert!(components::to_json(part).to_string().len() <= OPERATION_BYTES_MAX);
    }
    let (head, count) = (desk.room.revision(), parts.len() as Revision);
    assert_eq!(restore(&mut desk, head, parts), Ok(head + count));
    assert_eq!(desk.room.document(), &then);
    // And back again.
    let head = desk.room.revision();
    let parts = restore_parts(&revert(&then, &now, |_| true)).expect("it can be cut");
    restore(&mut desk, head, parts).expect("it is restored");
    assert_eq!(desk.room.document(), &now);
}

#[test]
fn moves_are_not_cut() {
    let items = (1..=10_001).map(|n| {
        let (old, new) = (Location::Trash, Location::Trash);
        (ItemId::from(n), ItemChange::Move { old, new })
    });
    let many = Components::from_parts([], items).expect("normal form");
    let error = restore_parts(&many).expect_err("too many");
    assert_eq!(json!(error.code), "E_TOO_LARGE");
}
