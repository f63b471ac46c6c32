//! What each policy makes of two people who change the same thing. `c2` comes first, `c1` second.

use coboard_engine::room::{Answer, AppendFailure, Output, Submission};
use coboard_protocol::Operation;
use coboard_protocol::codec::conflicts;
use coboard_protocol::message::SubmitResult;
use serde_json::{Value as Json, json};

use crate::desk::{Desk, made, op};

/// Lists and items are numbered in preorder: list 1 with panels 2 and 3, panel 3 is a row with list 4
/// and panel 5 in it; list 6 is `tags`.
fn board() -> Json {
    json!({
        "n": 5, "text": "abc",
        "panels": [{"title": "A", "x": 0}, {"title": "R", "panels": [{"title": "B"}]}],
        "tags": [],
    })
}

/// Cells set to values, for example `[["@2/x", 7]]`.
fn sets(cells: &[(&str, Json)]) -> Json {
    let cells = cells
        .iter()
        .map(|(cell, value)| ((*cell).to_owned(), json!({"s": [value]})));
    json!({"cells": cells.collect::<serde_json::Map<_, _>>()})
}

fn moved(item: &str, to: &Json) -> Json {
    json!({"items": {item: {"m": [to]}}})
}

fn trashed(item: &str) -> Json {
    moved(item, &Json::Null)
}

/// An operation with other things in its `meta`.
fn with_meta(submission: Submission, meta: Json) -> Submission {
    let mut operation = serde_json::to_value(submission.expect("it is one")).expect("JSON");
    operation["meta"] = meta;
    Ok(serde_json::from_value::<Operation>(operation).expect("an operation"))
}

/// A room with these policies, in which `c2` did all of `theirs` since revision 1.
fn contested(policies: &[(&str, &str)], theirs: &[Json]) -> Desk {
    let mut desk = Desk::of(&board());
    desk.policies(policies);
    for (sequence, components) in (1..).zip(theirs) {
        let base = desk.room.revision();
        let results = desk.submit("c2", vec![op("c2", sequence, base, components.clone())]);
        assert_eq!(results, [json!(base + 1)]);
    }
    desk
}

/// `c1` submits on revision 1, all in one submit.
fn late(desk: &mut Desk, mine: &[Json]) -> Vec<Json> {
    let operations = (1..)
        .zip(mine)
        .map(|(sequence, components)| op("c1", sequence, 1, components.clone()));
    desk.submit("c1", operations.collect())
}

/// What the newest entry says about its conflicts: kind, place, winner, policy, sequence of theirs.
fn told(desk: &Desk) -> Vec<Json> {
    let (entry, _) = desk.log.last().expect("there are entries");
    let tell = |conflict| {
        let json = conflicts::to_json(conflict);
        if let Some(mine) = json["operations"].get(0) {
            assert_eq!(*mine, json!(entry.id));
        }
        let place = [&json["cell"], &json["item"]]
            .into_iter()
            .find(|place| !place.is_null());
        json!([
            json["kind"],
            place,
            json["winner"],
            json["policy"],
            json["operations"][1]["sequence"]
        ])
    };
    entry.conflicts.iter().map(tell).collect()
}

/// The board after `mine` met `theirs` under a policy, and what is told.
#[track_caller]
fn check(
    policy: (&str, &str),
    theirs: &[Json],
    mine: &[Json],
    at: &str,
    expected: Json,
    records: Json,
) {
    let mut desk = contested(&[policy], theirs);
    let results = late(&mut desk, mine);
    assert!(results.iter().all(Json::is_u64), "{results:?}");
    assert_eq!(
        desk.content().pointer(at),
        Some(&expected).filter(|e| !e.is_null())
    );
    assert_eq!(Json::Array(told(&desk)), records);
}

#[test]
fn the_last_writer_wins_without_a_policy() {
    let (theirs, mine) = ([sets(&[("@0/n", json!(7))])], [sets(&[("@0/n", json!(6))])]);
    check(
        ("/other", "first"),
        &theirs,
        &mine,
        "/n",
        json!(6),
        json!([["lost_write", "@0/n", "mine", null, 1]]),
    );
}

#[test]
fn the_first_writer_wins_with_first() {
    let (theirs, mine) = ([sets(&[("@0/n", json!(7))])], [sets(&[("@0/n", json!(6))])]);
    let first = ("/n", "first");
    check(
        first,
        &theirs,
        &mine,
        "/n",
        json!(7),
        json!([["lost_write", "@0/n", "theirs", "first", 1]]),
    );
    // Equal values are no conflict, and what nobody else touched is written.
    check(first, &theirs, &theirs, "/n", json!(7), json!([]));
    let other = [sets(&[("@0/text", json!("x"))])];
    check(first, &theirs, &other, "/text", json!("x"), json!([]));
}

#[test]
fn first_holds_for_deep_cells_adds_texts_and_places() {
    let first = ("/panels/**", "first");
    let (theirs, mine) = (
        [sets(&[("@5/title", json!("T"))])],
        [sets(&[("@5", json!({"title": "M"}))])],
    );
    check(
        first,
        &theirs,
        &mine,
        "/panels/1/panels/0/title",
        json!("T"),
        json!([["edit_in_replaced", "@5", "theirs", "first", 1]]),
    );
    let texts = |at: usize| [json!({"cells": {"@2/title": {"t": [at, "x"]}}})];
    check(
        first,
        &texts(0),
        &texts(1),
        "/panels/0/title",
        json!("xA"),
        json!([["lost_write", "@2/title", "theirs", "first", 1]]),
    );
    let adds = |by: i64| [json!({"cells": {"@2/x": {"a": by}}})];
    check(
        first,
        &adds(1),
        &adds(2),
        "/panels/0/x",
        json!(1),
        json!([["lost_write", "@2/x", "theirs", "first", 1]]),
    );
    let moves = |key: &str| [moved("2", &json!(["4", key]))];
    let records = json!([["concurrent_move", "2", "theirs", "first", 1]]);
    check(
        first,
        &moves("Zz"),
        &moves("a9"),
        "/panels/0/panels/0/title",
        json!("A"),
        records,
    );
    let records = json!([["move_vs_delete", "2", "theirs", "first", 1]]);
    check(
        first,
        &[trashed("2")],
        &moves("a9"),
        "/panels/1",
        Json::Null,
        records,
    );
}

#[test]
fn what_was_contested_stays_so_for_the_rest_of_the_submit() {
    let theirs = [sets(&[("@0/n", json!(7))])];
    for mine in [
        vec![sets(&[("@0/n", json!(8))]), sets(&[("@0/n", json!(9))])],
        vec![sets(&[("@0/n", json!(7))]), sets(&[("@0/n", json!(9))])],
        vec![sets(&[("@0/n", json!(9))])],
    ] {
        let records = json!([["lost_write", "@0/n", "theirs", "first", 1]]);
        check(("/n", "first"), &theirs, &mine, "/n", json!(7), records);
    }
}

#[test]
fn what_was_made_on_a_dropped_value_goes_with_it() {
    let theirs = [sets(&[("@0/n", json!({"deep": "theirs"}))])];
    let mine = [
        sets(&[("@0/n", json!({"deep": "mine"}))]),
        json!({"cells": {"@0/n/deep": {"t": [4, "!"]}}}),
    ];
    let records = json!([["edit_in_replaced", "@0/n/deep", "theirs", null, null]]);
    check(
        ("/n", "first"),
        &theirs,
        &mine,
        "/n/deep",
        json!("theirs"),
        records,
    );
}

#[test]
fn an_atomic_operation_is_refused_with_what_was_in_its_way() {
    let mut desk = contested(&[("/n", "reject")], &[sets(&[("@0/n", json!(7))])]);
    let mine = sets(&[("@0/n", json!(6)), ("@0/text", json!("mine"))]);
    let atomic = with_meta(op("c1", 1, 1, mine.clone()), json!({"atomic": true}));
    let request = desk.send("c1", vec![atomic]);
    let Some(Answer::Submitted(Ok(submitted))) = desk.answer(request) else {
        panic!("it is answered");
    };
    let error = serde_json::to_value(&submitted.results[0]).expect("JSON")["error"].clone();
    assert_eq!(
        (&error["code"], &error["details"]["reason"]),
        (&json!("E_OP"), &json!("policy"))
    );
    let told = &error["details"]["conflicts"];
    assert_eq!(told.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&told[0]["policy"], &told[0]["theirs"]),
        (&json!("reject"), &json!({"value": 7}))
    );
    assert_eq!(desk.room.revision(), 2);
    // One that is not atomic loses only that part.
    assert_eq!(late(&mut desk, &[mine]), [json!(3)]);
    let content = desk.content();
    assert_eq!(
        (&content["n"], &content["text"]),
        (&json!(7), &json!("mine"))
    );
}

#[test]
fn a_refusal_shows_the_first_of_many_conflicts() {
    let cells: Vec<String> = (0..25).map(|number| format!("@0/k{number}")).collect();
    let all = |value: u64| {
        let cells: Vec<_> = cells
            .iter()
            .map(|cell| (cell.as_str(), json!(value)))
            .collect();
        sets(&cells)
    };
    let mut desk = contested(&[("/**", "reject")], &[all(1)]);
    let atomic = with_meta(op("c1", 1, 1, all(2)), json!({"atomic": true}));
    let request = desk.send("c1", vec![atomic]);
    let Some(Answer::Submitted(Ok(submitted))) = desk.answer(request) else {
        panic!("it is answered");
    };
    let error = serde_json::to_value(&submitted.results[0]).expect("JSON")["error"].clone();
    let told = error["details"]["conflicts"].as_array().map(Vec::len);
    assert_eq!(told, Some(20));
}

#[test]
fn what_was_restored_meanwhile_is_not_deleted() {
    let theirs = [trashed("2"), moved("2", &json!(["1", "a0"]))];
    let mine = [sets(&[("@2/title", json!("M"))])];
    let delete_wins = ("/panels/**", "delete_wins");
    check(
        delete_wins,
        &theirs,
        &mine,
        "/panels/0/title",
        json!("M"),
        json!([]),
    );
}

#[test]
fn manual_keeps_both_sides_for_a_person() {
    let mut desk = contested(&[("/n", "manual")], &[sets(&[("@0/n", json!(7))])]);
    let mine = json!({"cells": {"@0/n": {"s": [5, 6]}}});
    let request = desk.send("c1", vec![op("c1", 1, 1, mine)]);
    desk.work();
    let Some(Answer::Submitted(Ok(submitted))) = desk.answer(request) else {
        panic!("it is answered");
    };
    let SubmitResult::Ack {
        conflicts: told, ..
    } = &submitted.results[0]
    else {
        panic!("it is committed");
    };
    let expected = json!({
        "kind": "lost_write", "cell": "@0/n", "before": {"value": 5}, "mine": {"value": 6},
        "theirs": {"value": 7}, "winner": "theirs", "policy": "manual",
        "operations": [{"client": "c1", "sequence": 1}, {"client": "c2", "sequence": 1}],
    });
    assert_eq!(
        told.iter().map(conflicts::to_json).collect::<Vec<_>>(),
        [expected]
    );
    // The same is in the log and goes to everybody.
    assert_eq!(
        desk.log.last().map(|(entry, _)| &entry.conflicts),
        Some(told)
    );
    let committed = desk.outputs.iter().any(|output| {
        matches!(output, Output::Committed(committed) if committed.entries.iter().any(|entry| entry.conflicts == *told))
    });
    assert!(committed);
    assert_eq!(desk.content()["n"], 7);
}

#[test]
fn what_is_deleted_stays_deleted_with_delete_wins() {
    let delete_wins = ("/panels/**", "delete_wins");
    let row = [trashed("3")];
    let records = json!([["edit_in_deleted", "@5/title", "theirs", "delete_wins", 1]]);
    check(
        delete_wins,
        &row,
        &[sets(&[("@5/title", json!("M"))])],
        "/panels/1",
        Json::Null,
        records,
    );
    let records = json!([["move_vs_delete", "3", "theirs", "delete_wins", 1]]);
    check(
        delete_wins,
        &row,
        &[moved("3", &json!(["1", "a9"]))],
        "/panels/1",
        Json::Null,
        records,
    );
    let records = json!([["move_vs_delete", "5", "theirs", "delete_wins", 1]]);
    check(
        delete_wins,
        &row,
        &[moved("5", &json!(["1", "a9"]))],
        "/panels/1",
        Json::Null,
        records,
    );
    // Without it the later move brings it back.
    let records = json!([["move_vs_delete", "3", "mine", null, 1]]);
    check(
        ("/n", "first"),
        &row,
        &[moved("3", &json!(["1", "a9"]))],
        "/panels/1/title",
        json!("R"),
        records,
    );
}

#[test]
fn an_edit_under_delete_wins_is_gone_after_a_restore_too() {
    let mut desk = contested(&[("/panels/**", "delete_wins")], &[trashed("2")]);
    late(&mut desk, &[sets(&[("@2/title", json!("M"))])]);
    let back = op("c2", 2, 3, moved("2", &json!(["1", "a0"])));
    assert_eq!(desk.submit("c2", vec![back]), [json!(4)]);
    assert_eq!(desk.content()["panels"][0]["title"], "A");
}

#[test]
fn who_knew_of_the_delete_may_restore() {
    let mut desk = contested(&[("/panels/**", "delete_wins")], &[trashed("2")]);
    let back = op("c1", 1, 2, moved("2", &json!(["1", "a0"])));
    assert_eq!(desk.submit("c1", vec![back]), [json!(3)]);
    assert_eq!(desk.content()["panels"][0]["title"], "A");
}

#[test]
fn an_item_bounces_off_a_deleted_row() {
    let into_row = [moved("2", &json!(["4", "a9"]))];
    let records = json!([["move_into_deleted", "2", "theirs", "bounce", 1]]);
    check(
        ("/panels/*", "bounce"),
        &[trashed("3")],
        &into_row,
        "/panels/0/title",
        json!("A"),
        records,
    );
    let records = json!([["move_into_deleted", "2", "mine", null, 1]]);
    check(
        ("/n", "bounce"),
        &[trashed("3")],
        &into_row,
        "/panels/0",
        Json::Null,
        records,
    );
    // A list that was replaced is as gone as a deleted one.
    let records = json!([["move_into_deleted", "2", "theirs", "bounce", null]]);
    check(
        ("/panels/*", "bounce"),
        &[sets(&[("@3/panels", json!(null))])],
        &into_row,
        "/panels/0/title",
        json!("A"),
        records,
    );
    // A row that comes back with the operation takes it in.
    let mut desk = contested(&[("/panels/*", "bounce")], &[trashed("3")]);
    let both = json!({"items": {"2": {"m": [["4", "a9"]]}, "3": {"m": [["1", "a5"]]}}});
    late(&mut desk, &[both]);
    assert_eq!(desk.content()["panels"][0]["panels"][1]["title"], "A");
}

/// A row that the operation makes in a deleted one takes its items with it, as it does when it
/// comes by itself first: how somebody groups what they do decides nothing.
#[test]
fn an_item_goes_with_a_row_that_its_own_author_makes_in_a_deleted_one() {
    let [row, list] = [made(1, 1), made(1, 2)];
    let new = json!({"n": [{"panels": {"$l": list}}, ["4", "a9"]]});
    let into_it = json!({"m": [[list, "a0"]]});
    let as_one = [json!({"items": {row.clone(): new, "2": into_it}})];
    let by_two = [
        json!({"items": {row: new}}),
        json!({"items": {"2": into_it}}),
    ];
    for mine in [&as_one[..], &by_two[..]] {
        let mut desk = contested(&[("/panels/*", "bounce")], &[trashed("3")]);
        late(&mut desk, mine);
        assert_eq!(desk.content()["panels"], json!([]), "{mine:?}");
    }
}

#[test]
fn it_bounces_to_where_it_was_moved_meanwhile() {
    let theirs = [trashed("3"), moved("2", &json!(["6", "a0"]))];
    let mut desk = contested(&[("/**", "bounce")], &theirs);
    late(&mut desk, &[moved("2", &json!(["4", "a9"]))]);
    assert_eq!(desk.content()["tags"][0]["title"], "A");
}

#[test]
fn the_better_number_stands_with_max_and_min() {
    let number = |n: Json| [sets(&[("@0/n", n)])];
    for (policy, theirs, mine, expected, winner) in [
        ("max", json!(7), json!(6), json!(7), "theirs"),
        ("max", json!(7), json!(7.5), json!(7.5), "mine"),
        ("min", json!(7), json!(6), json!(6), "mine"),
        ("min", json!(-7.25), json!(6), json!(-7.25), "theirs"),
    ] {
        let records = json!([["lost_write", "@0/n", winner, policy, 1]]);
        check(
            ("/n", policy),
            &number(theirs),
            &number(mine),
            "/n",
            expected,
            records,
        );
    }
    // What is no number is left to the last writer.
    let records = json!([["lost_write", "@0/n", "mine", null, 1]]);
    check(
        ("/n", "max"),
        &number(json!("x")),
        &number(json!(1)),
        "/n",
        json!(1),
        records,
    );
}

#[test]
fn max_judges_what_the_author_ends_with() {
    let set = |n: i64| sets(&[("@0/n", json!(n))]);
    let add = |n: i64| json!({"cells": {"@0/n": {"a": n}}});
    for (mine, expected) in [
        (vec![set(9), set(3)], 7),
        (vec![set(3), set(9)], 9),
        (vec![set(3), add(5)], 8),
        (vec![set(3), add(1)], 7),
        (vec![set(9), add(1)], 10),
        (vec![set(9), add(-4)], 7),
    ] {
        let mut desk = contested(&[("/n", "max")], &[set(7)]);
        let results = late(&mut desk, &mine);
        assert_eq!(results, [json!(3), json!(4)]);
        assert_eq!(desk.content()["n"], expected, "{mine:?}");
    }
}

#[test]
fn the_first_rule_that_matches_decides() {
    let theirs = [sets(&[("@0/n", json!(7))])];
    for (rules, expected) in [
        ([("/n", "lww"), ("/**", "first")], 6),
        ([("/**", "first"), ("/n", "lww")], 7),
    ] {
        let mut desk = contested(&rules, &theirs);
        late(&mut desk, &[sets(&[("@0/n", json!(6))])]);
        assert_eq!(desk.content()["n"], expected, "{rules:?}");
    }
}

#[test]
fn an_operation_may_ask_for_a_policy_where_there_is_none() {
    let mine = |policy: &str| {
        let components = sets(&[("@0/n", json!(6)), ("@0/text", json!("m"))]);
        with_meta(op("c1", 1, 1, components), json!({"policy": policy}))
    };
    let theirs = [sets(&[("@0/n", json!(7)), ("@0/text", json!("t"))])];
    for (rules, own, n, text) in [
        (vec![], "first", 7, "t"),
        (vec![], "lww", 6, "m"),
        (vec![("/n", "min")], "first", 6, "t"),
        (vec![("/n", "first")], "lww", 7, "m"),
        // A rule that the last one wins is a rule too.
        (vec![("/n", "lww")], "first", 6, "t"),
    ] {
        let mut desk = contested(&rules, &theirs);
        assert_eq!(desk.submit("c1", vec![mine(own)]), [json!(3)]);
        let content = desk.content();
        assert_eq!(
            (&content["n"], &content["text"]),
            (&json!(n), &json!(text)),
            "{own}"
        );
    }
}

#[test]
fn policies_hold_from_the_moment_they_are_given() {
    let mut desk = contested(&[], &[sets(&[("@0/n", json!(7))])]);
    desk.outputs.clear();
    desk.policies(&[("/n", "first")]);
    let told = desk.take(|output| matches!(output, Output::PoliciesChanged(_)));
    let told = match told {
        Some(Output::PoliciesChanged(message)) => serde_json::to_value(message).expect("JSON"),
        _ => panic!("everybody is told"),
    };
    assert_eq!(told["policies"], json!([{"path": "/n", "policy": "first"}]));
    late(&mut desk, &[sets(&[("@0/n", json!(6))])]);
    assert_eq!(desk.content()["n"], 7);
    desk.policies(&[]);
    let mine = op("c1", 2, 1, sets(&[("@0/n", json!(4))]));
    assert_eq!(desk.submit("c1", vec![mine]), [json!(4)]);
    assert_eq!(desk.content()["n"], 4);
}

#[test]
fn an_operation_that_is_sent_again_is_ruled_as_it_was_submitted() {
    for failure in [AppendFailure::Unavailable, AppendFailure::Full] {
        let mut desk = contested(
            &[("/n", "max"), ("/panels/*", "bounce")],
            &[sets(&[("@0/n", json!(7))])],
        );
        let mine = || {
            let add = json!({"cells": {"@0/n": {"a": 1}}, "items": {"2": {"m": [["4", "a9"]]}}});
            vec![
                op("c1", 1, 1, sets(&[("@0/n", json!(6))])),
                op("c1", 2, 1, add),
            ]
        };
        let request = desk.send("c1", mine());
        assert!(desk.store(Err(failure)));
        assert!(desk.results(request)[0].is_string());
        // Meanwhile somebody else gets in between.
        let theirs = json!({"cells": {"@0/n": {"a": 1}}, "items": {"3": {"m": [null]}}});
        assert_eq!(desk.submit("c2", vec![op("c2", 2, 2, theirs)]), [json!(3)]);
        assert_eq!(desk.submit("c1", mine()), [json!(4), json!(5)]);
        // The better of 6 + 1 and 7 + 1; the panel stays out of the deleted row.
        let content = desk.content();
        assert_eq!(
            (&content["n"], &content["panels"][0]["title"]),
            (&json!(8), &json!("A"))
        );
        // Sent again it is the same operation with the same answer.
        assert_eq!(desk.submit("c1", mine()), [json!(4), json!(5)]);
        assert_eq!(desk.content(), content);
    }
}

#[test]
fn entries_that_left_the_memory_are_met_with_their_operation() {
    let theirs = [sets(&[("@0/n", json!(7))]), trashed("2")];
    let mut desk = contested(&[("/n", "manual")], &theirs);
    desk.reopen(0);
    desk.policies(&[("/n", "manual")]);
    let mine = [sets(&[("@0/n", json!(6)), ("@2/title", json!("M"))])];
    assert_eq!(late(&mut desk, &mine), [json!(4)]);
    let expected = json!([
        ["lost_write", "@0/n", "theirs", "manual", 1],
        ["edit_in_deleted", "@2/title", "theirs", null, 2],
    ]);
    assert_eq!(Json::Array(told(&desk)), expected);
}
