//! Prepares an operation for the log: drops what does not apply and fills in what it replaces.

use crate::change::{Change, Components, ItemChange};
use crate::conflict::{Conflict, ConflictKind, Intent, Winner};
use crate::document::{Document, Location};
use crate::id::ItemId;
use crate::path::Path;
use crate::transform::intent_of;

mod nesting;

/// What [`commit`] gives.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Committed {
    /// The components that apply, with what they replace.
    pub components: Components,
    /// Meetings that only the document shows.
    pub conflicts: Vec<Conflict>,
}

/// Drops exactly the components of `op` that would not apply to `document`, fills in the old
/// values of the others, and drops moves that would close a cycle.
///
/// The server commits this form and everybody applies it: only operations that apply as a whole
/// compose exactly and can be inverted. Pure; idempotent.
/// Cost: O(depth · log items) a component; for a move also the size of what is moved.
pub fn commit(document: &Document, op: Components) -> Committed {
    let mut out = Committed::default();
    for (item, cells) in op.cells {
        if document.item(item).is_none() {
            continue;
        }
        let in_deleted = !document.is_reachable(item);
        for (path, change) in cells {
            let Some(change) = fill_cell(document, item, &path, change) else {
                continue;
            };
            if in_deleted {
                out.conflicts
                    .push(edit_in_deleted(document, item, &path, &change));
            }
            out.components.insert_cell(item, path, change);
        }
    }
    for (item, change) in op.items {
        if let Some(change) = fill_item(document, item, change) {
            out.components.items.insert(item, change);
        }
    }
    nesting::drop_cycles(document, &mut out);
    nesting::note_deleted(document, &mut out);
    out
}

/// The change with its old value; `None` if it does not apply.
fn fill_cell(document: &Document, item: ItemId, path: &Path, change: Change) -> Option<Change> {
    let value = &document.item(item)?.value;
    let here = value.at(path.as_str());
    match change {
        Change::Set { new, .. } => {
            // A probe of the parent: the put itself is done by apply.
            let parent_fits = match path.ancestors().next() {
                Some(parent) => matches!(value.at(parent), Some(crate::Value::Map(_))),
                None => new.is_some(),
            };
            parent_fits.then(|| Change::Set {
                old: here.cloned(),
                new,
            })
        }
        Change::Add(by) => here?.plus(by).map(|_| Change::Add(by)),
        Change::Text(delta) => match here? {
            crate::Value::Str(text) => delta.filled(text).map(Change::Text),
            crate::Value::Null
            | crate::Value::Bool(_)
            | crate::Value::Int(_)
            | crate::Value::Float(_)
            | crate::Value::Map(_)
            | crate::Value::List(_) => None,
        },
    }
}

/// The change with its old location; `None` if it does not apply.
fn fill_item(document: &Document, id: ItemId, change: ItemChange) -> Option<ItemChange> {
    match (document.item(id), change) {
        (None, new @ ItemChange::New { .. }) => Some(new),
        (Some(item), ItemChange::Move { new, .. }) if id != ItemId::ROOT => {
            Some(ItemChange::Move {
                old: item.location.clone(),
                new,
            })
        }
        (Some(_), ItemChange::New { .. } | ItemChange::Move { .. })
        | (None, ItemChange::Move { .. }) => None,
    }
}

fn edit_in_deleted(document: &Document, item: ItemId, path: &Path, change: &Change) -> Conflict {
    Conflict {
        kind: ConflictKind::EditInDeleted,
        item,
        path: Some(path.clone()),
        before: Intent::of_value(document.value(item, path.as_str()).cloned()),
        mine: intent_of(change),
        theirs: Intent::Location(Location::Trash),
        winner: Winner::Theirs,
    }
}
