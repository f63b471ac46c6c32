//! Rewrites an operation over a concurrent one.

use crate::change::{Change, Components, ItemChange};
use crate::conflict::{Conflict, ConflictKind, Intent, Winner};
use crate::document::Location;
use crate::id::ItemId;

mod cell;
mod purge;

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
/// Cost: O(components of both); no document is needed and no index is shifted.
///
/// # Laws
/// Diamond, `a` before `b` in server order: `compose(a, transform(b, a, Later))` has the same
/// effect as `compose(b, transform(a, b, Earlier))`.
pub fn transform(op: Components, over: &Components, side: Side) -> Transformed {
    let mut components = op;
    let mut conflicts = Vec::new();
    for (item, over_cells) in &over.cells {
        if matches!(components.items.get(item), Some(ItemChange::Purge)) {
            purge::note_cells(*item, over_cells, &mut conflicts);
            continue;
        }
        cell::transform_item(&mut components, *item, over_cells, side, &mut conflicts);
    }
    for (item, theirs) in &over.items {
        match theirs {
            ItemChange::New { .. } => {}
            ItemChange::Move { new, .. } => {
                transform_location(&mut components, *item, new, side, &mut conflicts);
            }
            ItemChange::Purge => purge::transform_item(&mut components, *item, &mut conflicts),
        }
    }
    Transformed {
        components,
        conflicts,
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
    conflicts: &mut Vec<Conflict>,
) {
    let (old, new) = match op.items.get_mut(&item) {
        Some(ItemChange::Move { old, new }) => (old, new),
        Some(ItemChange::Purge) => return purge::note_move(item, their_new, conflicts),
        Some(ItemChange::New { .. }) | None => return,
    };
    if new != their_new {
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

/// What a change wants to do, for a conflict record.
pub(crate) fn intent_of(change: &Change) -> Intent {
    match change {
        Change::Set { new, .. } => Intent::of_value(new.clone()),
        Change::Add(by) => Intent::Add(*by),
        Change::Text(delta) => Intent::Text(delta.clone()),
        Change::Ensure(container) => Intent::Value(container.value()),
    }
}
