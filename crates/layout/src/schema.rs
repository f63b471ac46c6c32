//! What no dashboard allows, whoever wins: references to nothing, and places that are no numbers.

use coboard_ot::{
    Change, Components, Conflict, ConflictKind, Document, Intent, ItemId, Path, Value, Winner,
};

use crate::widget::{Form, form_of, key};

mod references;

/// The components of `op` that break a rule of dashboards, each with a conflict of kind
/// [`ConflictKind::Schema`] that names it: by its cell, or by its item if it has no path.
///
/// `document` is the one before `op`; `op` is in committed form. Whoever commits drops them and asks
/// again with what is left, until there is none: what is dropped may have been what another one
/// stood on. Every time at least one is named, so this ends.
///
/// # Rules
/// - An element of schema v2 that a grid item in the layout refers to is not removed.
/// - A grid item does not come into the layout, and does not get another reference, if there is no
///   such element. Of two people, one of whom removes an element while the other one begins to refer
///   to it, so the later one loses.
/// - A number of a place is not replaced by what is no number. Numbers out of bounds, and what is
///   missing or odd in a widget that is new or replaced as a whole, are not refused: [`settle`](crate::settle()) repairs them, for
///   nothing better was there.
///
/// What was so before `op` stays. A deleted row that comes back may hold an item whose element was
/// removed meanwhile: it is not refused for one of its items.
/// Cost: O(components) if no reference, element or place changes, whatever the size of the document;
/// O(items) if an element is removed.
pub fn breaches(document: &Document, op: &Components) -> Vec<Conflict> {
    let mut found: Vec<Conflict> = op
        .cells()
        .filter_map(|(item, path, change)| misplaced(document, item, path, change))
        .collect();
    references::broken(document, op, &mut found);
    found
}

/// A write of something else over a number of a place.
fn misplaced(document: &Document, item: ItemId, path: &Path, change: &Change) -> Option<Conflict> {
    let Change::Set {
        old,
        new: Some(new),
    } = change
    else {
        return None;
    };
    let rest = path.as_str().strip_prefix('/')?;
    let Form { map, keys } = form_of(&document.item(item)?.value)?;
    let below = rest.strip_prefix(map)?;
    let is_odd = |value: Option<&Value>| value.is_some_and(|value| !is_number(value));
    let breaks = match below.strip_prefix('/') {
        Some(key) => keys.contains(&key) && is_odd(Some(new)),
        None => {
            below.is_empty()
                && (!matches!(new, Value::Map(_)) || keys.iter().any(|name| is_odd(key(new, name))))
        }
    };
    let stays = Intent::of_value(old.clone());
    breaks.then(|| refused(item, Some(path), stays, Intent::Value(new.clone())))
}

fn is_number(value: &Value) -> bool {
    match value {
        Value::Int(_) | Value::Float(_) => true,
        Value::Null | Value::Bool(_) | Value::Str(_) | Value::Map(_) | Value::List(_) => false,
    }
}

/// What stands there stays.
fn refused(item: ItemId, path: Option<&Path>, stays: Intent, wanted: Intent) -> Conflict {
    Conflict {
        kind: ConflictKind::Schema,
        item,
        path: path.cloned(),
        before: stays.clone(),
        mine: wanted,
        theirs: stays,
        winner: Winner::Theirs,
    }
}
