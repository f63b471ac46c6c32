//! Another version comes from outside, made on a former revision: it merges, as a whole or not at all.

use coboard_engine::room::{Answer, Input};
use coboard_protocol::codec::components;
use coboard_protocol::ot::{Change, Components, ItemId, Path, Value};
use coboard_protocol::{ErrorBody, Meta, OperationId, Revision, User};
use serde_json::{Value as Json, json};

use crate::desk::{Desk, id, op, set};

/// What is asked for: the base, whether it must be the head, whether all of a part must apply.
#[derive(Clone, Copy)]
pub(crate) struct Wish {
    pub(crate) base: Revision,
    pub(crate) exact: bool,
    pub(crate) atomic: bool,
}

pub(crate) const MERGES: Wish = Wish {
    base: 1,
    exact: false,
    atomic: false,
};

fn send(desk: &mut Desk, wish: Wish, parts: Vec<Components>) -> u64 {
    let request = desk.request();
    desk.give(Input::Replace {
        request,
        id: OperationId {
            client: id("server"),
            sequence: request * 1_000,
        },
        author: User {
            id: id("u9"),
            name: "Ana".to_owned(),
        },
        base: wish.base,
        exact: wish.exact,
        parts,
        meta: Meta {
            atomic: wish.atomic,
            ..Meta::edit("change dashboard")
        },
    });
    request
}

pub(crate) fn replace(
    desk: &mut Desk,
    wish: Wish,
    parts: Vec<Components>,
) -> Result<Revision, Box<ErrorBody>> {
    let request = send(desk, wish, parts);
    desk.work();
    match desk.answer(request) {
        Some(Answer::Written(written)) => written.map_err(Box::new),
        other => panic!("{other:?}"),
    }
}

fn code(refused: Result<Revision, Box<ErrorBody>>) -> Json {
    json!(refused.expect_err("it is refused").code)
}

pub(crate) fn part(json: Json) -> Components {
    components::from_json(&json).expect("components")
}

fn cell(key: &str, value: impl Into<Json>) -> Components {
    part(set(key, value))
}

/// A part that adds eleven million bytes: one of them fits the document, two do not.
fn large(key: &str) -> Components {
    let new = Some(Value::Str("x".repeat(11 * 1024 * 1024).as_str().into()));
    Components::of_cell(
        ItemId::ROOT,
        Path::of([key]),
        Change::Set { old: None, new },
    )
}

#[test]
fn what_was_committed_since_the_base_merges() {
    let mut desk = Desk::new("abc");
    desk.submit(
        "c1",
        vec![op("c1", 1, 1, json!({"cells": {"@0/text": {"t": ["x"]}}}))],
    );
    let parts = vec![
        part(json!({"cells": {"@0/text": {"t": [3, "y"]}}})),
        cell("title", "new"),
    ];
    assert_eq!(replace(&mut desk, MERGES, parts).expect("it is taken"), 4);
    assert_eq!(desk.content()["text"], "xabcy");
    assert_eq!(desk.content()["title"], "new");
    let (entry, _) = desk.log.last().expect("it is in the log");
    assert_eq!(entry.author.as_str(), "u9");
}

#[test]
fn the_base_is_checked() {
    let mut desk = Desk::new("a");
    desk.submit("c1", vec![op("c1", 1, 1, set("b", 1))]);
    let exact = Wish {
        exact: true,
        ..MERGES
    };
    let made = || vec![cell("title", "new")];
    assert_eq!(code(replace(&mut desk, exact, made())), "E_REV_OLD");
    let future = Wish { base: 3, ..MERGES };
    assert_eq!(code(replace(&mut desk, future, made())), "E_REV_FUTURE");
    assert_eq!(desk.room.revision(), 2);
    let exact = Wish { base: 2, ..exact };
    assert_eq!(replace(&mut desk, exact, made()).expect("it is taken"), 3);
}

/// Two parts on a text that somebody edited since, when memory holds the newest entry only.
#[test]
fn a_base_older_than_memory_is_read_from_storage() {
    let mut desk = Desk::new("abc");
    let text = json!({"cells": {"@0/text": {"t": ["x"]}}});
    desk.submit("c1", vec![op("c1", 1, 1, text)]);
    desk.grow_by(700);
    desk.reopen(1);
    let parts = vec![
        part(json!({"cells": {"@0/text": {"t": [3, "y"]}}})),
        cell("title", "new"),
    ];
    let request = send(&mut desk, MERGES, parts);
    // Others do not wait for it, and it comes past what they commit meanwhile.
    let other = desk.send(
        "c2",
        vec![op(
            "c2",
            1,
            702,
            json!({"cells": {"@0/text": {"t": ["z"]}}}),
        )],
    );
    assert!(desk.store(Ok(())));
    assert_eq!(desk.results(other), [json!(703)]);
    let mut reads = 0;
    while desk.read() {
        reads += 1;
    }
    assert_eq!(reads, 2, "in pages");
    desk.work();
    assert_eq!(desk.answer(request), Some(Answer::Written(Ok(705))));
    assert_eq!(desk.content()["text"], "zxabcy");
    assert_eq!(desk.content()["title"], "new");
}

/// What the server itself was asked for later does not get into the log before it.
#[test]
fn writes_of_the_server_keep_their_order_while_one_is_read_for() {
    let mut desk = Desk::new("abc");
    desk.grow_by(700);
    desk.reopen(1);
    let first = send(&mut desk, MERGES, vec![cell("title", "first")]);
    let head = Wish {
        base: 701,
        ..MERGES
    };
    let second = send(&mut desk, head, vec![cell("title", "second")]);
    while desk.read() {}
    desk.work();
    assert_eq!(desk.answer(first), Some(Answer::Written(Ok(702))));
    assert_eq!(desk.answer(second), Some(Answer::Written(Ok(703))));
    assert_eq!(desk.content()["title"], "second");
}

#[test]
fn a_base_that_the_log_does_not_reach_is_refused() {
    let mut desk = Desk::new("a");
    desk.grow_by(3);
    desk.reopen(1);
    desk.log.drain(..2);
    let made = vec![cell("title", "new")];
    assert_eq!(code(replace(&mut desk, MERGES, made)), "E_REV_OLD");
    assert_eq!(desk.room.revision(), 4);
}

#[test]
fn a_policy_that_refuses_one_part_refuses_all() {
    let mut desk = Desk::new("a");
    desk.policies(&[("/kept", "first")]);
    desk.submit("c1", vec![op("c1", 1, 1, set("kept", "theirs"))]);
    let wish = Wish {
        atomic: true,
        ..MERGES
    };
    let parts = ["title", "kept", "other"].map(|key| cell(key, "mine"));
    let before = desk.room.document().clone();
    let error = replace(&mut desk, wish, parts.to_vec()).expect_err("it is refused");
    assert_eq!(
        (json!(error.code), &error.details["reason"]),
        (json!("E_OP"), &json!("policy"))
    );
    assert_eq!((desk.room.revision(), desk.log.len()), (2, 2));
    assert_eq!(desk.room.document(), &before, "not even the first part");
}

#[test]
fn a_limit_that_refuses_one_part_refuses_all() {
    let mut desk = Desk::new("a");
    let parts = vec![cell("title", "new"), large("big1"), large("big2")];
    let before = desk.room.document().clone();
    assert_eq!(code(replace(&mut desk, MERGES, parts)), "E_DOC_LIMIT");
    assert_eq!((desk.room.revision(), desk.log.len()), (1, 1));
    assert_eq!(desk.room.document(), &before);
}

#[test]
fn what_others_did_in_the_same_run_stays_when_it_is_refused() {
    let mut desk = Desk::new("a");
    // While the first is stored the others wait, and form one run.
    desk.send("c1", vec![op("c1", 1, 1, set("b", 1))]);
    let before = desk.send("c2", vec![op("c2", 1, 1, set("c", 2))]);
    let refused = send(
        &mut desk,
        MERGES,
        vec![cell("title", "new"), large("big1"), large("big2")],
    );
    let after = desk.send("c2", vec![op("c2", 2, 1, set("d", 3))]);
    desk.work();
    assert_eq!(json!(desk.error(refused).code), "E_DOC_LIMIT");
    assert_eq!(desk.results(before), [json!(3)]);
    assert_eq!(desk.results(after), [json!(4)]);
    let wanted = json!({"text": "a", "count": 0, "tags": ["a"], "b": 1, "c": 2, "d": 3});
    assert_eq!(desk.content(), wanted);
    assert_eq!(desk.log.len(), 4);
}
