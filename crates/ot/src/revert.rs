//! From one state of a document to an earlier one, item by item.

use std::collections::BTreeSet;

use crate::change::{Change, Components, ItemChange};
use crate::delta::Delta;
use crate::document::{Document, Item, Location};
use crate::id::ItemId;
use crate::path::Path;
use crate::value::Value;

/// The operation on `now` that brings the items back to what they were in `then`.
///
/// Both are states of one document: an item is the same if its id is. `wanted` says which items.
/// One that was made since goes to trash; one that `now` does not know any more, because it was
/// purged, is made again. Equal to `invert(compose(…))` of everything in between, but needs no log
/// and touches no cell that is the same. Cost: O(items of both).
pub fn revert(now: &Document, then: &Document, wanted: impl Fn(ItemId) -> bool) -> Components {
    let mut out = Components::new();
    for (id, item) in then.items().filter(|(id, _)| wanted(*id)) {
        match now.item(id) {
            Some(here) => revert_item(&mut out, id, here, item),
            None => {
                let Item { value, location } = item.clone();
                out.items.insert(id, ItemChange::New { value, location });
            }
        }
    }
    for (id, here) in now.items().filter(|(id, _)| wanted(*id)) {
        if then.item(id).is_none() && here.location != Location::Trash {
            move_item(&mut out, id, here, Location::Trash);
        }
    }
    out
}

/// The operation on `now` that brings one cell and what is below it back to what it was in `then`.
///
/// `None` if the item or the map that holds the cell is not there in `now`.
pub fn revert_cell(
    now: &Document,
    then: &Document,
    item: ItemId,
    path: &Path,
) -> Option<Components> {
    let here = &now.item(item)?.value;
    if let Some(above) = path.ancestors().next() {
        matches!(here.at(above)?, Value::Map(_)).then_some(())?;
    }
    let mut out = Components::new();
    let before = then.value(item, path.as_str());
    match (here.at(path.as_str()), before) {
        (Some(old), Some(new)) => revert_value(&mut out, item, path, old, new),
        // The value of an item cannot be absent.
        (_, None) if path.is_whole() => return None,
        (None, None) => {}
        (old, new) => set(&mut out, item, path, old, new),
    }
    Some(out)
}

/// The items that stand, at any depth, in the lists of a cell.
pub fn items_below(document: &Document, item: ItemId, path: &Path) -> BTreeSet<ItemId> {
    let mut found = BTreeSet::new();
    let mut open: Vec<&Value> = document.value(item, path.as_str()).into_iter().collect();
    while let Some(value) = open.pop() {
        value.for_each_list(&mut |list| {
            for (_, id) in document.list(list) {
                if found.insert(id) {
                    open.extend(document.item(id).map(|item| &item.value));
                }
            }
        });
    }
    found
}

fn revert_item(out: &mut Components, id: ItemId, here: &Item, item: &Item) {
    revert_value(out, id, &Path::whole(), &here.value, &item.value);
    if id != ItemId::ROOT && here.location != item.location {
        move_item(out, id, here, item.location.clone());
    }
}

fn move_item(out: &mut Components, id: ItemId, here: &Item, new: Location) {
    let old = here.location.clone();
    out.items.insert(id, ItemChange::Move { old, new });
}

/// Both are there: the smallest cells that differ.
fn revert_value(out: &mut Components, item: ItemId, path: &Path, old: &Value, new: &Value) {
    match (old, new) {
        (Value::Map(before), Value::Map(after)) => {
            for (key, value) in before.iter() {
                match after.get(key) {
                    Some(new) => revert_value(out, item, &path.child(key), value, new),
                    None => set(out, item, &path.child(key), Some(value), None),
                }
            }
            for (key, value) in after.iter().filter(|(key, _)| before.get(key).is_none()) {
                set(out, item, &path.child(key), None, Some(value));
            }
        }
        (Value::Str(before), Value::Str(after)) => {
            let delta = Delta::between(before, after);
            out.insert_cell(item, path.clone(), Change::Text(delta));
        }
        (
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Str(_)
            | Value::Map(_)
            | Value::List(_),
            _,
        ) if old != new => set(out, item, path, Some(old), Some(new)),
        _same => {}
    }
}

fn set(out: &mut Components, item: ItemId, path: &Path, old: Option<&Value>, new: Option<&Value>) {
    let (old, new) = (old.cloned(), new.cloned());
    out.insert_cell(item, path.clone(), Change::Set { old, new });
}
