//! Keeps the items a tree: no cycle, no list in two places, no nesting beyond the limit.

use super::Committed;
use crate::change::{Change, Components, ItemChange};
use crate::conflict::{Conflict, ConflictKind, Intent, Winner};
use crate::document::{Document, LIST_DEPTH_MAX, Location};
use crate::id::{ItemId, ListId};
use crate::path::Path;
use crate::transform::intent_of;
use crate::value::Value;

/// Drops each component that would break the tree, with a conflict.
///
/// Nothing is dropped if all of them together leave a tree, though some alone would not: an
/// operation may take the inner of two items out and put the outer one into it. Otherwise they
/// are tried one by one in order of address, items first, cells that place a list last.
/// Components that touch no structure cost nothing here.
pub(super) fn drop_cycles(document: &Document, out: &mut Committed) {
    if !is_structural(&out.components) || fits_as_whole(document, &out.components) {
        return;
    }
    let mut tree = document.clone();
    let (placing, harmless): (Vec<_>, Vec<_>) = out
        .components
        .cells()
        .map(|(item, path, change)| (item, path.clone(), change.clone()))
        .partition(|(_, _, change)| places_list(change));
    for (item, path, change) in harmless {
        tree.apply(&Components::of_cell(item, path, change));
    }
    let items: Vec<(ItemId, ItemChange)> = out
        .components
        .items()
        .map(|(item, change)| (item, change.clone()))
        .collect();
    for (item, change) in items {
        if !try_item(&mut tree, item, &change) {
            out.components.items.remove(&item);
            out.conflicts.push(broken(item, None, item_intent(&change)));
        }
    }
    for (item, path, change) in placing {
        if !try_cell(&mut tree, item, &path, &change) {
            out.components.remove_cell(item, path.as_str());
            out.conflicts
                .push(broken(item, Some(path), intent_of(&change)));
        }
    }
}

/// Whether the tree is still one after all of `components`.
fn fits_as_whole(document: &Document, components: &Components) -> bool {
    // Releases first: within one operation a list may go from one cell to another.
    let mut tree = document.clone();
    for (item, path, change) in components.cells() {
        if let Change::Set { .. } = change {
            tree.apply(&release(item, path, change));
        }
    }
    let placed = placed_lists(components);
    for (list, item) in &placed {
        if tree.holder(*list).is_some() {
            return false;
        }
        tree.hold(*list, *item);
    }
    tree.apply(components);
    let placing = placed.into_iter().map(|(_, item)| item);
    let moved = components.items().map(|(item, _)| item);
    placing.chain(moved).all(|item| is_tree_at(&tree, item))
}

/// The lists that come into the document, each with the item that is to hold it.
fn placed_lists(components: &Components) -> Vec<(ListId, ItemId)> {
    let mut placed = Vec::new();
    for (item, change) in components.items() {
        if let ItemChange::New { value, .. } = change {
            value.for_each_list(&mut |list| placed.push((list, item)));
        }
    }
    for (item, _, change) in components.cells() {
        change.for_each_list(&mut |list| placed.push((list, item)));
    }
    placed
}

/// Notes moves into something deleted: into a list of a deleted item, or one that nothing holds.
pub(super) fn note_deleted(document: &Document, out: &mut Committed) {
    let placed = placed_lists(&out.components);
    for (item, change) in out.components.items() {
        let (before, target) = match change {
            ItemChange::New { location, .. } => (Intent::Absent, location),
            ItemChange::Move { old, new } => (Intent::Location(old.clone()), new),
            ItemChange::Purge => continue,
        };
        let Location::At(list, _) = target else {
            continue;
        };
        let brought = placed.iter().find(|(brought, _)| brought == list);
        let holder = match (document.holder(*list), brought) {
            // What comes with a new item is noted there.
            (None, Some((_, holder))) if document.item(*holder).is_none() => continue,
            (None, Some((_, holder))) => Some(*holder),
            (holder, _) => holder,
        };
        if holder.is_none_or(|holder| !document.is_reachable(holder)) {
            out.conflicts.push(Conflict {
                kind: ConflictKind::MoveIntoDeleted,
                item,
                path: None,
                before,
                mine: Intent::Location(target.clone()),
                theirs: Intent::Location(Location::Trash),
                winner: Winner::Mine,
            });
        }
    }
}

/// Whether the shape of the tree may change at all.
fn is_structural(components: &Components) -> bool {
    !components.items.is_empty() || components.cells().any(|(_, _, change)| places_list(change))
}

fn places_list(change: &Change) -> bool {
    let mut found = false;
    change.for_each_list(&mut |_| found = true);
    found
}

/// A stand-in that takes out what a set replaces, so that its lists are free.
fn release(item: ItemId, path: &Path, change: &Change) -> Components {
    let old = match change {
        Change::Set { old, .. } => old.clone(),
        Change::Add(_) | Change::Text(_) | Change::Ensure(_) => return Components::new(),
    };
    Components::of_cell(
        item,
        path.clone(),
        Change::Set {
            old,
            new: Some(Value::Null),
        },
    )
}

fn try_item(tree: &mut Document, item: ItemId, change: &ItemChange) -> bool {
    let before = tree.clone();
    let free = match change {
        ItemChange::New { value, .. } => lists_are_free(tree, |found| value.for_each_list(found)),
        ItemChange::Move { .. } | ItemChange::Purge => true,
    };
    tree.apply(&Components::of_item(item, change.clone()));
    let fits = free && is_tree_at(tree, item);
    if !fits {
        *tree = before;
    }
    fits
}

fn try_cell(tree: &mut Document, item: ItemId, path: &Path, change: &Change) -> bool {
    let before = tree.clone();
    // What the cell replaces is free for what it places.
    tree.apply(&release(item, path, change));
    let free = lists_are_free(tree, |found| change.for_each_list(found));
    tree.apply(&Components::of_cell(item, path.clone(), change.clone()));
    let fits = free && is_tree_at(tree, item);
    if !fits {
        *tree = before;
    }
    fits
}

/// Whether none of the lists that `each` tells is held elsewhere or twice.
fn lists_are_free(tree: &Document, each: impl FnOnce(&mut dyn FnMut(ListId))) -> bool {
    let mut free = true;
    // Sorted, none twice.
    let mut lists: Vec<ListId> = Vec::new();
    each(&mut |list| match lists.binary_search(&list) {
        Ok(_) => free = false,
        Err(at) => {
            free &= tree.holder(list).is_none();
            lists.insert(at, list);
        }
    });
    free
}

/// Whether the way up from `item` ends, and the tree below it keeps within the depth limit.
fn is_tree_at(tree: &Document, item: ItemId) -> bool {
    let mut depth = 0;
    let mut at = item;
    while let Some(parent) = tree.parent(at) {
        depth += 1;
        if parent == item || depth > LIST_DEPTH_MAX {
            return false;
        }
        at = parent;
    }
    fits_below(tree, item, depth)
}

fn fits_below(tree: &Document, item: ItemId, depth: usize) -> bool {
    let Some(item) = tree.item(item) else {
        return true;
    };
    let mut lists = Vec::new();
    item.value.for_each_list(&mut |list| lists.push(list));
    if lists.is_empty() {
        return true;
    }
    depth < LIST_DEPTH_MAX
        && lists
            .into_iter()
            .flat_map(|list| tree.list(list))
            .all(|(_, child)| fits_below(tree, child, depth + 1))
}

fn item_intent(change: &ItemChange) -> Intent {
    match change {
        ItemChange::New { location, .. } | ItemChange::Move { new: location, .. } => {
            Intent::Location(location.clone())
        }
        ItemChange::Purge => Intent::Location(Location::Trash),
    }
}

fn broken(item: ItemId, path: Option<Path>, mine: Intent) -> Conflict {
    Conflict {
        kind: ConflictKind::Cycle,
        item,
        path,
        before: Intent::Absent,
        mine,
        theirs: Intent::Absent,
        winner: Winner::Theirs,
    }
}
