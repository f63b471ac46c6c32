//! Two operations as one.

use std::ops::Bound;

use crate::change::{Change, Components, ItemChange};
use crate::document::Location;
use crate::id::ItemId;
use crate::invert::invert_change;
use crate::path::Path;
use crate::value::Value;

/// One operation with the effect of `first`, then `next`.
///
/// `next` was made on the result of `first`. Both are committed or were made on the documents
/// they are composed for, so every component fits. Cost: O(components of `next` · log) amortised.
///
/// # Laws
/// Applying the result is applying `first`, then `next`. Associative, structurally.
pub fn compose(first: Components, next: &Components) -> Components {
    let mut out = first;
    for (item, path, change) in next.cells() {
        compose_cell(&mut out, item, path, change);
    }
    for (item, change) in next.items() {
        compose_item(&mut out, item, change);
    }
    out
}

fn compose_item(out: &mut Components, item: ItemId, next: &ItemChange) {
    let merged = match (out.items.remove(&item), next) {
        (Some(ItemChange::New { value, .. }), ItemChange::Move { new, .. }) => ItemChange::New {
            value,
            location: new.clone(),
        },
        (Some(ItemChange::Move { old, .. }), ItemChange::Move { new, .. }) => ItemChange::Move {
            old,
            new: new.clone(),
        },
        // An item is made once; should it come twice, the first stands, as in apply.
        (
            Some(first @ (ItemChange::New { .. } | ItemChange::Move { .. })),
            ItemChange::New { .. },
        ) => first,
        // Made and forgotten: it was never there.
        (Some(ItemChange::New { .. }), ItemChange::Purge) => return,
        (Some(ItemChange::Move { .. }) | None, ItemChange::Purge) => {
            out.cells.remove(&item);
            ItemChange::Purge
        }
        (Some(ItemChange::Purge), ItemChange::New { value, location }) => {
            remade(out, item, value, location)
        }
        (Some(ItemChange::Purge), ItemChange::Move { .. } | ItemChange::Purge) => ItemChange::Purge,
        (None, next @ (ItemChange::New { .. } | ItemChange::Move { .. })) => next.clone(),
    };
    out.items.insert(item, merged);
}

/// Ids never repeat, so nobody makes an item that was purged; should it come, the old one becomes it.
fn remade(out: &mut Components, item: ItemId, value: &Value, location: &Location) -> ItemChange {
    let change = Change::Set {
        old: None,
        new: Some(value.clone()),
    };
    out.insert_cell(item, Path::whole(), change);
    ItemChange::Move {
        old: Location::Trash,
        new: location.clone(),
    }
}

fn compose_cell(out: &mut Components, item: ItemId, path: &Path, next: &Change) {
    match out.items.get_mut(&item) {
        Some(ItemChange::New { value, .. }) => {
            // A misfit had no effect on the document either.
            let _misfit = value.change(path.as_str(), next);
            return;
        }
        Some(ItemChange::Purge) => return,
        Some(ItemChange::Move { .. }) | None => {}
    }
    if fold_into_set_above(out, item, path, next) {
        return;
    }
    let merged = match (out.remove_cell(item, path.as_str()), next) {
        (Some(Change::Set { old, .. }), Change::Set { new, .. }) => Change::Set {
            old,
            new: new.clone(),
        },
        (Some(Change::Set { old, new }), Change::Add(_) | Change::Text(_)) => Change::Set {
            old,
            new: changed(new, next),
        },
        (Some(first @ (Change::Add(_) | Change::Text(_))), Change::Set { old, new }) => {
            Change::Set {
                old: unchanged(old.clone(), &first),
                new: new.clone(),
            }
        }
        (Some(Change::Set { old, new }), Change::Ensure(container)) => Change::Set {
            old,
            new: container.made_in(new),
        },
        (Some(Change::Ensure(first)), Change::Set { new, .. }) => Change::Set {
            old: first.replaced(),
            new: new.clone(),
        },
        (Some(Change::Ensure(first)), Change::Ensure(next)) => Change::Ensure(first.then(*next)),
        // An ensured cell holds neither a number nor a text, and such a cell is not ensured.
        (Some(first @ Change::Ensure(_)), Change::Add(_) | Change::Text(_))
        | (Some(first @ (Change::Add(_) | Change::Text(_))), Change::Ensure(_)) => first,
        // Wraps rather than fails, so that grouping never matters; commit keeps sums in range.
        (Some(Change::Add(a)), Change::Add(b)) => Change::Add(a.wrapping_add(*b)),
        (Some(Change::Text(a)), Change::Text(b)) => Change::Text(a.compose(b)),
        // An add and a text edit never both fit one cell; the later stands.
        (Some(Change::Add(_)), Change::Text(_))
        | (Some(Change::Text(_)), Change::Add(_))
        | (None, _) => next.clone(),
    };
    let merged = absorb_below(out, item, path, merged);
    out.insert_cell(item, path.clone(), merged);
}

/// Folds a change into the new value of a set that stands above it. True if there is one.
fn fold_into_set_above(out: &mut Components, item: ItemId, path: &Path, next: &Change) -> bool {
    let Some(cells) = out.cells.get_mut(&item) else {
        return false;
    };
    let Some(above) = path
        .ancestors()
        .find(|above| matches!(cells.get(*above), Some(Change::Set { .. })))
    else {
        return false;
    };
    if let Some(Change::Set {
        new: Some(value), ..
    }) = cells.get_mut(above)
    {
        // A misfit had no effect on the document either.
        let _misfit = value.change(&path.as_str()[above.len()..], next);
    }
    true
}

/// A set swallows the changes below it: its old value gets back what they replaced.
fn absorb_below(out: &mut Components, item: ItemId, path: &Path, set: Change) -> Change {
    let Change::Set { mut old, new } = set else {
        return set;
    };
    let Some(cells) = out.cells.get_mut(&item) else {
        return Change::Set { old, new };
    };
    let below: Vec<Path> = cells
        .range::<Path, _>((Bound::Excluded(path), Bound::Unbounded))
        .take_while(|(p, _)| p.as_str().starts_with(path.as_str()))
        .filter(|(p, _)| path.is_above(p))
        .map(|(p, _)| p.clone())
        .collect();
    for nested in below {
        let Some(change) = out.remove_cell(item, nested.as_str()) else {
            continue;
        };
        let Some(value) = &mut old else { continue };
        let rest = &nested.as_str()[path.as_str().len()..];
        // A misfit had no effect on the document either.
        let _misfit = match (&change, invert_change(&change)) {
            // Its undo leaves the container; here it was not there before.
            (Change::Ensure(container), _) => value.put(rest, container.replaced()).map(|_| ()),
            (_, Some(inverse)) => value.change(rest, &inverse),
            (_, None) => Ok(()),
        };
    }
    Change::Set { old, new }
}

/// `value` after `change`; as it is where the change does not fit.
fn changed(value: Option<Value>, change: &Change) -> Option<Value> {
    let mut value = value?;
    let _misfit = value.change("", change);
    Some(value)
}

/// `value` before `change` was applied to it.
fn unchanged(value: Option<Value>, change: &Change) -> Option<Value> {
    match invert_change(change) {
        Some(inverse) => changed(value, &inverse),
        None => value,
    }
}
