//! What the room does by itself: it renumbers keys that grew long and purges what was deleted.

use coboard_engine::room::{AppendFailure, Input};
use coboard_protocol::ot::{
    Components, ConflictKind, ItemChange, ItemId, ListId, Location, OrderKey, Value,
};
use coboard_protocol::{Kind, LogEntry, Meta, OperationId, User};
use serde_json::{Value as Json, json};

use crate::desk::{Desk, id, op, set};
use crate::world::World;

/// The list of the tags and its items in order.
fn tags(desk: &Desk) -> (ListId, Vec<(OrderKey, ItemId)>) {
    let Some(Value::List(list)) = desk.room.document().value(ItemId::ROOT, "/tags") else {
        panic!("the board has a list");
    };
    let items = desk.room.document().list(*list);
    (
        *list,
        items.map(|(key, item)| (key.clone(), item)).collect(),
    )
}

fn insert(list: ListId, client: u32, counter: u32, key: &OrderKey) -> Json {
    let item = ItemId::new(client, counter).to_string();
    let value = format!("{client}-{counter}");
    json!({"items": {item: {"n": [value, [list.to_string(), key.as_str()]]}}})
}

fn fixups(desk: &Desk) -> Vec<&LogEntry> {
    let entries = desk.log.iter().map(|(entry, _)| entry);
    entries
        .filter(|entry| entry.meta.kind == Kind::Fixup)
        .collect()
}

/// Puts items right after the first, the newest first, until the room renumbers or a key is as
/// long as wanted. The counter it comes to.
fn crowd(desk: &mut Desk, from: u32, bytes: usize) -> u32 {
    let mut counter = from;
    loop {
        counter += 1;
        let (list, items) = tags(desk);
        let right = items.get(1).map(|(key, _)| key);
        let key = OrderKey::between(Some(&items[0].0), right, (1, counter));
        let base = desk.room.revision();
        let made = insert(list, 1, counter, &key);
        let results = desk.submit("c1", vec![op("c1", u64::from(counter), base, made)]);
        assert!(results[0].is_number(), "{results:?}");
        if key.as_str().len() > bytes {
            return counter;
        }
        assert!(counter < 3_000, "keys grow");
    }
}

#[test]
fn long_keys_are_renumbered_and_late_inserts_land_between_the_same_items() {
    let mut desk = Desk::new("");
    let counter = crowd(&mut desk, 0, 120);
    let base = desk.room.revision();
    let (list, before) = tags(&desk);
    assert!(fixups(&desk).is_empty());
    crowd(&mut desk, counter, 128);
    assert_eq!(fixups(&desk).len(), 1);
    let (_, after) = tags(&desk);
    let longest = after.iter().map(|(key, _)| key.as_str().len()).max();
    assert!(longest < Some(64), "{longest:?}");
    // The order of those that were there before is the same.
    let order = |items: &[(OrderKey, ItemId)]| -> Vec<ItemId> {
        let known = items
            .iter()
            .filter(|(_, item)| before.iter().any(|(_, known)| known == item));
        known.map(|(_, item)| *item).collect()
    };
    assert_eq!(order(&before), order(&after));
    // Somebody who has not seen it puts two items between two others.
    for (round, at) in [3, before.len() / 2, before.len() - 3]
        .into_iter()
        .enumerate()
    {
        let (left, right) = (&before[at], &before[at + 1]);
        let first = OrderKey::between(Some(&left.0), Some(&right.0), (2, 1));
        let second = OrderKey::between(Some(&first), Some(&right.0), (2, 2));
        let counter = 1 + 2 * round as u32;
        let sequence = u64::from(counter);
        let both = vec![
            op("c2", sequence, base, insert(list, 2, counter, &first)),
            op(
                "c2",
                sequence + 1,
                base,
                insert(list, 2, counter + 1, &second),
            ),
        ];
        let results = desk.submit("c2", both);
        assert!(results.iter().all(Json::is_number), "{results:?}");
        let (_, now) = tags(&desk);
        let place = now.iter().position(|(_, item)| *item == left.1);
        let rest = now[place.expect("it is there")..].iter();
        let found: Vec<ItemId> = rest.take(4).map(|(_, item)| *item).collect();
        let made = |counter| ItemId::new(2, counter);
        let expected = [left.1, made(counter), made(counter + 1), right.1];
        assert_eq!(found, expected, "at {at}");
    }
}

/// The server makes deleted items, and their entry leaves the memory.
fn with_deleted(count: u32) -> Desk {
    let mut desk = Desk::new("");
    let items = (1..=count).map(|counter| {
        let value = Value::Str("deleted".into());
        let location = Location::Trash;
        (ItemId::new(7, counter), ItemChange::New { value, location })
    });
    let request = desk.request();
    desk.give(Input::Write {
        request,
        id: OperationId {
            client: id("server"),
            sequence: 1,
        },
        author: User {
            id: id("u1"),
            name: "U".to_owned(),
        },
        components: Components::from_parts([], items).expect("a normal form"),
        meta: Meta::default(),
    });
    desk.work();
    desk.reopen(0);
    desk
}

/// Commits so often that the room looks after its items.
fn age(desk: &mut Desk) {
    age_from(desk, 1);
}

fn age_from(desk: &mut Desk, first: u64) {
    for sequence in first..first + 299 {
        let base = desk.room.revision();
        let results = desk.submit("c1", vec![op("c1", sequence, base, set("b", sequence))]);
        assert!(results[0].is_number(), "{results:?}");
    }
}

#[test]
fn what_was_deleted_long_ago_is_purged_in_chunks() {
    let mut desk = with_deleted(6_000);
    let base = desk.room.revision();
    // Somebody touches one of them, so it stays.
    let edit = |counter, value| {
        let item = ItemId::new(7, counter);
        json!({"cells": {format!("@{item}"): {"s": [value]}}})
    };
    let results = desk.submit("c2", vec![op("c2", 1, base, edit(5, "touched"))]);
    assert!(results[0].is_number());
    age(&mut desk);
    let purged: Vec<usize> = fixups(&desk)
        .iter()
        .map(|entry| entry.components.len())
        .collect();
    assert_eq!(purged, [1_000, 1_000, 1_000, 500]);
    let document = desk.room.document();
    assert!(document.item(ItemId::new(7, 5)).is_some());
    assert!(document.item(ItemId::new(7, 4)).is_none());
    assert!(document.item(ItemId::new(7, 6_000)).is_some());
    // A late edit of a purged item is left out, with a word about it.
    let results = desk.submit("c2", vec![op("c2", 2, base, edit(4, "late"))]);
    assert!(results[0].is_number(), "{results:?}");
    let (entry, _) = desk.log.last().expect("it is in the log");
    assert!(entry.components.is_empty());
    let kinds: Vec<ConflictKind> = entry.conflicts.iter().map(|c| c.record.kind).collect();
    assert_eq!(kinds, [ConflictKind::EditInDeleted]);
}

#[test]
fn a_disk_that_is_full_is_not_asked_without_end() {
    let mut desk = with_deleted(8_000);
    let mut sequence = 0;
    while fixups(&desk).is_empty() {
        sequence += 1;
        let base = desk.room.revision();
        desk.send("c1", vec![op("c1", sequence, base, set("b", sequence))]);
        while fixups(&desk).is_empty() && desk.store(Ok(())) {}
    }
    // The next chunk is on its way.
    assert!(desk.store(Err(AppendFailure::Full)));
    assert!(!desk.store(Err(AppendFailure::Full)), "it waits");
    // It goes on with the next snapshot.
    let revision = desk.room.revision();
    desk.give(Input::SnapshotSaved { revision });
    age_from(&mut desk, sequence + 1);
    assert!(fixups(&desk).len() > 1);
}

#[test]
fn few_deleted_items_stay() {
    let mut desk = with_deleted(4_000);
    age(&mut desk);
    assert!(fixups(&desk).is_empty());
}

#[test]
fn two_people_make_one_container_and_both_put_something_in() {
    let mut world = World::new(&json!({"title": "board"}), 2);
    for index in 0..2 {
        world.connect(index);
    }
    world.settle();
    for (index, key) in [(0, "show"), (1, "placement")] {
        let steps = json!([
            {"set": {"path": format!("@0/options/legend/{key}"), "value": index}},
            {"insert": {"list": "@0/options/links", "value": key}},
        ]);
        assert_eq!(world.edit(index, "legend", steps).error, None);
    }
    world.settle();
    world.check_converged();
    let options = world.content(0)["options"].clone();
    assert_eq!(options["legend"], json!({"show": 0, "placement": 1}));
    let links = options["links"].as_array().expect("a list");
    assert!(links.contains(&json!("show")) && links.contains(&json!("placement")));
    // Undo takes one's own out and leaves the object and what the other put in.
    world.undo(0);
    world.settle();
    world.check_converged();
    let options = world.content(1)["options"].clone();
    let left = json!({"legend": {"placement": 1}, "links": ["placement"]});
    assert_eq!(options, left);
}

#[test]
fn a_list_that_was_removed_does_not_come_back_with_its_items() {
    let mut world = World::new(&json!({"title": "board"}), 1);
    world.connect(0);
    world.settle();
    for steps in [
        json!([{"insert": {"list": "@0/links", "value": "old"}}]),
        json!([{"remove": {"path": "@0/links"}}]),
        json!([{"insert": {"list": "@0/links", "value": "new"}}]),
    ] {
        assert_eq!(world.edit(0, "links", steps).error, None);
        world.settle();
    }
    world.check_converged();
    assert_eq!(world.content(0)["links"], json!(["new"]));
    // Nothing is made below what is no object, and nothing at all if a later step fails.
    for steps in [
        json!([{"set": {"path": "@0/title/x", "value": 1}}]),
        json!([{"insert": {"list": "@0/title", "value": 1}}]),
        json!([{"set": {"path": "@0/a/b", "value": 1}}, {"remove": {"path": "@0/c/d"}}]),
    ] {
        assert!(world.edit(0, "wrong", steps).error.is_some());
    }
    assert_eq!(world.content(0).get("a"), None);
}
