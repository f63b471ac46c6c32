//! What the room does by itself while a client has edits on their way and steps to undo: they find
//! their places between renumbered items, and let go of what was purged.

use coboard_protocol::Kind;
use coboard_protocol::ot::{ConflictKind, DocumentHash, ItemChange};
use serde_json::{Value as Json, json};

use crate::world::World;

fn item(world: &World, name: &str) -> String {
    let document = world.room.document();
    let is_it = |value: Option<&coboard_protocol::ot::Value>| matches!(value, Some(coboard_protocol::ot::Value::Str(text)) if **text == *name);
    let found = document
        .items()
        .find(|(id, _)| is_it(document.value(*id, "")) || is_it(document.value(*id, "/name")));
    found.expect("it is there").0.to_string()
}

fn insert_after(world: &mut World, index: usize, list: &str, left: &str, value: &str) {
    let steps = json!([{"insert": {"list": list, "at": {"after": left}, "value": value}}]);
    let edited = world.edit(index, "insert", steps);
    assert_eq!(edited.error, None);
}

fn fixups(world: &World, is_it: fn(&ItemChange) -> bool) -> usize {
    let of_room = world.store.log.iter();
    of_room
        .filter(|entry| entry.meta.kind == Kind::Fixup)
        .filter(|entry| entry.components.items().any(|(_, change)| is_it(change)))
        .count()
}

/// Puts items right after the first of the tags until the room renumbers; the second client neither
/// says nor hears anything.
fn crowd_while_one_waits(world: &mut World) {
    let left = item(world, "first");
    for number in 0.. {
        insert_after(world, 0, "@0/tags", &left, &format!("n{number}"));
        while world.deliver_up(0) || world.store_append(Ok(())) || world.deliver_down(0) {}
        if fixups(world, |change| matches!(change, ItemChange::Move { .. })) > 0 {
            return;
        }
        assert!(number < 1_000, "keys grow");
    }
}

fn tags(world: &World, index: usize) -> Vec<String> {
    let tags = world.content(index)["tags"].clone();
    let tags = tags.as_array().expect("a list").iter();
    tags.filter_map(Json::as_str).map(str::to_owned).collect()
}

/// What stands right after `left`.
fn next_of(tags: &[String], left: &str) -> String {
    let at = tags.iter().position(|tag| tag == left);
    let next = at.and_then(|at| tags.get(at + 1));
    next.expect("something follows").clone()
}

fn check_hashes(world: &mut World) {
    world.check_converged();
    let of_room = DocumentHash::of(world.room.document());
    for peer in &world.peers {
        assert_eq!(DocumentHash::of(peer.machine.committed()), of_room);
        assert_eq!(DocumentHash::of(peer.machine.view()), of_room);
        assert!(peer.diverged.is_empty());
    }
}

#[test]
fn what_is_on_its_way_into_a_renumbered_place_lands_between_the_same_items() {
    for offline in [false, true] {
        let mut world = World::new(&json!({"tags": ["first", "last"]}), 2);
        world.settle();
        let first = item(&world, "first");
        for number in 0..600 {
            insert_after(&mut world, 0, "@0/tags", &first, &format!("old{number}"));
        }
        world.settle();
        for name in ["old500", "old300"] {
            let steps = json!([{"trash": {"item": item(&world, name)}}]);
            assert_eq!(world.edit(1, "delete", steps).error, None);
            world.settle();
        }
        let at = json!({"after": item(&world, "old550")});
        let moved = item(&world, "old100");
        let steps = json!([{"move": {"item": moved, "list": "@0/tags", "at": at}}]);
        assert_eq!(world.edit(1, "move", steps).error, None);
        world.settle();
        assert_eq!(fixups(&world, |_| true), 0);
        if offline {
            world.disconnect(1);
        }
        // Two undos, an insert and a move are on their way; a step to undo waits in the stack.
        world.undo(1);
        world.undo(1);
        let left = item(&world, "old450");
        insert_after(&mut world, 1, "@0/tags", &left, "between");
        let at = json!({"after": item(&world, "old200")});
        let steps = json!([{"move": {"item": item(&world, "last"), "list": "@0/tags", "at": at}}]);
        assert_eq!(world.edit(1, "move", steps).error, None);
        let before = tags(&world, 1);
        crowd_while_one_waits(&mut world);
        check_hashes(&mut world);
        let mut now = tags(&world, 0);
        now.retain(|tag| !tag.starts_with('n'));
        assert_eq!(now, before, "offline: {offline}");
        assert_eq!(next_of(&now, "old301"), "old300");
        assert_eq!(next_of(&now, "old101"), "old100");
        assert_eq!(next_of(&now, "old450"), "between");
        assert_eq!(next_of(&now, "old200"), "last");
        // The steps to undo followed too.
        for _ in 0..3 {
            assert!(world.undo(1).id.is_some());
        }
        check_hashes(&mut world);
        let now = tags(&world, 1);
        assert_eq!(next_of(&now, "old501"), "old500", "offline: {offline}");
        assert_eq!(next_of(&now, "old450"), "old449");
        assert_eq!(next_of(&now, "old0"), "last");
    }
}

#[test]
fn what_is_on_its_way_to_a_purged_item_is_left_out_and_the_rest_arrives() {
    for offline in [false, true] {
        let numbers: Vec<u32> = (0..5_200).collect();
        let content = json!({"boxes": [{"name": "big", "n": numbers}, {"name": "small"}]});
        let mut world = World::new(&content, 2);
        world.settle();
        let (big, small) = (item(&world, "big"), item(&world, "small"));
        let rename = |item: &str, name: &str| json!([{"set": {"path": format!("@{item}/label"), "value": name}}]);
        // Steps to undo: one on what will stay, two on what will be purged.
        for (item, name) in [(&small, "one"), (&big, "two"), (&big, "three")] {
            world.edit(1, "label", rename(item, name));
            world.settle();
        }
        if offline {
            world.disconnect(1);
        }
        // On their way: an undo and an edit of what will be purged, then something else.
        assert!(world.undo(1).id.is_some());
        world.edit(1, "late", rename(&big, "late"));
        let list = format!("@{big}/n");
        let steps = json!([{"insert": {"list": list, "value": "inside"}}]);
        assert_eq!(world.edit(1, "inside", steps).error, None);
        world.edit(1, "small", rename(&small, "mine"));
        let others = |world: &mut World| {
            while world.deliver_up(0) || world.store_append(Ok(())) || world.deliver_down(0) {}
        };
        world.edit(0, "delete", json!([{"trash": {"item": big}}]));
        let mut number = 0;
        while fixups(&world, |change| matches!(change, ItemChange::Purge)) == 0 {
            number += 1;
            world.edit(
                0,
                "title",
                json!([{"set": {"path": "@0/title", "value": number}}]),
            );
            others(&mut world);
            assert!(number < 2_000, "the room purges");
        }
        assert!(world.room.document().items().count() < 10);
        check_hashes(&mut world);
        let boxes = json!([{"name": "small", "label": "mine"}]);
        assert_eq!(world.content(0)["boxes"], boxes, "offline: {offline}");
        let told = world.peers[1].met.iter().flat_map(|(_, _, met)| met);
        let kinds: Vec<ConflictKind> = told.map(|conflict| conflict.record.kind).collect();
        // What waits while one is away meets what was missed before it is sent: the room sees of it
        // only the item that was put inside.
        let met = if offline {
            ConflictKind::MoveIntoDeleted
        } else {
            ConflictKind::EditInDeleted
        };
        assert!(kinds.contains(&met), "offline: {offline}, {kinds:?}");
        // Steps on what is gone are passed over; what was put inside is there, out of reach.
        for _ in ["mine", "inside", "one"] {
            assert!(world.undo(1).id.is_some());
        }
        assert_eq!(world.undo(1).id, None);
        check_hashes(&mut world);
        assert_eq!(world.content(1)["boxes"], json!([{"name": "small"}]));
    }
}
