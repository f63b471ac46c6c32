//! Rewrites an operation over a concurrent one.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use crate::change::{Change, Components, ItemChange};
use crate::conflict::{Conflict, ConflictKind, Intent, Winner};
use crate::document::Location;
use crate::id::ItemId;
use crate::path::Path;

mod cell;
mod purge;

/// The changes of cells of one item.
type Cells = BTreeMap<Path, Change>;

/// The place of an operation relative to the one it is transformed over, in server order.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Side {
    /// Committed before the other.
    Earlier,
    /// Committed after the other.
    Later,
}

impl Side {
    /// The place of the other operation.
    pub fn opposite(self) -> Self {
        match self {
            Self::Earlier => Self::Later,
            Self::Later => Self::Earlier,
        }
    }
}

/// What [`transform`] gives.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Transformed {
    /// The operation, rewritten.
    pub components: Components,
    /// What it met. Each conflict has its partner in the transform of the other operation.
    pub conflicts: Vec<Conflict>,
}

/// Rewrites `op` so that it applies after `over` and keeps its intent.
///
/// Both were made on the same document. `side` is the place of `op` in server order.
/// Cost: O(items of the smaller one · log + their components); no document is needed and no index
/// is shifted.
///
/// # Laws
/// Diamond, `a` before `b` in server order: `compose(a, transform(b, a, Later))` has the same
/// effect as `compose(b, transform(a, b, Earlier))`.
pub fn transform(op: Components, over: &Components, side: Side) -> Transformed {
    let mut components = op;
    let mut conflicts = Vec::new();
    for item in met(&components, over) {
        let theirs = (over.cells.get(&item), over.items.get(&item));
        transform_at(&mut components, item, theirs, side, Some(&mut conflicts));
    }
    Transformed {
        components,
        conflicts,
    }
}

/// The items that both touch, in order. Walks the smaller one and looks up in the larger.
pub(crate) fn met(one: &Components, other: &Components) -> Vec<ItemId> {
    // A choice that saves work; either way the same items are found.
    let size = |components: &Components| components.cells.len().max(components.items.len());
    let (small, large) = match size(one).cmp(&size(other)) {
        Ordering::Less | Ordering::Equal => (one, other),
        Ordering::Greater => (other, one),
    };
    let touches = |item: &ItemId| large.cells.contains_key(item) || large.items.contains_key(item);
    small.touched().filter(touches).collect()
}

/// What one operation does to an item: to its cells, and to it as a whole.
pub(crate) type AtItem<'a> = (Option<&'a Cells>, Option<&'a ItemChange>);

/// Rewrites what `op` does to one item over what the other one does to it.
pub(crate) fn transform_at(
    op: &mut Components,
    item: ItemId,
    (cells, change): AtItem<'_>,
    side: Side,
    mut conflicts: Option<&mut Vec<Conflict>>,
) {
    if let Some(cells) = cells {
        if let Some(ItemChange::Purge) = op.items.get(&item) {
            purge::note_cells(item, cells, conflicts.as_deref_mut());
        } else {
            cell::transform_item(op, item, cells, side, conflicts.as_deref_mut());
        }
    }
    match change {
        Some(ItemChange::Move { new, .. }) => transform_location(op, item, new, side, conflicts),
        Some(ItemChange::Purge) => purge::transform_item(op, item, conflicts),
        Some(ItemChange::New { .. }) | None => {}
    }
}

/// Transforms `earlier` and `later` over each other: each then applies after the other.
pub fn transform_pair(earlier: &Components, later: &Components) -> (Transformed, Transformed) {
    (
        transform(earlier.clone(), later, Side::Earlier),
        transform(later.clone(), earlier, Side::Later),
    )
}

/// The location of an item is a register: the later writer wins. Deleting is a move to trash.
fn transform_location(
    op: &mut Components,
    item: ItemId,
    their_new: &Location,
    side: Side,
    conflicts: Option<&mut Vec<Conflict>>,
) {
    let (old, new) = match op.items.get_mut(&item) {
        Some(ItemChange::Move { old, new }) => (old, new),
        Some(ItemChange::Purge) => return purge::note_move(item, their_new, conflicts),
        Some(ItemChange::New { .. }) | None => return,
    };
    if new != their_new
        && let Some(conflicts) = conflicts
    {
        let deleted = *new == Location::Trash || *their_new == Location::Trash;
        conflicts.push(Conflict {
            kind: if deleted {
                ConflictKind::MoveVsDelete
            } else {
                ConflictKind::ConcurrentMove
            },
            item,
            path: None,
            before: Intent::Location(old.clone()),
            mine: Intent::Location(new.clone()),
            theirs: Intent::Location(their_new.clone()),
            winner: match side {
                Side::Earlier => Winner::Theirs,
                Side::Later => Winner::Mine,
            },
        });
    }
    match side {
        Side::Later => *old = their_new.clone(),
        Side::Earlier => {
            op.items.remove(&item);
        }
    }
}

/// Takes those changes out that are not to be kept.
///
/// The map's own `retain` is 7 KB of code in the core for browsers, and slower where all are kept.
pub(crate) fn retain(cells: &mut Cells, keep: &mut dyn FnMut(&Path, &mut Change) -> bool) {
    let mut dropped = Vec::new();
    for (path, change) in cells.iter_mut() {
        if !keep(path, change) {
            dropped.push(path.clone());
        }
    }
    if dropped.len() == cells.len() {
        cells.clear();
        return;
    }
    for path in &dropped {
        cells.remove(path);
    }
}

/// What a change wants to do, for a conflict record.
pub(crate) fn intent_of(change: &Change) -> Intent {
    match change {
        Change::Set { new, .. } => Intent::of_value(new.clone()),
        Change::Add(by) => Intent::Add(*by),
        Change::Text(delta) => Intent::Text(delta.clone()),
        Change::Ensure(container) => Intent::Value(container.value()),
    }
}
