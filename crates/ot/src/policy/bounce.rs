//! Moves into something that was deleted meanwhile.

use std::collections::BTreeSet;

use super::Policy;
use super::ruling::Ruling;
use crate::change::{Change, Components, ItemChange};
use crate::conflict::{ConflictKind, Intent};
use crate::document::Location;
use crate::id::{ItemId, ListId};
use crate::path::Path;
use crate::value::Value;

/// Takes moves back that would end in a list that others deleted, or replaced, since the base.
///
/// A list that comes back with the operation, or with one before it, is none of them.
pub(super) fn bounce(ruling: &mut Ruling<'_>) {
    let candidates = candidates(ruling);
    if candidates.is_empty() {
        return;
    }
    let mut after = ruling.case.document.clone();
    after.apply(&ruling.out.components);
    for (item, list, by) in candidates {
        let reached = after
            .holder(list)
            .is_some_and(|holder| after.is_reachable(holder));
        if reached || ruling.policy_of(item, &Path::whole()) != Policy::Bounce {
            continue;
        }
        if let Some(ItemChange::Move { old, new }) = ruling.out.components.items.remove(&item) {
            let (kind, trash) = (
                ConflictKind::MoveIntoDeleted,
                Intent::Location(Location::Trash),
            );
            ruling.drop_move(Policy::Bounce, by, kind, item, (&old, &new), trash);
        }
    }
}

/// Moves into lists that others deleted, with the number of the entry that did it if it is known.
fn candidates(ruling: &Ruling<'_>) -> Vec<(ItemId, ListId, Option<u64>)> {
    let (contest, components) = (ruling.contest, &ruling.out.components);
    let moves = components
        .items()
        .filter_map(|(item, change)| match change {
            ItemChange::Move {
                new: Location::At(list, _),
                ..
            } => Some((item, *list)),
            ItemChange::Move { .. } | ItemChange::New { .. } | ItemChange::Purge => None,
        });
    let mut placed = None;
    moves
        .filter_map(|(item, list)| {
            if let Some(holder) = contest.ground().holder(list) {
                return contest.deletion_of(holder).map(|by| (item, list, Some(by)));
            }
            let placed = placed.get_or_insert_with(|| lists_of(components));
            let held = placed.contains(&list) || ruling.case.document.holder(list).is_some();
            (!held).then_some((item, list, None))
        })
        .collect()
}

/// The lists that come with the operation.
fn lists_of(components: &Components) -> BTreeSet<ListId> {
    let mut lists = BTreeSet::new();
    let mut look = |value: &Value| {
        value.for_each_list(&mut |list| {
            lists.insert(list);
        });
    };
    for (_, change) in components.items() {
        if let ItemChange::New { value, .. } = change {
            look(value);
        }
    }
    for (_, _, change) in components.cells() {
        if let Change::Set {
            new: Some(value), ..
        } = change
        {
            look(value);
        }
    }
    lists
}
