//! An item that is forgotten for good beats everything that was done to it, on either side.

use std::collections::BTreeMap;

use super::intent_of;
use crate::change::{Change, Components, ItemChange};
use crate::conflict::{Conflict, ConflictKind, Intent, Winner};
use crate::document::Location;
use crate::id::ItemId;
use crate::path::Path;

/// Drops what `op` does to an item that the other one purges.
pub(super) fn transform_item(
    op: &mut Components,
    item: ItemId,
    conflicts: Option<&mut Vec<Conflict>>,
) {
    let (cells, change) = (op.cells.remove(&item), op.items.remove(&item));
    let Some(conflicts) = conflicts else { return };
    for (path, change) in cells.unwrap_or_default() {
        if let Change::Ensure(_) = change {
            continue;
        }
        let mine = intent_of(&change);
        conflicts.push(lost(item, Some(path), mine));
    }
    if let Some(ItemChange::Move { new, .. }) = change
        && new != Location::Trash
    {
        conflicts.push(lost(item, None, Intent::Location(new)));
    }
}

/// Notes what the other one did to the cells of an item that is purged here.
pub(super) fn note_cells(
    item: ItemId,
    over: &BTreeMap<Path, Change>,
    conflicts: Option<&mut Vec<Conflict>>,
) {
    let Some(conflicts) = conflicts else { return };
    for change in over.values() {
        if !matches!(change, Change::Ensure(_)) {
            conflicts.push(won(item, intent_of(change)));
        }
    }
}

/// Notes that the other one moved an item that is purged here.
pub(super) fn note_move(item: ItemId, theirs: &Location, conflicts: Option<&mut Vec<Conflict>>) {
    if *theirs != Location::Trash
        && let Some(conflicts) = conflicts
    {
        conflicts.push(won(item, Intent::Location(theirs.clone())));
    }
}

fn lost(item: ItemId, path: Option<Path>, mine: Intent) -> Conflict {
    Conflict {
        kind: ConflictKind::EditInDeleted,
        item,
        path,
        before: Intent::Absent,
        mine,
        theirs: Intent::Location(Location::Trash),
        winner: Winner::Theirs,
    }
}

fn won(item: ItemId, theirs: Intent) -> Conflict {
    Conflict {
        kind: ConflictKind::EditInDeleted,
        item,
        path: None,
        before: Intent::Absent,
        mine: Intent::Location(Location::Trash),
        theirs,
        winner: Winner::Mine,
    }
}
