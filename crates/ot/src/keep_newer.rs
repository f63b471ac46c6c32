//! How what takes something back meets what others wrote since: it loses.

use std::collections::BTreeMap;

use crate::change::{Change, Components};
use crate::conflict::{Conflict, ConflictKind, Intent, Winner};
use crate::id::ItemId;
use crate::path::Path;
use crate::transform::{Side, intent_of, transform};

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
            cells.retain(|path, change| keep(*item, path, change, over, &mut conflicts));
            if cells.is_empty() {
                undo.cells.remove(item);
            }
        }
    }
    let transformed = transform(undo, newer, Side::Earlier);
    conflicts.extend(transformed.conflicts);
    (transformed.components, conflicts)
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
