//! What the server made of an own operation, as a change on top of its own form.
//!
//! Put together component by component: building a normal form from parts would be new code in
//! the browser's core, and these operations are small.

use coboard_ot::{
    Change, Components, Conflict, ItemChange, ItemId, Path, Side, Value, compose, invert,
    keep_newer, transform,
};
use coboard_protocol::Kind;

/// Whether an operation takes something back: one that loses against what others wrote since.
pub(crate) fn gives_way(kind: Kind) -> bool {
    match kind {
        Kind::Undo | Kind::Redo => true,
        Kind::Edit | Kind::Restore | Kind::Import | Kind::Fixup => false,
    }
}

/// An undo after what is newer, and what is newer after the undo, for what was made on it.
///
/// As [`pass_newer`](coboard_ot::pass_newer), but what comes second touches as little as can be:
/// edits that were made on the undo move over it and are not to be lost.
pub(crate) fn give_way(
    undo: Components,
    newer: &Components,
) -> (Components, Components, Vec<Conflict>) {
    let over = transform(newer.clone(), &undo, Side::Later).components;
    let plain = transform(undo.clone(), newer, Side::Earlier).components;
    let (kept, conflicts) = keep_newer(undo, newer);
    if kept == plain {
        return (kept, over, conflicts);
    }
    let over = compose(over, &difference(&plain, &kept));
    (kept, over, conflicts)
}

/// What leads from the result of `mine` to that of `committed`: two forms of one operation on one
/// document.
///
/// As little as can be: later own edits and the undo of `mine` move over it as over a foreign
/// change, and would lose what it touches without need.
pub(crate) fn difference(mine: &Components, committed: &Components) -> Components {
    let mut out = Components::new();
    for (item, path, change) in mine.cells() {
        match (change, committed.cell(item, path)) {
            (change, Some(other)) if change == other => {}
            (Change::Set { new: from, .. }, Some(Change::Set { new: to, .. })) => {
                add_leaves(&mut out, item, path, from.as_ref(), to.as_ref());
            }
            (change, other) => {
                add(&mut out, &invert(&of_cell(item, path, change)));
                if let Some(other) = other {
                    add(&mut out, &of_cell(item, path, other));
                }
            }
        }
    }
    for (item, path, change) in committed.cells() {
        if mine.cell(item, path).is_none() {
            add(&mut out, &of_cell(item, path, change));
        }
    }
    for (item, change) in mine.items() {
        let other = committed.item(item);
        if let (ItemChange::New { value: from, .. }, Some(ItemChange::New { value: to, .. })) =
            (change, other)
        {
            add_leaves(&mut out, item, &Path::whole(), Some(from), Some(to));
        } else if Some(change) != other {
            add(&mut out, &invert(&of_item(item, change)));
        }
    }
    for (item, change) in committed.items() {
        match (mine.item(item), change) {
            (Some(ItemChange::New { .. }), ItemChange::New { .. }) => {}
            (mine, change) if mine == Some(change) => {}
            (_, change) => add(&mut out, &of_item(item, change)),
        }
    }
    out
}

/// What has an effect: sets that lead back to where they start are left out.
pub(crate) fn effective(components: &Components) -> Components {
    let mut out = Components::new();
    for (item, change) in components.items() {
        add(&mut out, &of_item(item, change));
    }
    for (item, path, change) in components.cells() {
        if !matches!(change, Change::Set { old, new } if old == new) {
            add(&mut out, &of_cell(item, path, change));
        }
    }
    out
}

/// Sets the smallest cells in which two values differ.
fn add_leaves(
    out: &mut Components,
    item: ItemId,
    path: &Path,
    from: Option<&Value>,
    to: Option<&Value>,
) {
    if let (Some(Value::Map(a)), Some(Value::Map(b))) = (from, to) {
        for (key, from) in a.iter() {
            add_leaves(out, item, &path.child(key), Some(from), b.get(key));
        }
        for (key, to) in b.iter() {
            if a.get(key).is_none() {
                add_leaves(out, item, &path.child(key), None, Some(to));
            }
        }
    } else if from != to {
        let change = Change::Set {
            old: from.cloned(),
            new: to.cloned(),
        };
        add(out, &of_cell(item, path, &change));
    }
}

fn add(out: &mut Components, next: &Components) {
    *out = compose(std::mem::take(out), next);
}

fn of_cell(item: ItemId, path: &Path, change: &Change) -> Components {
    Components::of_cell(item, path.clone(), change.clone())
}

fn of_item(item: ItemId, change: &ItemChange) -> Components {
    Components::of_item(item, change.clone())
}
