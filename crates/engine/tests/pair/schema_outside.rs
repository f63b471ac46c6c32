//! A version from outside that no dashboard allows is refused as a whole; its parts count together.

use coboard_engine::room::{Answer, Input};
use coboard_protocol::ot::{Components, ItemId, OrderKey};
use coboard_protocol::{ErrorBody, Meta, OperationId, User};
use serde_json::{Value as Json, json};

use crate::desk::{Desk, id, op};
use crate::replace::{MERGES, Wish, part, replace};
use crate::restore::restore;
use crate::schema::{board, grid_item};

/// A grid item for the element, put behind all others.
fn show(name: &str) -> Components {
    let key = OrderKey::between(None, None, (7, 1));
    let item = ItemId::new(7, 1).to_string();
    let location = json!(["1", key.as_str()]);
    part(json!({"items": {item: {"n": [grid_item(name, 16), location]}}}))
}

fn set(cell: &str, value: Json) -> Components {
    part(json!({"cells": {cell: {"s": [value]}}}))
}

fn remove_element(name: &str) -> Components {
    part(json!({"cells": {format!("@0/elements/{name}"): {"s": [{"title": name}, []]}}}))
}

fn shown(desk: &Desk) -> usize {
    let items = desk.content()["layout"]["spec"]["items"].clone();
    items.as_array().expect("a list").len()
}

fn check_refused(desk: &Desk, error: &ErrorBody) {
    let error = serde_json::to_value(error).expect("JSON");
    assert_eq!(error["code"], "E_OP");
    assert_eq!(error["details"]["reason"], "schema");
    assert_eq!(error["details"]["conflicts"][0]["kind"], "schema");
    assert_eq!(desk.room.revision(), 1);
    assert_eq!(desk.content(), board());
}

#[test]
fn an_element_and_what_shows_it_come_in_different_parts() {
    let mut desk = Desk::of(&board());
    let element = set("@0/elements/new", json!({"title": "N"}));
    let done = replace(&mut desk, MERGES, vec![show("new"), element]);
    assert_eq!(done.expect("it is written"), 3);
    assert_eq!(shown(&desk), 3);
}

#[test]
fn a_version_that_breaks_a_rule_changes_nothing() {
    let title = || set("@0/title", json!("new"));
    for broken in [
        show("none"),
        part(json!({"cells": {"@0/elements/a": {"s": [{"title": "A"}, []]}}})),
        set("@2/spec/element/name", json!("none")),
        set("@2/spec/width", json!("NaN")),
        set("@2/spec", json!(1)),
    ] {
        let mut desk = Desk::of(&board());
        let refused = replace(&mut desk, MERGES, vec![title(), broken]);
        check_refused(&desk, &refused.expect_err("it breaks a rule"));
    }
}

#[test]
fn a_version_that_merges_is_judged_where_it_arrives() {
    let mut desk = Desk::of(&board());
    let removed = json!({"cells": {"@0/elements/spare": {"s": [{"title": "S"}, []]}}});
    let results = desk.submit("c1", vec![op("c1", 1, 1, removed)]);
    assert!(results[0].is_number(), "{results:?}");
    let wish = Wish { base: 1, ..MERGES };
    let refused = replace(&mut desk, wish, vec![show("spare")]);
    assert!(refused.is_err());
    assert_eq!((desk.room.revision(), shown(&desk)), (2, 2));
    // One that nothing shows any more goes.
    let done = replace(&mut desk, Wish { base: 2, ..MERGES }, vec![show("a")]);
    assert_eq!(done.expect("it is written"), 3);
}

#[test]
fn what_the_server_writes_itself_obeys_too() {
    let mut desk = Desk::of(&board());
    let request = desk.request();
    desk.give(Input::Write {
        request,
        id: OperationId {
            client: id("server"),
            sequence: 1,
        },
        author: User {
            id: id("u1"),
            name: "U".to_owned(),
        },
        components: remove_element("a"),
        meta: Meta::default(),
    });
    desk.work();
    match desk.answer(request) {
        Some(Answer::Written(Err(error))) => check_refused(&desk, &error),
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_restored_from_the_history_is_not_ruled() {
    let mut desk = Desk::of(&board());
    assert_eq!(restore(&mut desk, 1, vec![show("none")]), Ok(2));
    assert_eq!(shown(&desk), 3);
}

#[test]
fn an_edit_of_all_or_nothing_that_loses_a_part_is_refused() {
    for (atomic, revision) in [(true, 1), (false, 2)] {
        let mut desk = Desk::of(&board());
        let cells = json!({
            "@0/title": {"s": ["new"]},
            "@2/spec/element/name": {"s": ["a", "none"]},
        });
        let mut edit = op("c1", 1, 1, json!({"cells": cells}));
        if let Ok(edit) = &mut edit {
            edit.meta.atomic = atomic;
        }
        let results = desk.submit("c1", vec![edit]);
        let refused = results.iter().any(|result| !result.is_number());
        assert_eq!(
            (refused, desk.room.revision()),
            (atomic, revision),
            "{results:?}"
        );
    }
}
