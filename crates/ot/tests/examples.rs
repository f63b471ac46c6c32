//! What becomes of two people's work at one place, case by case.
//!
//! Both start from the same document. The first operation is committed as it is, the later one
//! is transformed over it and committed on top, which is what a server does.

use coboard_ot::{Components, Conflict, Document, Side, commit, invert, transform};
use coboard_protocol::codec::{components, conflicts, plain_from_json, plain_to_json};
use expect_test::{Expect, expect};
use serde_json::{Value, json};

/// A dashboard. Lists and items are numbered in the order they stand here: `panels` is list 1,
/// `row` is item 2 with list 3, `cpu` is item 4, `notes` is item 5 with list 6, `disk` is item 7.
fn dashboard() -> Value {
    json!({
        "panels": [
            {"title": "row", "panels": [{"title": "cpu", "x": 0}]},
            {"title": "notes", "panels": []},
            {"title": "disk", "y": 8, "options": {"unit": "s"}},
        ],
        "refresh": 10,
        "title": "Nodes",
    })
}

fn import(json: &Value) -> Document {
    Document::import(&plain_from_json(json).expect("plain JSON"))
}

fn op(json: &Value) -> Components {
    components::from_json(json).expect("components in normal form")
}

fn committed(document: &mut Document, op: Components) -> (Components, Vec<Conflict>) {
    let committed = commit(document, op);
    document.apply(&committed.components);
    (committed.components, committed.conflicts)
}

/// Commits `first`, then `later`, and shows the document and the conflicts of `later`.
fn check(first: &Value, later: &Value, expected: &Expect) {
    let mut document = import(&dashboard());
    let (first, none) = committed(&mut document, op(first));
    assert_eq!(none, [], "the first one meets nobody");
    let met = transform(op(later), &first, Side::Later);
    let (_, mut found) = committed(&mut document, met.components);
    found.splice(0..0, met.conflicts);
    expected.assert_eq(&shown(&document, &found));
}

/// One line a top-level entry that differs from the dashboard, one a conflict.
fn shown(document: &Document, found: &[Conflict]) -> String {
    let before = dashboard();
    let after = plain_to_json(&document.export());
    let mut out = String::new();
    for (key, value) in after.as_object().expect("a map") {
        if before.get(key) != Some(value) {
            out.push_str(&format!("{key}: {value}\n"));
        }
    }
    for key in before.as_object().expect("a map").keys() {
        if after.get(key).is_none() {
            out.push_str(&format!("no {key}\n"));
        }
    }
    for conflict in found.iter().map(conflicts::record_to_json) {
        let part = |name: &str| &conflict[name];
        out.push_str(&format!(
            "{} mine {} theirs {} winner {}\n",
            part("kind"),
            part("mine"),
            part("theirs"),
            part("winner"),
        ));
    }
    out
}

fn set(cell: &str, old: &Value, new: &Value) -> Value {
    json!({"cells": {cell: {"s": [old, new]}}})
}

fn moved(item: &str, old: &Value, new: &Value) -> Value {
    json!({"items": {item: {"m": [old, new]}}})
}

#[test]
fn both_set_one_cell() {
    check(
        &set("@0/refresh", &json!(10), &json!(5)),
        &set("@0/refresh", &json!(10), &json!(30)),
        &expect![[r#"
            refresh: 30
            "lost_write" mine {"value":30} theirs {"value":5} winner "mine"
        "#]],
    );
}

#[test]
fn both_set_the_same_value() {
    check(
        &set("@0/refresh", &json!(10), &json!(5)),
        &set("@0/refresh", &json!(10), &json!(5)),
        &expect![[r#"
            refresh: 5
        "#]],
    );
}

#[test]
fn an_equal_set_stays_a_write() {
    let first = op(&set("@0/refresh", &json!(10), &json!(5)));
    let met = transform(first.clone(), &first, Side::Later);
    let touch = op(&set("@0/refresh", &json!(5), &json!(5)));
    assert_eq!(met.components, touch);
    assert_eq!(met.conflicts, []);
}

#[test]
fn a_text_edit_meets_a_replacement() {
    check(
        &set("@0/title", &json!("Nodes"), &json!("Pods")),
        &json!({"cells": {"@0/title": {"t": [5, "!"]}}}),
        &expect![[r#"
            title: "Pods"
            "text_vs_set" mine {"text":[5,"!"]} theirs {"value":"Pods"} winner "theirs"
        "#]],
    );
}

#[test]
fn a_replacement_beats_a_text_edit() {
    check(
        &json!({"cells": {"@0/title": {"t": [5, "!"]}}}),
        &set("@0/title", &json!("Nodes"), &json!("Pods")),
        &expect![[r#"
            title: "Pods"
            "text_vs_set" mine {"value":"Pods"} theirs {"text":[5,"!"]} winner "mine"
        "#]],
    );
}

#[test]
fn both_insert_at_one_place() {
    check(
        &json!({"cells": {"@0/title": {"t": [5, " A"]}}}),
        &json!({"cells": {"@0/title": {"t": [5, " B"]}}}),
        &expect![[r#"
            title: "Nodes A B"
            "text_overlap" mine {"text":[5," B"]} theirs {"text":[5," A"]} winner "mine"
        "#]],
    );
}

#[test]
fn edits_at_two_places_of_a_text_meet_nobody() {
    check(
        &json!({"cells": {"@0/title": {"t": ["A "]}}}),
        &json!({"cells": {"@0/title": {"t": [5, " B"]}}}),
        &expect![[r#"
            title: "A Nodes B"
        "#]],
    );
}

#[test]
fn both_delete_overlapping_text() {
    check(
        &json!({"cells": {"@0/title": {"t": [{"d": "Nod"}]}}}),
        &json!({"cells": {"@0/title": {"t": [1, {"d": "odes"}, "x"]}}}),
        &expect![[r#"
            title: "x"
            "text_overlap" mine {"text":[1,"x",{"d":"odes"}]} theirs {"text":[{"d":"Nod"}]} winner "mine"
        "#]],
    );
}

#[test]
fn a_later_add_comes_on_top_of_a_set() {
    check(
        &set("@0/refresh", &json!(10), &json!(5)),
        &json!({"cells": {"@0/refresh": {"a": 2}}}),
        &expect![[r#"
            refresh: 7
        "#]],
    );
}

#[test]
fn an_earlier_add_is_lost_to_a_set() {
    check(
        &json!({"cells": {"@0/refresh": {"a": 2}}}),
        &set("@0/refresh", &json!(10), &json!(5)),
        &expect![[r#"
            refresh: 5
            "add_lost" mine {"value":5} theirs {"add":2} winner "mine"
        "#]],
    );
}

#[test]
fn adds_sum_up() {
    check(
        &json!({"cells": {"@0/refresh": {"a": 2}}}),
        &json!({"cells": {"@0/refresh": {"a": -5}}}),
        &expect![[r#"
            refresh: 7
        "#]],
    );
}

#[test]
fn one_deletes_a_widget_the_other_edits_in_it() {
    let first = moved("7", &json!(["1", "a2"]), &Value::Null);
    let later = set("@7/options/unit", &json!("s"), &json!("ms"));
    check(
        &first,
        &later,
        &expect![[r#"
        panels: [{"panels":[{"title":"cpu","x":0}],"title":"row"},{"panels":[],"title":"notes"}]
        "edit_in_deleted" mine {"value":"ms"} theirs {"location":null} winner "theirs"
    "#]],
    );

    // The edit is in the trash, and restore shows it.
    let mut document = import(&dashboard());
    let (delete, _) = committed(&mut document, op(&first));
    committed(&mut document, op(&later));
    committed(&mut document, invert(&delete));
    expect![[r#"
        panels: [{"panels":[{"title":"cpu","x":0}],"title":"row"},{"panels":[],"title":"notes"},{"options":{"unit":"ms"},"title":"disk","y":8}]
    "#]].assert_eq(&shown(&document, &[]));
}

#[test]
fn one_moves_a_widget_the_other_edits_it() {
    check(
        &moved("7", &json!(["1", "a2"]), &json!(["3", "a1"])),
        &set("@7/y", &json!(8), &json!(0)),
        &expect![[r#"
            panels: [{"panels":[{"title":"cpu","x":0},{"options":{"unit":"s"},"title":"disk","y":0}],"title":"row"},{"panels":[],"title":"notes"}]
        "#]],
    );
}

#[test]
fn both_move_one_widget() {
    check(
        &moved("7", &json!(["1", "a2"]), &json!(["3", "a1"])),
        &moved("7", &json!(["1", "a2"]), &json!(["6", "a0"])),
        &expect![[r#"
            panels: [{"panels":[{"title":"cpu","x":0}],"title":"row"},{"panels":[{"options":{"unit":"s"},"title":"disk","y":8}],"title":"notes"}]
            "concurrent_move" mine {"location":["6","a0"]} theirs {"location":["3","a1"]} winner "mine"
        "#]],
    );
}

#[test]
fn a_later_move_brings_a_deleted_widget_back() {
    check(
        &moved("7", &json!(["1", "a2"]), &Value::Null),
        &moved("7", &json!(["1", "a2"]), &json!(["6", "a0"])),
        &expect![[r#"
            panels: [{"panels":[{"title":"cpu","x":0}],"title":"row"},{"panels":[{"options":{"unit":"s"},"title":"disk","y":8}],"title":"notes"}]
            "move_vs_delete" mine {"location":["6","a0"]} theirs {"location":null} winner "mine"
        "#]],
    );
}

#[test]
fn a_later_delete_beats_a_move() {
    check(
        &moved("7", &json!(["1", "a2"]), &json!(["6", "a0"])),
        &moved("7", &json!(["1", "a2"]), &Value::Null),
        &expect![[r#"
            panels: [{"panels":[{"title":"cpu","x":0}],"title":"row"},{"panels":[],"title":"notes"}]
            "move_vs_delete" mine {"location":null} theirs {"location":["6","a0"]} winner "mine"
        "#]],
    );
}

#[test]
fn both_insert_at_one_index() {
    check(
        &json!({"items": {"101": {"n": [{"title": "A"}, ["1", "a0V"]]}}}),
        &json!({"items": {"201": {"n": [{"title": "B"}, ["1", "a0V"]]}}}),
        &expect![[r#"
            panels: [{"panels":[{"title":"cpu","x":0}],"title":"row"},{"title":"A"},{"title":"B"},{"panels":[],"title":"notes"},{"options":{"unit":"s"},"title":"disk","y":8}]
        "#]],
    );
}

#[test]
fn a_row_into_another_and_that_into_the_first() {
    check(
        &moved("2", &json!(["1", "a0"]), &json!(["6", "a0"])),
        &moved("5", &json!(["1", "a1"]), &json!(["3", "a1"])),
        &expect![[r#"
            panels: [{"panels":[{"panels":[{"title":"cpu","x":0}],"title":"row"}],"title":"notes"},{"options":{"unit":"s"},"title":"disk","y":8}]
            "cycle" mine {"location":["3","a1"]} theirs {} winner "theirs"
        "#]],
    );
}

#[test]
fn a_widget_leaves_a_row_that_is_deleted() {
    check(
        &moved("2", &json!(["1", "a0"]), &Value::Null),
        &moved("4", &json!(["3", "a0"]), &json!(["1", "a3"])),
        &expect![[r#"
            panels: [{"panels":[],"title":"notes"},{"options":{"unit":"s"},"title":"disk","y":8},{"title":"cpu","x":0}]
        "#]],
    );
}

/// Without a policy that sends it back, it goes with the row, and restoring the row shows it.
#[test]
fn a_widget_enters_a_row_that_is_deleted() {
    check(
        &moved("2", &json!(["1", "a0"]), &Value::Null),
        &moved("7", &json!(["1", "a2"]), &json!(["3", "a1"])),
        &expect![[r#"
            panels: [{"panels":[],"title":"notes"}]
            "move_into_deleted" mine {"location":["3","a1"]} theirs {"location":null} winner "mine"
        "#]],
    );
}

#[test]
fn one_replaces_options_the_other_sets_inside() {
    let whole = set("@7/options", &json!({"unit": "s"}), &json!({"min": 0}));
    let inside = set("@7/options/unit", &json!("s"), &json!("ms"));
    check(
        &whole,
        &inside,
        &expect![[r#"
        panels: [{"panels":[{"title":"cpu","x":0}],"title":"row"},{"panels":[],"title":"notes"},{"options":{"min":0},"title":"disk","y":8}]
        "edit_in_replaced" mine {"value":"ms"} theirs {"value":{"min":0}} winner "theirs"
    "#]],
    );
    check(
        &inside,
        &whole,
        &expect![[r#"
        panels: [{"panels":[{"title":"cpu","x":0}],"title":"row"},{"panels":[],"title":"notes"},{"options":{"min":0},"title":"disk","y":8}]
        "edit_in_replaced" mine {"value":{"min":0}} theirs {"value":"ms"} winner "mine"
    "#]],
    );
}

#[test]
fn one_sets_two_cells_the_other_one_of_them() {
    check(
        &json!({"cells": {"@7/y": {"s": [8, 0]}, "@7/x": {"s": [[], 12]}}}),
        &set("@7/y", &json!(8), &json!(4)),
        &expect![[r#"
            panels: [{"panels":[{"title":"cpu","x":0}],"title":"row"},{"panels":[],"title":"notes"},{"options":{"unit":"s"},"title":"disk","x":12,"y":4}]
            "lost_write" mine {"value":4} theirs {"value":0} winner "mine"
        "#]],
    );
}

#[test]
fn both_make_the_same_map_with_a_child_of_their_own() {
    check(
        &set("@0/time", &json!([]), &json!({"to": "now"})),
        &set("@0/time", &json!([]), &json!({"from": "now-1h"})),
        &expect![[r#"
            time: {"from":"now-1h"}
            "lost_write" mine {"value":{"from":"now-1h"}} theirs {"value":{"to":"now"}} winner "mine"
        "#]],
    );
}

#[test]
fn one_removes_a_key_the_other_sets_it() {
    let remove = set("@0/refresh", &json!(10), &json!([]));
    let write = set("@0/refresh", &json!(10), &json!(5));
    check(
        &remove,
        &write,
        &expect![[r#"
        refresh: 5
        "lost_write" mine {"value":5} theirs {} winner "mine"
    "#]],
    );
    check(
        &write,
        &remove,
        &expect![[r#"
        no refresh
        "lost_write" mine {} theirs {"value":5} winner "mine"
    "#]],
    );
}

#[test]
fn a_long_drag_composes_to_two_cells() {
    let mut drag = Components::new();
    for step in 0..1000 {
        let next = json!({"cells": {
            "@4/x": {"s": [step, step + 1]},
            "@7/y": {"s": [8 + step, 9 + step]},
        }});
        drag = coboard_ot::compose(drag, &op(&next));
    }
    expect![[r#"{"cells":{"@4/x":{"s":[0,1000]},"@7/y":{"s":[8,1008]}}}"#]]
        .assert_eq(&components::to_json(&drag).to_string());
}
