//! Conflicts are seen from both sides, and only where two operations meet.

use coboard_ot::{Change, Components, Conflict, ItemChange, Location, Winner};

use super::{Law, Outcome};
use crate::model::keys_of;

/// `of_first` came of transforming `first` over `later`, `of_later` the other way round.
pub(super) fn check(
    outcome: &mut Outcome,
    first: &Components,
    later: &Components,
    (of_first, of_later): (&[Conflict], &[Conflict]),
) {
    let mut partners: Vec<&Conflict> = of_later.iter().collect();
    let all_found = of_first.iter().all(|conflict| {
        let place = partners
            .iter()
            .position(|other| are_partners(conflict, other));
        place.map(|index| partners.swap_remove(index)).is_some()
    });
    outcome.expect(Law::Conflicts, all_found && partners.is_empty(), || {
        format!("no partner\n  first {of_first:?}\n  later {of_later:?}")
    });
    outcome.expect(
        Law::Conflicts,
        of_first.is_empty() || meet(first, later),
        || format!("no meeting, but {of_first:?}"),
    );
    outcome.expect(
        Law::Conflicts,
        !of_first.is_empty() || !clash(first, later),
        || format!("no conflict of {first:?} and {later:?}"),
    );
}

fn are_partners(one: &Conflict, other: &Conflict) -> bool {
    let winner = match one.winner {
        Winner::Mine => Winner::Theirs,
        Winner::Theirs => Winner::Mine,
    };
    one.kind == other.kind
        && one.item == other.item
        && one.mine == other.theirs
        && one.theirs == other.mine
        && winner == other.winner
}

/// Whether the two touch one register, or one sets a cell above one that the other changes.
fn meet(a: &Components, b: &Components) -> bool {
    let cells = a.cells().any(|(item, path, change)| {
        b.cells().any(|(other, other_path, other_change)| {
            if item != other {
                return false;
            }
            let (keys, others) = (keys_of(path.as_str()), keys_of(other_path.as_str()));
            let above = keys.len() < others.len() && is_set(change);
            let below = keys.len() > others.len() && is_set(other_change);
            let related = keys.starts_with(&others) || others.starts_with(&keys);
            related && (keys == others || above || below)
        })
    });
    cells || a.items().any(|(item, _)| b.item(item).is_some()) || purges(a, b) || purges(b, a)
}

/// Whether `a` purges an item that `b` works in.
fn purges(a: &Components, b: &Components) -> bool {
    let purged = |item| matches!(a.item(item), Some(ItemChange::Purge));
    b.cells().any(|(item, _, _)| purged(item))
}

/// Whether the two want different things of one register.
fn clash(a: &Components, b: &Components) -> bool {
    let cells = a
        .cells()
        .any(|(item, path, change)| match (change, b.cell(item, path)) {
            (Change::Set { new, .. }, Some(Change::Set { new: other, .. })) => new != other,
            (Change::Set { .. }, Some(Change::Text(_)))
            | (Change::Text(_), Some(Change::Set { .. })) => true,
            (
                Change::Set { .. } | Change::Add(_) | Change::Text(_) | Change::Ensure(_),
                Some(Change::Set { .. } | Change::Add(_) | Change::Text(_) | Change::Ensure(_))
                | None,
            ) => false,
        });
    let items = a
        .items()
        .any(|(item, change)| match (change, b.item(item)) {
            (ItemChange::Move { new, .. }, Some(ItemChange::Move { new: other, .. })) => {
                new != other
            }
            (ItemChange::Purge, Some(ItemChange::Move { new, .. }))
            | (ItemChange::Move { new, .. }, Some(ItemChange::Purge)) => *new != Location::Trash,
            (
                ItemChange::Move { .. } | ItemChange::New { .. } | ItemChange::Purge,
                Some(ItemChange::Move { .. } | ItemChange::New { .. } | ItemChange::Purge) | None,
            ) => false,
        });
    cells || items
}

fn is_set(change: &Change) -> bool {
    matches!(change, Change::Set { .. })
}
