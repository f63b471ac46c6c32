//! The undo of an operation.

use crate::change::{Change, Components, ItemChange};
use crate::document::Location;

/// The operation that undoes `op`. It needs no document, for `op` carries what it replaced.
///
/// It holds for committed, composed and transformed operations. A text edit whose deleted text
/// was never filled in cannot be undone and is left out. An item that `op` made is moved to trash.
/// An ensured container stays, for others may have put something in; a purged item does not come back.
pub fn invert(op: &Components) -> Components {
    let mut inverse = Components::new();
    for (item, path, change) in op.cells() {
        if let Some(change) = invert_change(change) {
            inverse.insert_cell(item, path.clone(), change);
        }
    }
    for (item, change) in op.items() {
        let (old, new) = match change {
            ItemChange::New { location, .. } => (location, &Location::Trash),
            ItemChange::Move { old, new } => (new, old),
            ItemChange::Purge => continue,
        };
        let change = ItemChange::Move {
            old: old.clone(),
            new: new.clone(),
        };
        inverse.items.insert(item, change);
    }
    inverse
}

/// The undo of one cell change.
pub(crate) fn invert_change(change: &Change) -> Option<Change> {
    Some(match change {
        Change::Set { old, new } => Change::Set {
            old: new.clone(),
            new: old.clone(),
        },
        Change::Add(by) => Change::Add(by.wrapping_neg()),
        Change::Text(delta) => Change::Text(delta.invert()?),
        Change::Ensure(_) => return None,
    })
}
