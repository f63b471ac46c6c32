//! A submit that repeats a committed operation before a new one: the new one was made on it.

use coboard_engine::room::{Answer, Input, Join, Output, Room, RoomState, Submission};
use coboard_engine::{Time, import_components};
use coboard_protocol::codec::{plain_from_json, plain_to_json};
use coboard_protocol::message::Role;
use coboard_protocol::ot::Document;
use coboard_protocol::{Operation, Revision, User};
use serde_json::{Value as Json, json};

fn room() -> Room {
    let plain = plain_from_json(&json!({"text": "", "count": 0})).expect("plain JSON");
    let mut document = Document::new();
    document.apply(&import_components(&plain));
    let mut room = Room::open(RoomState {
        document_id: id("d1"),
        lineage: "l1".to_owned(),
        document,
        revision: 1,
        tail: Vec::new(),
        snapshot: 1,
    });
    for client in ["c1", "c2"] {
        let join = Join {
            request: 0,
            session: id(&format!("s-{client}")),
            client: id(client),
            client_number: 1,
            last_sequence: 0,
            user: User {
                id: id("u1"),
                name: "U".to_owned(),
            },
            role: Role::Editor,
            revision: Some(1),
            inflight: Vec::new(),
            known: Vec::new(),
        };
        room.handle(Time::default(), Input::Join(join));
    }
    while room.poll().is_some() {}
    room
}

fn id<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned())
        .ok()
        .expect("the id is a legal one")
}

fn operation(client: &str, sequence: u64, base: Revision, cells: &Json) -> Submission {
    let json = json!({
        "id": {"client": client, "sequence": sequence},
        "base": base,
        "components": {"cells": cells},
        "meta": {"kind": "edit"},
    });
    Ok(serde_json::from_value::<Operation>(json).expect("an operation"))
}

/// Submits and stores; gives the results as JSON.
fn submit(room: &mut Room, client: &str, operations: Vec<Submission>) -> Json {
    let now = Time::default();
    let submit = Input::Submit {
        request: 1,
        session: id(&format!("s-{client}")),
        operations,
    };
    room.handle(now, submit);
    let mut answer = Json::Null;
    while let Some(output) = room.poll() {
        match output {
            Output::Append { .. } => room.handle(now, Input::Appended { result: Ok(()) }),
            Output::Answer {
                answer: Answer::Submitted(result),
                ..
            } => answer = json!(result.expect("it is answered").results),
            Output::Answer { .. }
            | Output::ReadLog { .. }
            | Output::Find { .. }
            | Output::SaveSnapshot { .. }
            | Output::Committed(_)
            | Output::Presence(_)
            | Output::Head(_)
            | Output::Ended { .. } => {}
        }
    }
    answer
}

fn content(room: &Room) -> Json {
    plain_to_json(&room.document().export())
}

#[test]
fn the_new_one_lands_where_it_was_made() {
    let mut room = room();
    let first = || operation("c1", 1, 1, &json!({"@0/text": {"t": ["abc"]}}));
    let foreign = |sequence, text: &str| {
        let cells = json!({"@0/text": {"t": [text]}, "@0/count": {"a": 1}});
        operation("c2", sequence, sequence, &cells)
    };
    // The server has: foreign, first, foreign. Then the first comes again with a second one on it.
    submit(&mut room, "c2", vec![foreign(1, "1")]);
    submit(&mut room, "c1", vec![first()]);
    assert_eq!(content(&room)["text"], json!("1abc"));
    let cells = json!({"@0/text": {"t": ["3"]}, "@0/count": {"a": 1}});
    submit(&mut room, "c2", vec![operation("c2", 2, 3, &cells)]);
    assert_eq!(content(&room)["text"], json!("31abc"));

    let second = operation(
        "c1",
        2,
        1,
        &json!({"@0/text": {"t": [2, "X"]}, "@0/count": {"s": [0, 40]}}),
    );
    let results = submit(&mut room, "c1", vec![first(), second]);
    assert_eq!(results[0]["revision"], json!(3));
    assert_eq!(results[1]["revision"], json!(5));
    assert_eq!(content(&room), json!({"text": "31abXc", "count": 40}));
}
