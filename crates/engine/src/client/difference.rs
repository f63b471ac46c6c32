//! What the server made of an own operation, as a change on top of its own form.

use coboard_ot::{Change, Components, ItemChange, ItemId, Path, Value, compose, invert};

/// What leads from the result of `mine` to that of `committed`: two forms of one operation on one
/// document.
///
/// As little as can be: later own edits and the undo of `mine` move over it as over a foreign
/// change, and would lose what it touches without need.
pub(super) fn difference(mine: &Components, committed: &Components) -> Components {
    let mut leaves = Leaves::default();
    for (item, path, change) in mine.cells() {
        if let (Change::Set { new: from, .. }, Some(Change::Set { new: to, .. })) =
            (change, committed.cell(item, path))
        {
            leaves.add(item, path, from.as_ref(), to.as_ref());
        }
    }
    for (item, change) in mine.items() {
        if let (ItemChange::New { value: from, .. }, Some(ItemChange::New { value: to, .. })) =
            (change, committed.item(item))
        {
            leaves.add(item, &Path::whole(), Some(from), Some(to));
        }
    }
    let rest = compose(invert(&without(mine, committed)), &without(committed, mine));
    compose(rest, &of_parts(leaves.0, Vec::new()))
}

/// What has an effect: sets and moves that lead back to where they start are left out.
pub(super) fn effective(components: &Components) -> Components {
    filtered(
        components,
        |_, _, change| !matches!(change, Change::Set { old, new } if old == new),
        |_, change| !matches!(change, ItemChange::Move { old, new } if old == new),
    )
}

/// The components that `other` has nothing comparable for.
fn without(components: &Components, other: &Components) -> Components {
    filtered(
        components,
        |item, path, change| match (change, other.cell(item, path)) {
            (Change::Set { .. }, Some(Change::Set { .. })) => false,
            (change, other) => Some(change) != other,
        },
        |item, change| match (change, other.item(item)) {
            (ItemChange::New { location: a, .. }, Some(ItemChange::New { location: b, .. })) => {
                a != b
            }
            (change, other) => Some(change) != other,
        },
    )
}

fn filtered(
    components: &Components,
    cell: impl Fn(ItemId, &Path, &Change) -> bool,
    item: impl Fn(ItemId, &ItemChange) -> bool,
) -> Components {
    let cells = components
        .cells()
        .filter(|(id, path, change)| cell(*id, path, change))
        .map(|(id, path, change)| (id, path.clone(), change.clone()));
    let items = components
        .items()
        .filter(|(id, change)| item(*id, change))
        .map(|(id, change)| (id, change.clone()));
    of_parts(cells.collect(), items.collect())
}

fn of_parts(cells: Vec<(ItemId, Path, Change)>, items: Vec<(ItemId, ItemChange)>) -> Components {
    Components::from_parts(cells, items).expect("a part of a normal form is one")
}

/// Sets of the smallest cells in which two values differ.
#[derive(Default)]
struct Leaves(Vec<(ItemId, Path, Change)>);

impl Leaves {
    fn add(&mut self, item: ItemId, path: &Path, from: Option<&Value>, to: Option<&Value>) {
        if let (Some(Value::Map(a)), Some(Value::Map(b))) = (from, to) {
            for (key, from) in a.iter() {
                self.add(item, &path.child(key), Some(from), b.get(key));
            }
            for (key, to) in b.iter().filter(|(key, _)| a.get(key).is_none()) {
                self.add(item, &path.child(key), None, Some(to));
            }
        } else if from != to {
            let change = Change::Set {
                old: from.cloned(),
                new: to.cloned(),
            };
            self.0.push((item, path.clone(), change));
        }
    }
}
