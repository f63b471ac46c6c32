//! What no dashboard allows: a client's operation loses it, one from outside is refused for it.

use std::collections::BTreeSet;

use coboard_layout::breaches;
use coboard_ot::{
    Change, Committed, Components, Conflict, ConflictKind, Document, ItemChange, ItemId, ListId,
    Location, Path, Value, commit,
};
use coboard_protocol::codec::conflicts::to_json;
use coboard_protocol::{ErrorBody, ErrorCode};

/// Most conflicts in the answer to what is refused. A guess: enough to show what is wrong.
const REFUSED_CONFLICTS_MAX: usize = 20;

/// Refuses what comes from outside of any session if it breaks a rule. Nobody is there to be told
/// that a part of it was left out.
///
/// `op` is the whole of what comes: its parts alone may refer to what a later one makes.
///
/// # Errors
/// [`ErrorCode::Op`] with the rules it breaks.
pub(super) fn check(document: &Document, op: Components) -> Result<(), ErrorBody> {
    let op = commit(document, op).components;
    let found = breaches(document, &op);
    if found.is_empty() {
        return Ok(());
    }
    let record = |record| coboard_protocol::Conflict {
        record,
        policy: None,
        operations: None,
    };
    let told = found.into_iter().take(REFUSED_CONFLICTS_MAX);
    let conflicts: Vec<_> = told.map(|conflict| to_json(&record(conflict))).collect();
    let message =
        "no dashboard may refer to an element that is not there, nor have a place without numbers";
    Err(ErrorBody::new(ErrorCode::Op, message)
        .with("reason", "schema")
        .with("conflicts", conflicts))
}

/// What is left of an operation in committed form once nothing in it breaks a rule.
///
/// Only operations of clients come this way: what is imported, restored from the history or tidied
/// up by the server stays as it was, and a version from outside is refused by [`check`]. What was to
/// stand inside of what is left out goes with it. The rest is committed again, for a list may have
/// been on its way from one place to another.
/// Cost: see [`breaches`], and that again for each time that what is left breaks a rule, which is
/// a few times at most: all that breaks one goes at once.
pub(super) fn allowed(document: &Document, committed: Committed) -> Committed {
    let mut committed = committed;
    loop {
        let found = breaches(document, &committed.components);
        if found.is_empty() {
            return committed;
        }
        let left = without(document, &committed.components, &found);
        let again = commit(document, left);
        let told: BTreeSet<_> = committed.conflicts.iter().map(subject).collect();
        let is_new = |conflict: &Conflict| !told.contains(&subject(conflict));
        let news: Vec<Conflict> = again.conflicts.into_iter().filter(is_new).collect();
        committed.conflicts.extend(found);
        committed.conflicts.extend(news);
        committed.components = again.components;
    }
}

/// What a conflict is about.
fn subject(conflict: &Conflict) -> (ConflictKind, ItemId, Option<Path>) {
    (conflict.kind, conflict.item, conflict.path.clone())
}

/// The components without those that conflicts name, and without what they were to hold.
fn without(document: &Document, components: &Components, found: &[Conflict]) -> Components {
    let named: BTreeSet<(ItemId, Option<&Path>)> = found
        .iter()
        .map(|conflict| (conflict.item, conflict.path.as_ref()))
        .collect();
    let mut lists = BTreeSet::new();
    let cells: Vec<_> = components
        .cells()
        .filter(|(item, path, change)| {
            let stays = !named.contains(&(*item, Some(*path)));
            if !stays {
                change.for_each_list(&mut |list| {
                    lists.insert(list);
                });
            }
            stays
        })
        .map(|(item, path, change)| (item, path.clone(), Change::clone(change)))
        .collect();
    let mut items: Vec<(ItemId, &ItemChange)> = Vec::new();
    for (item, change) in components.items() {
        if named.contains(&(item, None)) {
            note_lists(change, &mut lists);
        } else {
            items.push((item, change));
        }
    }
    lists.retain(|list| document.holder(*list).is_none());
    drop_inside(&mut items, lists);
    let items = items
        .into_iter()
        .map(|(item, change)| (item, change.clone()));
    Components::from_parts(cells, items).unwrap_or_default()
}

/// Drops what goes into the lists, and what goes into that. A list that was there before is not
/// one of them: it stays where it is.
fn drop_inside(items: &mut Vec<(ItemId, &ItemChange)>, lists: BTreeSet<ListId>) {
    let mut lists = lists;
    let mut count = usize::MAX;
    while items.len() < count {
        count = items.len();
        items.retain(|(_, change)| {
            let location = match change {
                ItemChange::New { location, .. } | ItemChange::Move { new: location, .. } => {
                    location
                }
                ItemChange::Purge => return true,
            };
            let inside = matches!(location, Location::At(list, _) if lists.contains(list));
            if inside {
                note_lists(change, &mut lists);
            }
            !inside
        });
    }
}

fn note_lists(change: &ItemChange, lists: &mut BTreeSet<ListId>) {
    let value: Option<&Value> = match change {
        ItemChange::New { value, .. } => Some(value),
        ItemChange::Move { .. } | ItemChange::Purge => None,
    };
    if let Some(value) = value {
        value.for_each_list(&mut |list| {
            lists.insert(list);
        });
    }
}
