//! What a room holds back from: foreign ids, too much content, too much work, snapshots that fail.

use coboard_engine::room::{Input, Output};
use coboard_protocol::ot::{Change, Components, ItemId, Path, Value};
use coboard_protocol::{ErrorCode, Meta, OperationId};
use serde_json::json;

use crate::desk::{Desk, id, made, of_kind, op, set, text};

/// The id that client number `client` makes as its `counter`-th.
#[test]
fn new_ids_are_those_of_the_client() {
    let mut desk = Desk::new("");
    let list = desk.log[0].0.components.cells().find_map(|(_, _, change)| {
        let Change::Set { new, .. } = change else {
            return None;
        };
        let mut found = None;
        new.as_ref()?
            .for_each_list(&mut |list| found = Some(list.to_string()));
        found
    });
    let list = list.expect("the board has a list");
    let item =
        |client, counter| json!({"items": {made(client, counter): {"n": ["x", [list, "b0"]]}}});
    let holds = |client, counter| set("rows", json!({"$l": made(client, counter)}));
    assert_eq!(
        desk.submit("c1", vec![op("c1", 1, 1, item(2, 1))]),
        ["E_OP"]
    );
    assert_eq!(
        desk.submit("c1", vec![op("c1", 2, 1, holds(2, 1))]),
        ["E_OP"]
    );
    assert_eq!(desk.submit("c1", vec![op("c1", 3, 1, item(1, 1))]), [2]);
    assert_eq!(desk.submit("c1", vec![op("c1", 4, 2, holds(1, 2))]), [3]);
    // What is there already may be named by everybody, and taken back what somebody else made.
    assert_eq!(desk.submit("c2", vec![op("c2", 1, 3, holds(1, 2))]), [4]);
    assert_eq!(desk.submit("c2", vec![op("c2", 2, 4, set("rows", 0))]), [5]);
    assert_eq!(
        desk.submit("c2", vec![op("c2", 3, 5, holds(1, 2))]),
        ["E_OP"]
    );
    assert_eq!(
        desk.submit("c2", vec![of_kind("undo", "c2", 4, 5, holds(1, 2))]),
        [6]
    );
    assert_eq!(desk.content()["tags"], json!(["a", "x"]));
}

#[test]
fn the_server_may_make_any_id() {
    let mut desk = Desk::new("");
    let request = desk.request();
    let list = Value::List(coboard_protocol::ot::ListId::new(7, 1));
    let change = Change::Set {
        old: None,
        new: Some(list),
    };
    desk.give(Input::Write {
        request,
        id: OperationId {
            client: id("server"),
            sequence: 9,
        },
        author: coboard_protocol::User {
            id: id("u1"),
            name: "U".to_owned(),
        },
        components: Components::of_cell(ItemId::ROOT, Path::of(["rows"]), change),
        meta: Meta::default(),
    });
    desk.work();
    assert_eq!(desk.content()["rows"], json!([]));
}

#[test]
fn a_document_has_a_size_and_may_shrink_at_the_limit() {
    let mut desk = Desk::new("");
    let long = "x".repeat(60_000);
    let mut sequence = 0;
    let mut edit = |desk: &mut Desk, key: String, value: &str| {
        sequence += 1;
        let base = desk.room.revision();
        desk.submit("c1", vec![op("c1", sequence, base, set(&key, value))])
    };
    let mut written = 0;
    let refusal = loop {
        let result = edit(&mut desk, format!("k{written}"), &long);
        if result[0].is_string() {
            break result;
        }
        written += 1;
        assert!(written < 400, "there is a limit");
    };
    assert_eq!(refusal, ["E_DOC_LIMIT"]);
    assert!((205..220).contains(&written), "about 12 MiB: {written}");
    assert!(
        edit(&mut desk, "k0".to_owned(), "")
            .iter()
            .all(|result| result.is_u64())
    );
    assert!(
        edit(&mut desk, "new".to_owned(), &long)
            .iter()
            .all(|result| result.is_u64())
    );
    assert_eq!(edit(&mut desk, "more".to_owned(), &long), ["E_DOC_LIMIT"]);
    // A room that is opened on it counts the same.
    desk.reopen(0);
    assert_eq!(edit(&mut desk, "more".to_owned(), &long), ["E_DOC_LIMIT"]);
    assert!(
        edit(&mut desk, "k1".to_owned(), "")
            .iter()
            .all(|result| result.is_u64())
    );
    assert!(
        edit(&mut desk, "more".to_owned(), &long)
            .iter()
            .all(|result| result.is_u64())
    );
}

#[test]
fn after_a_failed_snapshot_another_one_is_tried_in_its_time() {
    let mut desk = Desk::new("");
    let mut asked = Vec::new();
    for sequence in 1..=1_600 {
        desk.submit("c1", vec![op("c1", sequence, sequence, set("a", sequence))]);
        let wanted = |output: &Output| matches!(output, Output::SaveSnapshot { .. });
        if let Some(Output::SaveSnapshot { revision, .. }) = desk.take(wanted) {
            asked.push(revision);
            desk.give(Input::SnapshotFailed);
        }
    }
    assert_eq!(asked, [257, 513, 769, 1025, 1281, 1537]);
    desk.leave("s-c1");
    desk.leave("s-c2");
    assert!(desk.room.is_idle());
}

#[test]
fn a_room_without_a_new_snapshot_does_not_keep_the_whole_log() {
    let mut desk = Desk::new("");
    for sequence in 1..=1_100 {
        desk.submit("c1", vec![op("c1", sequence, sequence, set("a", sequence))]);
        desk.take(|output| matches!(output, Output::SaveSnapshot { .. }));
    }
    let request = desk.request();
    let session = id("s-c2");
    desk.give(Input::CatchUp {
        request,
        session,
        since: 1,
        entries: true,
    });
    assert!(desk.read(), "it is read from the log");
}

#[test]
fn a_long_log_of_few_operations_is_covered_by_a_snapshot_too() {
    let mut desk = Desk::new("");
    let long = "x".repeat(30_000);
    let mut asked = 0;
    for sequence in 1..=9 {
        desk.submit(
            "c1",
            vec![op(
                "c1",
                sequence,
                sequence,
                set("a", format!("{long}{sequence}")),
            )],
        );
        let wanted = |output: &Output| matches!(output, Output::SaveSnapshot { .. });
        if let Some(Output::SaveSnapshot { revision, .. }) = desk.take(wanted) {
            asked += 1;
            desk.give(Input::SnapshotSaved { revision });
        }
    }
    assert!(
        (4..=5).contains(&asked),
        "every 64 KiB, with what is replaced: {asked}"
    );
}

#[test]
fn an_old_base_is_read_in_pages_while_the_log_grows() {
    let mut desk = Desk::new("ab");
    for sequence in 1..=1_200 {
        let change = if sequence == 3 {
            text(json!(["1"]))
        } else {
            set("a", sequence)
        };
        desk.submit("c1", vec![op("c1", sequence, sequence, change)]);
    }
    desk.reopen(100);
    let late = desk.send("c2", vec![op("c2", 1, 1, text(json!([1, "X"])))]);
    assert!(desk.read() && desk.read());
    // What was in memory is not any more when the read is done.
    desk.grow_by(2_000);
    desk.work();
    assert_eq!(desk.results(late), [json!(3_202)]);
    assert_eq!(desk.content()["text"], "1aXb");
}

#[test]
fn too_much_to_transform_is_refused() {
    let mut desk = Desk::new("");
    for sequence in 1..=1_000 {
        desk.submit(
            "c1",
            vec![op("c1", sequence, sequence, text(json!(["some text"])))],
        );
    }
    let many = |key: &'static str| {
        let edit = move |n: u64| match key {
            "text" => op("c2", n, 1, text(json!(["x"]))),
            _ => op(
                "c2",
                n,
                1,
                json!({"items": {made(2, n as u32): {"n": [key, null]}}}),
            ),
        };
        (1..=200).map(edit).collect::<Vec<_>>()
    };
    let big = "y".repeat(1_000);
    let edits: Vec<_> = (1..=200)
        .map(|n| op("c1", 1_000 + n, 1_001, text(json!([big]))))
        .collect();
    assert!(
        desk.submit("c1", edits)
            .iter()
            .all(|result| result.is_u64())
    );
    assert_eq!(desk.submit("c2", many("text")), ["E_REV_OLD"]);
    // What touches other items costs next to nothing.
    assert!(
        desk.submit("c2", many("new"))
            .iter()
            .all(|result| result.is_u64())
    );
}

#[test]
fn a_run_is_no_longer_than_a_batch_of_storage() {
    let mut desk = Desk::new("");
    desk.send("c1", vec![op("c1", 1, 1, set("a", 0))]);
    let edits = |client, from: u64| {
        (from..from + 200)
            .map(|n| op(client, n, 1, set("a", n)))
            .collect()
    };
    desk.send("c1", edits("c1", 2));
    desk.send("c2", edits("c2", 1));
    desk.send("c1", edits("c1", 202));
    let mut runs = Vec::new();
    let append = |output: &Output| matches!(output, Output::Append { .. });
    while let Some(Output::Append { entries, .. }) = desk.take(append) {
        runs.push(entries.len());
        desk.store(Ok(()));
    }
    assert_eq!(runs, [1, 400, 200]);
}

#[test]
fn a_client_comes_back_into_a_full_room() {
    let mut desk = Desk::new("");
    for number in 3..=2_000 {
        desk.join(&format!("c{number}"));
    }
    let refused = desk.join("c9999");
    let error = desk.error(refused);
    assert_eq!(error.code, ErrorCode::Overloaded);
    assert!(error.details["retry_after_ms"].as_u64() > Some(0));
    let back = desk.join_as("c7", "s-again");
    assert!(format!("{:?}", desk.answer(back)).contains("Joined(Ok("));
    assert_eq!(desk.room.session_count(), 2_000);
}
