//! A client alone, told strange things: each case was found by the simulation.

use coboard_engine::Time;
use coboard_engine::client::{Client, Config, EditRequest, Input, Output, Request, Step};
use coboard_protocol::message::{Committed, Join, Submit};
use coboard_protocol::{OperationId, Snapshot, User};
use serde_json::{Value as Json, json};

struct Desk {
    client: Client,
    now: Time,
    outputs: Vec<Output>,
}

impl Desk {
    fn new() -> Self {
        let client = Client::new(Config::new(
            id("d1"),
            id("c1"),
            User {
                id: id("u1"),
                name: "U".to_owned(),
            },
        ));
        let mut desk = Self {
            client,
            now: Time::from_ms(1_000),
            outputs: Vec::new(),
        };
        desk.give(Input::Connected);
        desk
    }

    /// At a dashboard of one text, at revision 1.
    fn at_a_text() -> Self {
        let mut desk = Self::new();
        desk.answer(&joined("s1", &json!({"reset": reset()})));
        desk.give(snapshot());
        desk
    }

    fn give(&mut self, input: Input) {
        self.client.handle(self.now, input);
        self.drain();
    }

    fn drain(&mut self) {
        self.outputs
            .extend(std::iter::from_fn(|| self.client.poll()));
    }

    /// Lets the time pass that the client waits for.
    fn wait(&mut self) {
        self.now = self.client.next_timeout().expect("it waits for something");
        self.give(Input::Timeout);
    }

    /// Answers the newest request.
    fn answer(&mut self, answer: &Json) {
        let newest = self.outputs.iter().rev().find_map(|output| {
            let Output::Request { request, .. } = output else {
                return None;
            };
            Some(*request)
        });
        let request = newest.expect("there is a request");
        let answer = answer.clone();
        self.give(Input::Answer { request, answer });
    }

    fn requests(&mut self) -> Vec<Request> {
        let taken = std::mem::take(&mut self.outputs);
        taken
            .into_iter()
            .filter_map(|output| {
                let Output::Request { message, .. } = output else {
                    return None;
                };
                Some(message)
            })
            .collect()
    }

    fn insert(&mut self, at: usize, text: &str) {
        let request = EditRequest {
            policy: None,
            label: "type".to_owned(),
            gesture: None,
            atomic: false,
            steps: vec![Step::Text {
                path: "@0/text".to_owned(),
                delta: json!([at, text]),
            }],
        };
        assert_eq!(self.client.edit(self.now, &request).error, None);
        self.drain();
    }

    fn text(&self) -> Option<Json> {
        self.client.read("@0/text")
    }
}

fn id<T: TryFrom<String>>(text: &str) -> T {
    T::try_from(text.to_owned()).ok().expect("a legal id")
}

fn joined(session: &str, more: &Json) -> Json {
    let mut value = json!({
        "session": session, "role": "editor", "client_number": 1, "head": 1,
        "known": [], "presence": [],
    });
    for (key, part) in more.as_object().expect("fields") {
        value[key] = part.clone();
    }
    json!({"ok": true, "value": value})
}

fn reset() -> Json {
    json!({"reason": "new", "revision": 1, "snapshot": {"url": "/snapshot?revision=1", "etag": "e"}})
}

fn error(code: &str, retry: &str) -> Json {
    json!({"ok": false, "error": {"code": code, "retry": retry, "message": "no", "details": {}}})
}

fn snapshot() -> Input {
    snapshot_at(1, "0123456789")
}

fn snapshot_at(revision: u64, text: &str) -> Input {
    let json = json!({
        "lineage": "l1", "document": "d1", "revision": revision,
        "content": {"items": {"0": [{"text": text}, null]}},
    });
    let snapshot: Snapshot = serde_json::from_value(json).expect("a snapshot");
    Input::Snapshot { snapshot }
}

/// Somebody else writes `abc` at the start of the text.
fn foreign() -> Input {
    committed(2, "abc")
}

fn entry(revision: u64, text: &str) -> Json {
    json!({
        "id": {"client": "c2", "sequence": revision}, "revision": revision, "author": "u2",
        "components": {"cells": {"@0/text": {"t": [text]}}}, "meta": {"kind": "edit"},
        "server_time_ms": 1,
    })
}

/// Somebody else writes at the start of the text.
fn committed(revision: u64, text: &str) -> Input {
    let entry = entry(revision, text);
    let json = json!({"document": "d1", "from": revision - 1, "to": revision, "entries": [entry]});
    let message: Committed = serde_json::from_value(json).expect("a message");
    Input::Committed { message }
}

#[test]
fn a_snapshot_that_was_asked_for_twice_takes_nobody_back() {
    let mut desk = Desk::new();
    desk.answer(&joined("s1", &json!({"reset": reset()})));
    let ended = serde_json::from_value(error("E_UNAVAILABLE", "after_backoff")["error"].clone());
    desk.give(Input::SessionEnded {
        session: id("s1"),
        error: ended.expect("an error"),
    });
    // The snapshot of the first join comes, and work begins, before the second one is answered.
    desk.give(snapshot());
    desk.insert(10, "!");
    desk.give(foreign());
    let text = desk.text();
    assert_eq!(text, Some(json!("0123456789!")), "nobody knows whose it is");
    desk.answer(&joined("s2", &json!({"reset": reset(), "head": 2})));
    desk.give(snapshot());
    assert_eq!(desk.client.revision(), 2);
    assert_eq!(desk.text(), Some(json!("abc0123456789!")));
    let sent = desk.requests().into_iter().find_map(submit);
    let operation = &sent.expect("it goes out").operations[0];
    assert_eq!(operation.base, 2);
    let json = serde_json::to_value(operation).expect("JSON");
    assert_eq!(
        json["components"]["cells"]["@0/text"]["t"],
        json!([13, "!"])
    );
}

#[test]
fn what_comes_too_early_is_held_back_until_the_gap_is_closed() {
    let mut desk = Desk::at_a_text();
    desk.outputs.clear();
    desk.give(committed(4, "d"));
    desk.give(committed(3, "c"));
    assert_eq!(desk.text(), Some(json!("0123456789")));
    let asked = desk.outputs.iter().filter(|output| is_catch_up(output));
    assert_eq!(asked.count(), 1);
    let page = json!({"from": 1, "to": 2, "segments": [{"entry": entry(2, "b")}]});
    desk.answer(&json!({"ok": true, "value": {"catch_up": page}}));
    assert_eq!(desk.client.revision(), 4);
    assert_eq!(desk.text(), Some(json!("dcb0123456789")));
    let asked = desk.outputs.iter().filter(|output| is_catch_up(output));
    assert_eq!(asked.count(), 1, "nothing is missing any more");
}

#[test]
fn what_comes_twice_counts_once() {
    let mut desk = Desk::at_a_text();
    for input in [foreign(), foreign(), committed(3, "c"), foreign()] {
        desk.give(input);
    }
    assert_eq!(desk.client.revision(), 3);
    assert_eq!(desk.text(), Some(json!("cabc0123456789")));
}

fn is_catch_up(output: &Output) -> bool {
    let Output::Request { message, .. } = output else {
        return false;
    };
    matches!(message, Request::CatchUp(_))
}

#[test]
fn who_asks_in_a_session_that_has_ended_joins_again() {
    let mut desk = Desk::at_a_text();
    desk.give(Input::Head {
        revision: 2,
        hash: None,
    });
    assert!(matches!(desk.requests()[..], [.., Request::CatchUp(_)]));
    desk.outputs.clear();
    desk.give(Input::Head {
        revision: 2,
        hash: None,
    });
    let request = 2;
    let answer = error("E_FORBIDDEN", "never");
    desk.give(Input::Answer { request, answer });
    desk.wait();
    assert!(matches!(desk.requests()[..], [.., Request::Join(_)]));
}

#[test]
fn an_operation_whose_id_is_taken_is_asked_for_before_it_is_given_up() {
    let mut desk = Desk::at_a_text();
    desk.insert(0, "x");
    desk.answer(&error("E_UNAVAILABLE", "after_backoff"));
    desk.wait();
    let own = json!({"client": "c1", "sequence": 1});
    let taken = error("E_OPID_CONFLICT", "never")["error"].clone();
    desk.answer(&json!({"ok": true, "value": {"results": [{"id": own, "error": taken}]}}));
    desk.wait();
    let asked = desk.outputs.iter().rev().find_map(join).expect("it joins");
    let expected: OperationId = serde_json::from_value(own.clone()).expect("an id");
    assert_eq!(asked.inflight, std::slice::from_ref(&expected));
    let known = json!([{"id": own, "revision": 2}]);
    let page = json!({"from": 1, "to": 1, "segments": []});
    desk.answer(&joined("s2", &json!({"known": known, "catch_up": page})));
    assert_eq!(desk.text(), Some(json!("x0123456789")));
    let acked = |output: &&Output| matches!(output, Output::Ack { id, .. } if *id == expected);
    assert_eq!(desk.outputs.iter().filter(acked).count(), 1);
    let refused = |output: &Output| matches!(output, Output::Reject { .. });
    assert!(!desk.outputs.iter().any(refused), "it is in the log");
}

/// An operation is on its way while the server goes back to a backup, and gets into the log between
/// the answer to the join and the snapshot.
fn behind_a_backup() -> (Desk, Json) {
    let mut desk = Desk::at_a_text();
    desk.insert(0, "x");
    desk.give(Input::Disconnected);
    desk.give(Input::Connected);
    let own = json!({"client": "c1", "sequence": 1});
    let mut reset = reset();
    reset["reason"] = json!("lineage_changed");
    desk.answer(&joined("s2", &json!({"reset": reset})));
    desk.give(snapshot_at(2, "x0123456789"));
    (desk, own)
}

#[test]
fn an_operation_that_a_snapshot_of_another_history_has_is_not_made_twice() {
    let (mut desk, own) = behind_a_backup();
    let results = json!([{"id": own, "revision": 2}]);
    desk.answer(&json!({"ok": true, "value": {"results": results}}));
    assert_eq!(desk.text(), Some(json!("x0123456789")));
    assert_eq!(desk.client.status().pending_count, 0);
    desk.insert(1, "y");
    let sent = desk.requests().into_iter().filter_map(submit).next_back();
    assert_eq!(sent.expect("it goes out").operations[0].id.sequence, 2);
}

#[test]
fn what_a_join_knows_and_the_document_has_is_done() {
    let (mut desk, own) = behind_a_backup();
    let taken = error("E_OPID_CONFLICT", "never")["error"].clone();
    desk.answer(&json!({"ok": true, "value": {"results": [{"id": own, "error": taken}]}}));
    desk.wait();
    let known = json!([{"id": own, "revision": 2}]);
    let page = json!({"from": 2, "to": 2, "segments": []});
    let more = json!({"head": 2, "known": known, "catch_up": page});
    desk.answer(&joined("s3", &more));
    assert_eq!(desk.text(), Some(json!("x0123456789")));
    desk.insert(1, "y");
    let sent = desk.requests().into_iter().filter_map(submit).next_back();
    assert_eq!(sent.expect("it goes out").operations[0].id.sequence, 2);
}

#[test]
fn a_hash_counts_only_in_the_session_it_was_told_in() {
    let wrong = |revision| Input::Head {
        revision,
        hash: Some("0".repeat(32)),
    };
    let differs = |desk: &Desk| {
        let differs = |output: &Output| matches!(output, Output::Diverged { .. });
        desk.outputs.iter().any(differs)
    };
    let page = json!({"from": 1, "to": 2, "segments": [{"entry": entry(2, "b")}]});
    let mut desk = Desk::at_a_text();
    desk.give(wrong(2));
    desk.give(Input::Disconnected);
    desk.give(Input::Connected);
    desk.give(wrong(1));
    desk.answer(&joined("s2", &json!({"head": 2, "catch_up": page})));
    assert_eq!(desk.client.revision(), 2);
    assert!(!differs(&desk), "nobody knew whose history that was");
    desk.give(wrong(2));
    assert!(differs(&desk));
}

fn submit(request: Request) -> Option<Submit> {
    match request {
        Request::Submit(submit) => Some(submit),
        Request::Join(_) | Request::CatchUp(_) => None,
    }
}

fn join(output: &Output) -> Option<&Join> {
    let Output::Request {
        message: Request::Join(join),
        ..
    } = output
    else {
        return None;
    };
    Some(join)
}
