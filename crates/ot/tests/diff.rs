//! The diff of two versions: exact on random ones, small on those a person can judge.

use coboard_ot::{Components, Document, ItemId, Json as Plain, Path, commit, diff, invert};
use coboard_protocol::codec::{components, plain_from_json, plain_to_json};
use coboard_testkit::{Generator, Random, Taste, Versions};
use expect_test::{Expect, expect};
use serde_json::{Value as Json, json};

const CASES: u64 = 2_000;
const SEED: u64 = 20;

fn seed() -> u64 {
    std::env::var("SEED").map_or(SEED, |seed| seed.parse().expect("SEED is a number"))
}

fn plain(json: &Json) -> Plain {
    plain_from_json(json).expect("plain JSON")
}

/// The diff of the whole document, with ids of client 7.
fn whole(document: &Document, new: &Plain, counter: &mut u32) -> Components {
    let mut next_id = || {
        *counter += 1;
        ItemId::new(7, *counter).as_u64()
    };
    diff(document, ItemId::ROOT, &Path::whole(), new, &mut next_id)
}

/// Diffs, checks all that is promised of a diff, and applies it.
fn step(document: &mut Document, new: &Plain, counter: &mut u32, hint: &str) -> Components {
    let before = document.export();
    let op = whole(document, new, counter);
    let committed = commit(document, op.clone());
    assert_eq!(
        committed.components, op,
        "{hint}: it applies as a whole, old values filled in"
    );
    assert_eq!(committed.conflicts, [], "{hint}");
    let (cells, items) = (op.cells(), op.items());
    let cells = cells.map(|(item, path, change)| (item, path.clone(), change.clone()));
    let items = items.map(|(item, change)| (item, change.clone()));
    let normal = Components::from_parts(cells, items).expect("the normal form");
    assert_eq!(normal, op, "{hint}");
    document.apply(&op);
    assert_eq!(document.export(), *new, "{hint}: it gives the new version");
    let mut back = document.clone();
    back.apply(&invert(&op));
    assert_eq!(
        back.export(),
        before,
        "{hint}: its inverse gives the old one"
    );
    let again = whole(document, new, counter);
    assert!(
        again.is_empty(),
        "{hint}: nothing is left to do, but {again:?}"
    );
    op
}

#[test]
fn versions_of_a_dashboard_follow_each_other() {
    for case in 0..CASES {
        let mut versions = Versions::new(Random::new(seed(), case));
        let mut version = versions.first();
        let mut document = Document::import(&plain(&version));
        let mut counter = 0;
        for number in 0..5 {
            version = versions.next(&version);
            let hint = format!("SEED={} case {case} version {number}", seed());
            step(&mut document, &plain(&version), &mut counter, &hint);
        }
    }
}

#[test]
fn any_document_becomes_any_other() {
    for case in 0..CASES {
        let taste = [Taste::Structure, Taste::Text][case as usize % 2];
        let mut generator = Generator::new(Random::new(seed(), case), taste);
        let mut document = generator.document().to_document();
        let mut counter = 0;
        let hint = format!("SEED={} case {case}", seed());
        let other = generator.document().to_document().export();
        step(&mut document, &other, &mut counter, &hint);
        let any = Versions::new(Random::new(seed() + 1, case)).value(0);
        step(&mut document, &plain(&any), &mut counter, &hint);
    }
}

#[test]
fn edits_of_a_generated_document_are_found_again() {
    for case in 0..CASES {
        let mut generator = Generator::new(Random::new(seed(), case), Taste::Text);
        let before = generator.document();
        let mut after = before.clone();
        for client in 1..4 {
            for edit in generator.edits(&after.clone(), client) {
                edit.apply(&mut after);
            }
        }
        let mut document = before.to_document();
        let new = after.to_document().export();
        let hint = format!("SEED={} case {case}", seed());
        step(&mut document, &new, &mut 0, &hint);
    }
}

/// A dashboard: `panels` is list 1 with the items 2, 7 and 12; each has `targets` with two items.
fn dashboard() -> Json {
    let panel = |id: u32, title: &str, x: u32| {
        json!({
            "id": id, "title": title, "gridPos": {"x": x, "w": 6},
            "targets": [
                {"refId": "A", "expr": "sum(rate(requests_total[5m])) by (instance)"},
                {"refId": "B", "expr": "up"},
            ],
        })
    };
    json!({
        "panels": [panel(1, "CPU usage", 0), panel(2, "Memory in use", 6), panel(3, "Disk space", 12)],
        "tags": ["nodes", "prod"],
        "steps": [0, 50, 90],
    })
}

fn check(edit: impl FnOnce(&mut Json), expected: &Expect) {
    let mut version = dashboard();
    let mut document = Document::import(&plain(&version));
    edit(&mut version);
    let op = step(&mut document, &plain(&version), &mut 0, "example");
    let mut lines = Vec::new();
    if let Json::Object(parts) = components::to_json(&op) {
        for part in parts.values().filter_map(Json::as_object) {
            lines.extend(
                part.iter()
                    .map(|(address, change)| format!("{address} {change}\n")),
            );
        }
    }
    expected.assert_eq(&lines.concat());
}

fn panels(dashboard: &mut Json) -> &mut Vec<Json> {
    dashboard["panels"].as_array_mut().expect("an array")
}

#[test]
fn unchanged_is_empty() {
    check(|_| {}, &expect![[""]]);
}

#[test]
fn two_panels_swapped_are_one_move() {
    check(
        |new| panels(new).swap(1, 2),
        &expect![[r#"
        10 {"m":[["1","a2"],["1","a0V.7.1."]]}
    "#]],
    );
}

#[test]
fn a_new_title_is_one_cell() {
    check(
        |new| new["panels"][1]["title"] = json!("Memory"),
        &expect![[r#"
            @6/title {"s":["Memory in use","Memory"]}
        "#]],
    );
    check(
        |new| new["panels"][1]["title"] = json!("Memory in active use"),
        &expect![[r#"
            @6/title {"t":[10,"active "]}
        "#]],
    );
}

#[test]
fn a_panel_in_the_middle_is_one_new_item() {
    let new_panel = json!({"id": 9, "title": "Notes", "text": "hello"});
    check(
        |new| panels(new).insert(1, new_panel),
        &expect![[r#"
        30064771074 {"n":[{"id":9,"text":"hello","title":"Notes"},["1","a0V.7.1."]]}
    "#]],
    );
}

#[test]
fn a_deleted_panel_is_one_move_to_trash() {
    check(
        |new| drop(panels(new).remove(0)),
        &expect![[r#"
        2 {"m":[["1","a0"],null]}
    "#]],
    );
}

#[test]
fn a_panel_that_goes_into_a_new_row_stays_itself() {
    let edit = |new: &mut Json| {
        let mut inner = panels(new).remove(2);
        inner["gridPos"]["x"] = json!(0);
        let row = json!({"id": 10, "type": "row", "panels": [inner]});
        panels(new).push(row);
    };
    check(
        edit,
        &expect![[r#"
        @10/gridPos/x {"s":[12,0]}
        10 {"m":[["1","a2"],["30064771075","a0"]]}
        30064771074 {"n":[{"id":10,"panels":{"$l":"30064771075"},"type":"row"},["1","a2.7.1."]]}
    "#]],
    );
}

#[test]
fn an_expression_is_edited_in_several_places() {
    let expr = json!("avg(rate(requests_total[15m])) by (instance)");
    check(
        |new| new["panels"][0]["targets"][0]["expr"] = expr,
        &expect![[r#"
            @4/expr {"t":["avg",{"d":"sum"},21,"1"]}
        "#]],
    );
}

#[test]
fn lists_of_words_and_numbers_change_by_item() {
    let edit = |new: &mut Json| {
        new["tags"] = json!(["linux", "prod", "nodes"]);
        new["steps"] = json!([0, 60, 90]);
    };
    check(
        edit,
        &expect![[r#"
        @16 {"s":[50,60]}
        20 {"m":[["18","a1"],["18","Zz.7.1."]]}
        30064771075 {"n":["linux",["18","Zy.7.2."]]}
    "#]],
    );
}

#[test]
fn a_cell_of_another_type_is_replaced() {
    let edit = |new: &mut Json| {
        new["panels"][0]["gridPos"] = json!([0, 6]);
        new["steps"] = json!({"mode": "auto"});
    };
    check(
        edit,
        &expect![[r#"
        @0/steps {"s":[{"$l":"14"},{"mode":"auto"}]}
        @2/gridPos {"s":[{"w":6,"x":0},{"$l":"30064771073"}]}
        30064771074 {"n":[0,["30064771073","a0"]]}
        30064771075 {"n":[6,["30064771073","a1"]]}
    "#]],
    );
}

#[test]
fn an_id_that_is_not_unique_does_not_count() {
    let mut version = json!({"panels": [{"id": 1, "a": 1}, {"id": 1, "b": 2}]});
    let mut document = Document::import(&plain(&version));
    panels(&mut version).swap(0, 1);
    let op = step(&mut document, &plain(&version), &mut 0, "example");
    assert_eq!(op.len(), 1, "equal items are found: {op:?}");
}

#[test]
fn one_cell_alone_can_be_given() {
    let mut document = Document::import(&plain(&dashboard()));
    let path = Path::of(["steps"]);
    let new = plain(&json!([50, 90]));
    let mut counter = 100;
    let mut next_id = || {
        counter += 1;
        counter
    };
    let op = diff(&document, ItemId::ROOT, &path, &new, &mut next_id);
    assert_eq!(op.len(), 1, "one item goes: {op:?}");
    let absent = Path::of(["fresh"]);
    let fresh = diff(&document, ItemId::ROOT, &absent, &new, &mut next_id);
    assert_eq!(fresh.len(), 3, "a cell and two items: {fresh:?}");
    let nowhere = diff(
        &document,
        ItemId::ROOT,
        &Path::of(["steps", "x"]),
        &new,
        &mut next_id,
    );
    assert!(
        nowhere.is_empty()
            && diff(&document, ItemId::from(99), &path, &new, &mut next_id).is_empty()
    );
    document.apply(&op);
    document.apply(&fresh);
    let json = plain_to_json(&document.export());
    assert_eq!(
        (&json["steps"], &json["fresh"]),
        (&json!([50, 90]), &json!([50, 90]))
    );
}
