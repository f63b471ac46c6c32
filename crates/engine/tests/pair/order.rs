//! What one session sends keeps its order, whatever happens between.

use coboard_engine::room::{Answer, AppendFailure, Output};
use coboard_protocol::{ErrorCode, Retry};
use serde_json::json;

use crate::desk::{Desk, op, set, text};

#[test]
fn who_left_before_the_turn_of_the_join_is_not_here() {
    let mut desk = Desk::new("");
    desk.send("c1", vec![op("c1", 1, 1, set("a", 1))]);
    let request = desk.join("c3");
    desk.leave("s-c3");
    assert_eq!(
        desk.error(request).retry,
        Retry::AfterBackoff,
        "it may join again"
    );
    desk.work();
    assert_eq!(desk.room.session_count(), 2);
    desk.leave("s-c1");
    desk.leave("s-c2");
    assert!(desk.room.is_idle());
}

#[test]
fn what_was_submitted_before_leaving_counts() {
    let mut desk = Desk::new("");
    desk.send("c1", vec![op("c1", 1, 1, set("a", 1))]);
    let last = desk.send("c2", vec![op("c2", 1, 1, set("b", 2))]);
    desk.leave("s-c2");
    desk.work();
    assert_eq!(desk.results(last), [3]);
    assert_eq!(desk.content()["b"], 2);
    assert_eq!(desk.room.session_count(), 1);
}

#[test]
fn what_was_submitted_before_leaving_counts_also_if_storage_is_asked_first() {
    let mut desk = Desk::new("");
    desk.submit("c1", vec![op("c1", 1, 1, set("a", 1))]);
    desk.reopen(0);
    let last = desk.send("c2", vec![op("c2", 1, 1, set("b", 2))]);
    desk.leave("s-c2");
    desk.work();
    assert_eq!(desk.results(last), [3]);
    assert_eq!(desk.room.session_count(), 1);
}

#[test]
fn after_a_newer_join_late_submits_change_nothing() {
    let mut desk = Desk::new("");
    desk.join_as("c1", "s-new");
    let late = desk.send("c1", vec![op("c1", 1, 1, set("a", 1))]);
    assert_eq!(desk.error(late).code, ErrorCode::Forbidden);
    assert_eq!(desk.room.session_count(), 2);
}

#[test]
fn submits_of_one_session_do_not_overtake_each_other() {
    let mut desk = Desk::new("");
    desk.submit("c2", vec![op("c2", 1, 1, set("a", 1))]);
    desk.reopen(0);
    // The first has an old base, so the log must be read; the second could go at once.
    let first = desk.send("c1", vec![op("c1", 1, 1, set("b", 1))]);
    let second = desk.send("c1", vec![op("c1", 2, 2, set("b", 2))]);
    let other = desk.send("c2", vec![op("c2", 2, 2, set("c", 3))]);
    desk.work();
    assert_eq!(desk.results(other), [3], "others do not wait");
    assert_eq!(
        (desk.results(first), desk.results(second)),
        (vec![json!(4)], vec![json!(5)])
    );
    assert_eq!(desk.content()["b"], 2);
}

#[test]
fn each_operation_of_a_submit_lands_where_it_was_made() {
    let mut desk = Desk::new("XY");
    desk.submit("c2", vec![op("c2", 1, 1, text(json!([2, "1"])))]);
    let first = op("c1", 1, 1, text(json!(["aa"])));
    let second = op("c1", 2, 1, text(json!([3, "b"])));
    assert_eq!(desk.submit("c1", vec![first, second]), [3, 4]);
    assert_eq!(desk.content()["text"], "aaXbY1");
}

#[test]
fn a_missing_operation_is_noticed() {
    let mut desk = Desk::new("");
    let edit = |sequence: u64| vec![op("c1", sequence, 1, set("a", sequence))];
    // After a join nobody knows which sequences were refused.
    assert_eq!(desk.submit("c1", edit(5)), [2]);
    assert_eq!(desk.submit("c1", edit(7)), ["E_SEQ_GAP"]);
    assert_eq!(desk.submit("c1", edit(6)), [3]);
    let gap_inside = [edit(7), edit(9)].concat();
    assert_eq!(
        desk.submit("c1", gap_inside),
        [json!(4), json!("E_SEQ_GAP")]
    );
    assert_eq!(desk.submit("c1", edit(4)), ["E_OPID_CONFLICT"]);
}

#[test]
fn a_missing_operation_is_noticed_after_a_refusal() {
    let edit = |sequence: u64| vec![op("c1", sequence, 1, set("a", sequence))];
    // The number of the refused one may be used again, or the one after it.
    for next in [3, 4] {
        let mut desk = Desk::new("");
        desk.submit("c1", edit(1));
        let other_base = op("c1", 3, 9, set("a", 0));
        let both = [edit(2), vec![other_base]].concat();
        assert_eq!(desk.submit("c1", both), [json!(3), json!("E_OP")]);
        assert_eq!(desk.submit("c1", edit(next + 2)), ["E_SEQ_GAP"]);
        assert_eq!(desk.submit("c1", edit(next)), [4]);
        assert_eq!(desk.submit("c1", edit(next + 2)), ["E_SEQ_GAP"]);
    }
}

#[test]
fn a_missing_operation_is_noticed_after_a_failed_append() {
    let mut desk = Desk::new("");
    let edit = |sequence: u64| vec![op("c1", sequence, 1, set("a", sequence))];
    desk.submit("c1", edit(1));
    let failed = desk.send("c1", [edit(2), edit(3)].concat());
    desk.store(Err(AppendFailure::Unavailable));
    let error = desk.error(failed);
    assert_eq!(error.code, ErrorCode::Unavailable);
    assert!(error.details["retry_after_ms"].as_u64() > Some(0));
    assert_eq!(desk.submit("c1", edit(3)), ["E_SEQ_GAP"]);
    assert_eq!(desk.submit("c1", [edit(2), edit(3)].concat()), [3, 4]);
}

#[test]
fn a_lost_word_about_presence_is_repaired() {
    let mut desk = Desk::new("");
    for _ in 0..20 {
        desk.now = desk.now + 5_000;
        desk.give(coboard_engine::room::Input::Timeout);
    }
    let complete = |output: &Output| matches!(output, Output::Presence(told) if told.presence.complete && told.presence.entries.len() == 2);
    let count = desk
        .outputs
        .iter()
        .filter(|output| complete(output))
        .count();
    assert_eq!(count, 3, "every 30 s");
}

#[test]
fn a_join_after_an_append_knows_what_it_brought() {
    let mut desk = Desk::new("");
    desk.send("c1", vec![op("c1", 1, 1, set("a", 1))]);
    // Storage was asked before the append ended, so it says that the client has nothing.
    desk.leave("s-c1");
    let joined = desk.join("c1");
    desk.work();
    assert!(matches!(desk.answer(joined), Some(Answer::Joined(Ok(_)))));
    let other = vec![op("c1", 1, 1, set("a", 2))];
    assert_eq!(desk.submit("c1", other), ["E_OPID_CONFLICT"]);
    assert_eq!(desk.log.len(), 2);
}
