//! How what takes something back meets what others wrote since: it loses.

use std::collections::BTreeMap;

use crate::change::{Change, Components};
use crate::conflict::{Conflict, ConflictKind, Intent, Winner};
use crate::id::ItemId;
use crate::path::Path;
use crate::transform::{Side, intent_of, met, retain, transform};
use crate::value::Value;

/// Rewrites `undo` so that it applies after `newer` and overwrites nothing that `newer` wrote.
///
/// This is [`transform`] with side `Earlier`, and more: where `undo` would put a former value back
/// and `newer` changed something inside of the present one, that change is made in the former
/// value too. Where it does not fit in there, and where `newer` edited a text that `undo` would
/// replace, the cell stays as it is. Cost: O(components of both).
pub fn keep_newer(undo: Components, newer: &Components) -> (Components, Vec<Conflict>) {
    let mut undo = undo;
    let mut conflicts = Vec::new();
    for (item, over) in &newer.cells {
        if let Some(cells) = undo.cells.get_mut(item) {
            retain(cells, &mut |path, change| {
                keep(*item, path, change, over, &mut conflicts)
            });
            if cells.is_empty() {
                undo.cells.remove(item);
            }
        }
    }
    let transformed = transform(undo, newer, Side::Earlier);
    conflicts.extend(transformed.conflicts);
    (transformed.components, conflicts)
}

/// [`keep_newer`], and `newer` as it is for what was undone before: it applies where `undo` has
/// been applied.
///
/// A value inside of which both wrote is a set as a whole there, so that nothing below overwrites
/// it either. Cost: O(items of the smaller one · log + components of the items that both touch).
pub fn pass_newer(undo: Components, newer: Components) -> (Components, Components) {
    let mut newer = newer;
    let mut shared = Components::new();
    for item in met(&undo, &newer) {
        let (cells, change) = (newer.cells.remove(&item), newer.items.remove(&item));
        shared.cells.extend(cells.map(|cells| (item, cells)));
        shared.items.extend(change.map(|change| (item, change)));
    }
    if shared.is_empty() {
        return (undo, newer);
    }
    let (kept, passed) = pass_shared(undo, &shared);
    newer.cells.extend(passed.cells);
    newer.items.extend(passed.items);
    (kept, newer)
}

/// [`pass_newer`] where all items of `newer` are touched by `undo` too.
fn pass_shared(undo: Components, newer: &Components) -> (Components, Components) {
    let mut passed = transform(newer.clone(), &undo, Side::Later).components;
    let (kept, _) = keep_newer(undo.clone(), newer);
    for (item, over) in &newer.cells {
        for (path, change) in undo.cells.get(item).into_iter().flatten() {
            let Change::Set { old, new } = change else {
                continue;
            };
            let edited = matches!(over.get(path), Some(Change::Text(_)));
            if !edited && below(path, over).next().is_none() {
                continue;
            }
            let after = match kept.cell(*item, path) {
                Some(Change::Set { new, .. }) => new.clone(),
                Some(Change::Add(_) | Change::Text(_) | Change::Ensure(_)) | None => {
                    with_changes(old.clone(), path, over)
                }
            };
            let (old, new) = (new.clone(), after);
            passed.insert_cell(*item, path.clone(), Change::Set { old, new });
        }
    }
    (kept, passed)
}

/// A value after what was changed in it and inside of it.
fn with_changes(value: Option<Value>, path: &Path, over: &BTreeMap<Path, Change>) -> Option<Value> {
    let mut value = value?;
    let here = over.get(path).map(|change| ("", change));
    for (rest, change) in here.into_iter().chain(below(path, over)) {
        // What does not fit had no effect on the document either.
        let _misfit = value.change(rest, change);
    }
    Some(value)
}

/// Whether a cell of an undo still applies; puts what is newer into the value that it brings back.
fn keep(
    item: ItemId,
    path: &Path,
    change: &mut Change,
    over: &BTreeMap<Path, Change>,
    conflicts: &mut Vec<Conflict>,
) -> bool {
    let Change::Set { old, new } = change else {
        return true;
    };
    let mut lost = over
        .get(path)
        .filter(|newer| matches!(newer, Change::Text(_)));
    for (rest, newer) in below(path, over) {
        // A text edit would fit another text by chance only.
        let fits = !matches!(newer, Change::Text(_))
            && new
                .as_mut()
                .is_some_and(|value| value.change(rest, newer).is_ok());
        if !fits {
            lost = Some(newer);
        }
    }
    let Some(newer) = lost else { return true };
    conflicts.push(Conflict {
        kind: ConflictKind::EditInReplaced,
        item,
        path: Some(path.clone()),
        before: Intent::of_value(old.clone()),
        mine: Intent::of_value(new.clone()),
        theirs: intent_of(newer),
        winner: Winner::Theirs,
    });
    false
}

/// The changes strictly below a path, each with the rest of its path.
fn below<'a>(
    path: &'a Path,
    over: &'a BTreeMap<Path, Change>,
) -> impl Iterator<Item = (&'a str, &'a Change)> {
    let start = (std::ops::Bound::Excluded(path), std::ops::Bound::Unbounded);
    over.range::<Path, _>(start)
        .take_while(|(found, _)| found.as_str().starts_with(path.as_str()))
        .filter_map(|(found, change)| Some((path.below(found)?, change)))
}
