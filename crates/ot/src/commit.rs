//! Prepares an operation for the log: drops what does not apply and fills in what it replaces.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::change::{Change, Components, ItemChange};
use crate::conflict::{Conflict, ConflictKind, Intent, Winner};
use crate::container::Container;
use crate::document::{Document, Location};
use crate::id::ItemId;
use crate::path::Path;
use crate::transform::intent_of;
use crate::value::Value;

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
        fill_cells(document, item, cells, &mut out);
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

/// Fills in the changes of one item and drops those that do not apply.
fn fill_cells(document: &Document, id: ItemId, cells: BTreeMap<Path, Change>, out: &mut Committed) {
    let Some(item) = document.item(id) else {
        return;
    };
    let in_deleted = !document.is_reachable(id);
    // What the operation ensures is there for its changes below, which come after it.
    let mut value = Cow::Borrowed(&item.value);
    for (path, change) in cells {
        let here = value.at(path.as_str());
        if let (Change::Ensure(container), Some(here)) = (&change, here) {
            if !is_container(here, *container) {
                let theirs = Intent::Value(here.clone());
                let conflict = lost(ConflictKind::LostWrite, id, &path, theirs.clone(), &change);
                out.conflicts.push(Conflict { theirs, ..conflict });
            }
            continue;
        }
        let Some(change) = fill_cell(&value, &path, change) else {
            continue;
        };
        if let Change::Ensure(container) = change {
            // It fits: see above.
            let _misfit = value.to_mut().ensure(path.as_str(), container);
        } else if in_deleted {
            let before = Intent::of_value(here.cloned());
            let conflict = lost(ConflictKind::EditInDeleted, id, &path, before, &change);
            out.conflicts.push(conflict);
        }
        out.components.insert_cell(id, path, change);
    }
}

/// Whether what stands in a cell does for what was to be made there.
fn is_container(here: &Value, wanted: Container) -> bool {
    match wanted {
        Container::Map | Container::MapOver(_) => matches!(here, Value::Map(_)),
        Container::List(list) => *here == Value::List(list),
    }
}

/// The change with its old value; `None` if it does not apply.
fn fill_cell(value: &Value, path: &Path, change: Change) -> Option<Change> {
    let here = value.at(path.as_str());
    match change {
        Change::Set { new, .. } => {
            // A probe of the parent: the put itself is done by apply.
            let parent_fits = has_map_above(value, path).unwrap_or(new.is_some());
            parent_fits.then(|| Change::Set {
                old: here.cloned(),
                new,
            })
        }
        Change::Ensure(container) => {
            let fits = container.fits(here) && has_map_above(value, path)?;
            fits.then_some(change)
        }
        Change::Add(by) => here?.plus(by).map(|_| Change::Add(by)),
        Change::Text(delta) => match here? {
            Value::Str(text) => delta.filled_from(text).map(Change::Text),
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::Map(_)
            | Value::List(_) => None,
        },
    }
}

/// Whether a map stands above `path`; `None` if it is that of the whole value.
fn has_map_above(value: &Value, path: &Path) -> Option<bool> {
    let parent = path.ancestors().next()?;
    Some(matches!(value.at(parent), Some(Value::Map(_))))
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
        (Some(_), ItemChange::Purge) if id != ItemId::ROOT => Some(ItemChange::Purge),
        (Some(_), ItemChange::New { .. } | ItemChange::Move { .. } | ItemChange::Purge)
        | (None, ItemChange::Move { .. } | ItemChange::Purge) => None,
    }
}

/// A record of a change of a cell that does not show; by itself against the trash.
fn lost(
    kind: ConflictKind,
    item: ItemId,
    path: &Path,
    before: Intent,
    change: &Change,
) -> Conflict {
    Conflict {
        kind,
        item,
        path: Some(path.clone()),
        before,
        mine: intent_of(change),
        theirs: Intent::Location(Location::Trash),
        winner: Winner::Theirs,
    }
}
