//! The checker finds each kind of fault when it is planted, and nothing when there is none.

use std::time::Duration;

use coboard_protocol::{ClientId, ErrorBody, ErrorCode, LogEntry, OperationId};
use serde_json::json;

use super::{Evidence, Violation, Witness, check};
use crate::board;
use crate::edits::Intent;
use crate::record::Record;

fn client(name: &str) -> ClientId {
    ClientId::try_from(name).expect("legal")
}

fn id(name: &str, sequence: u64) -> OperationId {
    OperationId {
        client: client(name),
        sequence,
    }
}

fn entry(revision: u64, id: OperationId) -> LogEntry {
    let json = json!({
        "id": id, "revision": revision, "components": {}, "meta": {"kind": "edit"},
        "author": "u", "server_time_ms": 0,
    });
    serde_json::from_value(json).expect("an entry")
}

fn invoke(id: OperationId, ms: u64, intent: Intent) -> Record {
    let at = Duration::from_millis(ms);
    Record::Invoke { id, intent, at }
}

fn ack(id: OperationId, revision: u64, ms: u64) -> Record {
    let at = Duration::from_millis(ms);
    Record::Ack { id, revision, at }
}

fn receive(revision: u64, by: &str) -> Record {
    let client = client(by);
    Record::Receive {
        revision,
        client,
        count: 1,
    }
}

/// Two clients; `a` adds and writes, `b` inserts a panel.
fn sound() -> Evidence {
    let mut export = board::empty(0);
    export["counters"]["c1"] = json!(5);
    export["text"] = json!("[0.2]");
    export["panels"] = json!([{"title": "1.1"}]);
    let add = Intent::Add { counter: 1, by: 5 };
    let write = Intent::Write {
        word: "[0.2]".into(),
    };
    let insert = Intent::Insert { name: "1.1".into() };
    let witness = |name: &str, records| Witness {
        client: client(name),
        loaded: 1,
        records,
        export: export.clone(),
    };
    Evidence {
        log: vec![
            entry(1, id("server", 1)),
            entry(2, id("a", 1)),
            entry(3, id("b", 1)),
            entry(4, id("a", 2)),
        ],
        replayed: export.clone(),
        from_snapshot: export.clone(),
        clients: vec![
            witness(
                "a",
                vec![
                    invoke(id("a", 1), 1, add),
                    ack(id("a", 1), 2, 5),
                    receive(3, "b"),
                    invoke(id("a", 2), 8, write),
                    ack(id("a", 2), 4, 9),
                ],
            ),
            witness(
                "b",
                vec![
                    invoke(id("b", 1), 2, insert),
                    receive(2, "a"),
                    ack(id("b", 1), 3, 6),
                    receive(4, "a"),
                ],
            ),
        ],
        export,
    }
}

/// What is found once `plant` has planted a fault.
fn found(plant: impl FnOnce(&mut Evidence)) -> Vec<Violation> {
    let mut evidence = sound();
    plant(&mut evidence);
    check(&evidence)
}

#[test]
fn a_sound_run_is_not_blamed() {
    assert_eq!(found(|_| {}), vec![]);
}

#[test]
fn a_lost_operation_is_found() {
    let lost = Violation::Lost {
        id: id("a", 2),
        revision: 4,
    };
    assert!(found(|e| drop(e.log.pop())).contains(&lost));
    // Committed again elsewhere after it was lost.
    let moved = found(|e| {
        e.log[3] = entry(4, id("b", 2));
        e.log.push(entry(5, id("a", 2)));
    });
    assert!(moved.contains(&lost));
}

#[test]
fn an_operation_applied_twice_is_found() {
    let twice = found(|e| e.log.push(entry(5, id("a", 1))));
    let doubled =
        |v: &Violation| matches!(v, Violation::Doubled { revisions, .. } if revisions == &[2, 5]);
    assert!(twice.iter().any(doubled));
    let content = found(|e| {
        e.export["text"] = json!("[0.2][0.2]");
        e.export["counters"]["c1"] = json!(10);
        e.export["panels"] = json!([{"title": "1.1"}, {"title": "1.1"}]);
    });
    assert_eq!(content.iter().filter(|v| v.is_double()).count(), 2);
    assert!(
        content
            .iter()
            .any(|v| matches!(v, Violation::Counter { .. }))
    );
}

#[test]
fn content_that_is_missing_is_found() {
    let content = found(|e| {
        e.export["text"] = json!("");
        e.export["panels"] = json!([]);
    });
    assert_eq!(content.iter().filter(|v| v.is_loss()).count(), 2);
}

#[test]
fn an_erased_word_that_is_still_there_is_found() {
    let word = "[0.2]".to_owned();
    let still = found(|e| {
        e.log.push(entry(5, id("a", 3)));
        let records = &mut e.clients[0].records;
        records.push(invoke(id("a", 3), 20, Intent::Erase { word }));
        records.push(ack(id("a", 3), 5, 21));
        e.clients[1].records.push(receive(5, "a"));
    });
    assert_eq!(still.len(), 1);
    assert!(still[0].is_double());
}

#[test]
fn holes_and_disorder_in_the_log_are_found() {
    let hole = found(|e| drop(e.log.remove(2)));
    assert!(hole.contains(&Violation::Hole {
        expected: 3,
        found: 4
    }));
    let swapped = found(|e| {
        e.log[1].id = id("a", 2);
        e.log[3].id = id("a", 1);
    });
    assert!(
        swapped
            .iter()
            .any(|v| matches!(v, Violation::Disorder { .. }))
    );
}

#[test]
fn fates_are_counted() {
    let none = found(|e| drop(e.clients[0].records.pop()));
    assert_eq!(none, vec![Violation::NoFate { id: id("a", 2) }]);
    let two = found(|e| e.clients[0].records.push(ack(id("a", 2), 4, 10)));
    assert_eq!(two, vec![Violation::TwoFates { id: id("a", 2) }]);
    let refused = found(|e| {
        let error = ErrorBody::new(ErrorCode::Op, "no");
        e.clients[0].records[4] = Record::Reject {
            id: id("a", 2),
            error,
        };
    });
    assert!(refused.iter().any(|v| matches!(v, Violation::Stray { .. })));
    assert!(
        refused
            .iter()
            .any(|v| matches!(v, Violation::Refused { .. }))
    );
    let made_up = found(|e| drop(e.clients[1].records.remove(0)));
    assert!(made_up.iter().any(|v| matches!(v, Violation::Stray { .. })));
}

#[test]
fn an_operation_that_overtakes_an_ack_is_found() {
    let overtaken = found(|e| e.clients[0].records[0] = invoke(id("a", 1), 7, Intent::Set));
    assert!(overtaken.iter().any(|v| matches!(
        v,
        Violation::Overtaken {
            acknowledged: 3,
            revision: 2,
            ..
        }
    )));
}

#[test]
fn what_clients_were_told_must_be_whole() {
    let gap = found(|e| drop(e.clients[1].records.remove(1)));
    assert!(matches!(
        gap[..],
        [Violation::Heard {
            expected: 2,
            heard: 4,
            ..
        }]
    ));
    let end = found(|e| drop(e.clients[1].records.pop()));
    assert!(matches!(
        end[..],
        [Violation::Heard {
            expected: 4,
            heard: 0,
            ..
        }]
    ));
    let twice = found(|e| e.clients[1].records.push(receive(4, "a")));
    assert!(matches!(twice[..], [Violation::Heard { heard: 4, .. }]));
    let other = found(|e| e.clients[1].records[1] = receive(2, "b"));
    assert!(matches!(
        other[..],
        [Violation::Impostor { revision: 2, .. }]
    ));
    // What was missed may come as one, as long as it says how much it stands for.
    let composed = |count| {
        found(|e| {
            let records = &mut e.clients[1].records;
            records.retain(|record| !matches!(record, Record::Receive { .. }));
            records.push(Record::Receive {
                revision: 4,
                client: client("a"),
                count,
            });
        })
    };
    assert_eq!(composed(2), []);
    assert!(matches!(composed(1)[..], [Violation::Heard { .. }]));
    assert!(matches!(composed(3)[..], [Violation::Heard { .. }]));
    for record in [Record::Reset, Record::Missed { count: 2 }] {
        assert_eq!(found(|e| e.clients[1].records.push(record)).len(), 1);
    }
}

#[test]
fn views_that_differ_are_found() {
    assert_eq!(found(|e| e.replayed["last"] = json!(1)).len(), 1);
    assert_eq!(found(|e| e.from_snapshot["last"] = json!(1)).len(), 1);
    assert_eq!(found(|e| e.clients[1].export["last"] = json!(1)).len(), 1);
}
