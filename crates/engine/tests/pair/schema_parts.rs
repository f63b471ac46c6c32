//! Of an operation that breaks a rule that part goes which has to, and no other one.

use coboard_protocol::ot::{ConflictKind, ItemId, Location, OrderKey, Value};
use serde_json::{Value as Json, json};

use crate::desk::{Desk, op};
use crate::schema::{board, grid_item};

/// Submits cells and new items in the layout as one operation, and gives the kinds of what it met.
fn submit(desk: &mut Desk, cells: Json, values: &[Json]) -> Vec<ConflictKind> {
    let mut items = serde_json::Map::new();
    for (value, number) in values.iter().zip(1..) {
        let key = OrderKey::between(None, None, (1, number));
        items.insert(
            ItemId::new(1, number).to_string(),
            json!({"n": [value, ["1", key.as_str()]]}),
        );
    }
    let parts = json!({"cells": cells, "items": items});
    submit_parts(desk, parts)
}

fn submit_parts(desk: &mut Desk, parts: Json) -> Vec<ConflictKind> {
    let base = desk.room.revision();
    let results = desk.submit("c1", vec![op("c1", base, base, parts)]);
    assert_eq!(results, [json!(base + 1)]);
    let (entry, _) = desk.log.last().expect("it is in the log");
    let kinds = entry.conflicts.iter().map(|conflict| conflict.record.kind);
    kinds.collect()
}

fn removal(name: &str, title: &str) -> (String, Json) {
    (
        format!("@0/elements/{name}"),
        json!({"s": [{"title": title}, []]}),
    )
}

/// Where an item stands in the layout.
fn key_of(desk: &Desk, item: &str) -> OrderKey {
    let mut items = desk.room.document().items();
    let found = items.find(|(id, _)| id.to_string() == item);
    match found.map(|(_, item)| item.location.clone()) {
        Some(Location::At(_, key)) => key,
        other => panic!("{other:?}"),
    }
}

fn names(desk: &Desk) -> Vec<String> {
    let items = desk.content()["layout"]["spec"]["items"].clone();
    let items = items.as_array().expect("a list").iter();
    let name = |item: &Json| item["spec"]["element"]["name"].as_str().map(str::to_owned);
    let mut names: Vec<String> = items.filter_map(name).collect();
    names.sort();
    names
}

fn elements(desk: &Desk) -> Vec<String> {
    let elements = desk.content()["elements"].clone();
    let elements = elements.as_object().expect("a map");
    elements.keys().cloned().collect()
}

#[test]
fn what_shows_an_element_that_stays_is_put_in() {
    let mut desk = Desk::of(&board());
    let cells = Json::Object([removal("a", "A")].into_iter().collect());
    let met = submit(&mut desk, cells, &[grid_item("a", 16)]);
    assert_eq!(met, [ConflictKind::Schema]);
    assert_eq!(names(&desk), ["a", "a", "b"]);
}

#[test]
fn a_new_reference_goes_and_not_the_removal_beside_it() {
    let mut desk = Desk::of(&board());
    let rename = (
        "@2/spec/element/name".to_owned(),
        json!({"s": ["a", "spare"]}),
    );
    let cells = Json::Object([removal("spare", "S"), rename].into_iter().collect());
    assert_eq!(submit(&mut desk, cells, &[]), [ConflictKind::Schema]);
    assert_eq!(elements(&desk), ["a", "b"]);
    assert_eq!(names(&desk), ["a", "b"]);
}

#[test]
fn an_item_whose_element_was_never_there_may_be_moved() {
    let mut odd = board();
    odd["layout"]["spec"]["items"][0] = grid_item("lost", 0);
    let mut desk = Desk::of(&odd);
    let old = key_of(&desk, "2");
    let new = OrderKey::between(None, Some(&old), (1, 1));
    let moved = json!({"m": [["1", old.as_str()], ["1", new.as_str()]]});
    let met = submit_parts(&mut desk, json!({"items": {"2": moved}}));
    assert_eq!(met, []);
    let (entry, _) = desk.log.last().expect("it is in the log");
    assert_eq!(entry.components.items().count(), 1);
}

#[test]
fn without_elements_there_is_no_rule_of_references() {
    let mut odd = board();
    odd.as_object_mut().expect("a map").remove("elements");
    let mut desk = Desk::of(&odd);
    assert_eq!(submit(&mut desk, json!({}), &[grid_item("new", 16)]), []);
    assert_eq!(names(&desk), ["a", "b", "new"]);
}

#[test]
fn elements_are_not_replaced_by_others_that_lack_what_is_shown() {
    let all = board()["elements"].clone();
    for set in [json!([all, []]), json!([all, {"b": {}}]), json!([all, 1])] {
        let mut desk = Desk::of(&board());
        let cells = json!({"@0/elements": {"s": set}, "@0/n": {"s": [1]}});
        assert_eq!(submit(&mut desk, cells, &[]), [ConflictKind::Schema]);
        assert_eq!(desk.content()["elements"], all);
    }
    // What has all that is shown may come.
    let mut desk = Desk::of(&board());
    let set = json!({"s": [all, {"a": {}, "b": {}}]});
    assert_eq!(submit(&mut desk, json!({"@0/elements": set}), &[]), []);
    assert_eq!(elements(&desk), ["a", "b"]);
}

#[test]
fn what_was_to_stand_inside_of_what_goes_goes_too() {
    let mut desk = Desk::of(&board());
    let before = desk.room.document().items().count();
    let key = OrderKey::between(None, None, (1, 1));
    let list = ItemId::new(1, 9).to_string();
    let mut outer = grid_item("none", 16);
    outer["tags"] = json!({"$l": list});
    let items = json!({
        ItemId::new(1, 1).to_string(): {"n": [outer, ["1", key.as_str()]]},
        ItemId::new(1, 2).to_string(): {"n": ["tag", [list, key.as_str()]]},
    });
    let parts = json!({"cells": {"@0/n": {"s": [1]}}, "items": items});
    let met = submit_parts(&mut desk, parts);
    assert!(met.contains(&ConflictKind::Schema), "{met:?}");
    assert_eq!(desk.room.document().items().count(), before);
}

#[test]
fn what_goes_into_a_list_that_was_there_before_is_kept_with_it() {
    let mut tagged = board();
    tagged["tags"] = json!(["old"]);
    let mut desk = Desk::of(&tagged);
    let tags = desk.room.document().value(ItemId::ROOT, "/tags").cloned();
    let Some(Value::List(tags)) = tags else {
        panic!("a list: {tags:?}");
    };
    let (tags, key) = (tags.to_string(), OrderKey::between(None, None, (1, 1)));
    // The list is on its way to a place that is refused.
    let list = json!({"$l": tags});
    let new = ItemId::new(1, 1);
    let parts = json!({
        "cells": {"@0/tags": {"s": [list, []]}, "@2/spec/x": {"s": [0, list]}},
        "items": {new.to_string(): {"n": ["new", [tags, key.as_str()]]}},
    });
    let met = submit_parts(&mut desk, parts);
    assert!(met.contains(&ConflictKind::Schema), "{met:?}");
    assert_eq!(desk.content().get("tags"), None);
    assert!(desk.room.document().item(new).is_some());
}

#[test]
fn what_else_an_operation_meets_is_told_once() {
    let mut desk = Desk::of(&board());
    let trashed = json!({"3": {"m": [["1", key_of(&desk, "3").as_str()], null]}});
    assert_eq!(submit_parts(&mut desk, json!({"items": trashed})), []);
    let cells = json!({
        "@3/spec/repeat": {"s": ["host"]},
        "@2/spec/element/name": {"s": ["a", "none"]},
    });
    let mut met = submit(&mut desk, cells, &[]);
    met.sort();
    assert_eq!(met, [ConflictKind::EditInDeleted, ConflictKind::Schema]);
}
