//! What two concurrent operations contend for, read off the operations and the document alone.
//!
//! The replay may explain a difference between two engines by one of these facts and by nothing else.

use coboard_ot::{Change, Components, Document, ItemChange, ItemId, Key, ListId, Location, Value};
use serde_json::{Value as Json, json};

use super::json::Made;
use super::place::Places;
use crate::edit::Edit;
use crate::model::{Model, keys_of};

/// Items and cells that both want, each with the kind of meeting: `[kind, item, keys or null]`.
pub(super) fn contended(model: &Model, mine: &Made, theirs: &Made) -> Vec<Json> {
    let mut facts = Vec::new();
    let (a, b) = (&mine.op, &theirs.op);
    let (first, other) = (after(model, a), after(model, b));
    both_items(&mut facts, a, b);
    let start = Places::new(model);
    moves_meet_removals(&mut facts, &start, (a, &first), (b, &other));
    moves_meet_removals(&mut facts, &start, (b, &other), (a, &first));
    circles(&mut facts, &start, (a, &first), (b, &other));
    cells(&mut facts, a, b);
    cells(&mut facts, b, a);
    same_values(&mut facts, mine, theirs);
    facts
}

/// The items that an operation makes or puts somewhere.
pub(super) fn placed(op: &Components) -> Vec<u64> {
    let placed = op.items().filter(|(_, change)| target(change).is_some());
    placed.map(|(item, _)| item.as_u64()).collect()
}

fn target(change: &ItemChange) -> Option<&Location> {
    match change {
        ItemChange::New { location, .. } | ItemChange::Move { new: location, .. } => {
            (*location != Location::Trash).then_some(location)
        }
        ItemChange::Purge => None,
    }
}

fn after(model: &Model, op: &Components) -> Model {
    let mut document: Document = model.to_document();
    document.apply(op);
    Model::of(&document)
}

fn fact(kind: &str, item: ItemId, keys: Option<Vec<Key>>) -> Json {
    let keys = keys.map(|keys| keys.iter().map(|key| json!(**key)).collect::<Json>());
    json!([kind, item.as_u64(), keys])
}

/// One moved what the other deleted.
fn both_items(facts: &mut Vec<Json>, a: &Components, b: &Components) {
    for (item, mine) in a.items() {
        let Some(theirs) = b.item(item) else { continue };
        if target(mine).is_some() != target(theirs).is_some() {
            facts.push(fact("move-delete", item, None));
        }
    }
}

/// What `op` moved out of, or into, something that the other one deleted or replaced; and what the
/// other one moved out of something that thereby came into what it deleted.
fn moves_meet_removals(
    facts: &mut Vec<Json>,
    start: &Places<'_>,
    (op, mine): (&Components, &Model),
    (other, theirs): (&Components, &Model),
) {
    let (here, there) = (Places::new(mine), Places::new(theirs));
    for (item, change) in op.items() {
        let moved = matches!(change, ItemChange::Move { .. });
        let Some(Location::At(list, _)) = target(change) else {
            continue;
        };
        if here.item(item).is_none() || !moved {
            continue;
        }
        if there.item(item).is_none() {
            facts.push(fact("move-delete", item, None));
        }
        if is_gone(*list, start, &here, &there, other) {
            facts.push(fact("move-delete", item, None));
            let moved_out = other.items().filter(|(inner, change)| {
                *inner != item && target(change).is_some() && start.is_within(*inner, item)
            });
            facts.extend(moved_out.map(|(inner, _)| fact("move-delete", inner, None)));
        }
    }
}

/// Whether what `here` holds the list in was deleted or replaced by the other operation.
fn is_gone(
    list: ListId,
    start: &Places<'_>,
    here: &Places<'_>,
    there: &Places<'_>,
    other: &Components,
) -> bool {
    if start.holder(list).is_some() {
        let holder = there.holder(list);
        return holder.and_then(|holder| there.item(holder)).is_none();
    }
    // A list that the operation brought along.
    let Some((holder, keys)) = here.held_at(list) else {
        return true;
    };
    let replaced = other.cells().any(|(item, path, change)| {
        let set = matches!(change, Change::Set { .. });
        item == holder && set && keys.starts_with(&keys_of(path.as_str()))
    });
    replaced || there.item(holder).is_none()
}

/// One was moved into what the other moved, and the other way round.
fn circles(
    facts: &mut Vec<Json>,
    places: &Places<'_>,
    (a, mine): (&Components, &Model),
    (b, theirs): (&Components, &Model),
) {
    let (here, there) = (Places::new(mine), Places::new(theirs));
    let into = |change: &ItemChange, after: &Places<'_>| match target(change) {
        Some(Location::At(list, _)) => places.holder(*list).or(after.holder(*list)),
        Some(Location::Trash) | None => None,
    };
    for (mine, change) in a.items() {
        let Some(my_target) = into(change, &here) else {
            continue;
        };
        for (theirs, change) in b.items() {
            let Some(their_target) = into(change, &there) else {
                continue;
            };
            if places.is_within(my_target, theirs) && places.is_within(their_target, mine) {
                facts.push(fact("circle", mine, None));
                facts.push(fact("circle", theirs, None));
                // json1 deletes both with all that they held, what was moved out of them as well.
                let held = |item| places.is_within(item, mine) || places.is_within(item, theirs);
                let moved = a.items().chain(b.items());
                let moved_out =
                    moved.filter(|(item, change)| target(change).is_some() && held(*item));
                facts.extend(moved_out.map(|(item, _)| fact("circle", item, None)));
            }
        }
    }
}

/// Cells that `a` set and `b` changed.
fn cells(facts: &mut Vec<Json>, a: &Components, b: &Components) {
    for (item, path, mine) in a.cells() {
        let kind = b.cell(item, path).and_then(|theirs| kind_of(mine, theirs));
        let keys = || Some(keys_of(path.as_str()));
        facts.extend(kind.map(|kind| fact(kind, item, keys())));
    }
}

/// The kind of two changes of one cell; `None` if the engines agree on it, or the other order says it.
fn kind_of(mine: &Change, theirs: &Change) -> Option<&'static str> {
    let Change::Set { new, .. } = mine else {
        return None;
    };
    match theirs {
        Change::Set { new: other, .. } if new.is_none() != other.is_none() => Some("delete-set"),
        Change::Set { .. } | Change::Text(_) | Change::Ensure(_) => None,
        Change::Add(_) => Some("add-set"),
    }
}

/// Cells that both set to the same value, or to maps. What json1 finds in both is to it one insert,
/// and what each then did to it stands beside it.
fn same_values(facts: &mut Vec<Json>, mine: &Made, theirs: &Made) {
    for (item, path, change) in mine.op.cells() {
        let keys = keys_of(path.as_str());
        let both_set = [Some(change), theirs.op.cell(item, path)]
            .iter()
            .all(|change| matches!(change, Some(Change::Set { new: Some(_), .. })));
        let [here, there] = [mine, theirs].map(|made| written(&made.edits, item, &keys));
        if both_set && here.is_some() && (here == there || is_map(here) && is_map(there)) {
            facts.push(fact("same-value", item, Some(keys)));
        }
    }
}

/// What was last written to the cell as a whole.
fn written<'a>(edits: &'a [Edit], item: ItemId, keys: &[Key]) -> Option<&'a Value> {
    edits.iter().rev().find_map(|edit| match edit {
        Edit::Set(cell, new) if cell.item == item && cell.keys == keys => new.as_ref(),
        Edit::Set(..)
        | Edit::Add(..)
        | Edit::Splice { .. }
        | Edit::Ensure(..)
        | Edit::New(..)
        | Edit::Move(..)
        | Edit::Purge(_) => None,
    })
}

fn is_map(value: Option<&Value>) -> bool {
    matches!(value, Some(Value::Map(_)))
}
