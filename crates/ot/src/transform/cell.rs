//! Transform of the cell changes of one item. The table stands in the crate's documentation.

use std::cmp::Ordering;
use std::ops::Bound;

use super::{Cells, Side, intent_of, retain};
use crate::change::{Change, Components};
use crate::conflict::{Conflict, ConflictKind, Intent, Winner};
use crate::id::ItemId;
use crate::path::Path;
use crate::value::Value;

/// Rewrites the changes of `op` on `item` over those of `over`.
pub(super) fn transform_item(
    op: &mut Components,
    item: ItemId,
    over: &Cells,
    side: Side,
    mut conflicts: Option<&mut Vec<Conflict>>,
) {
    let Some(cells) = op.cells.get_mut(&item) else {
        return;
    };
    let mut keep = |path: &Path, change: &mut Change| {
        let mut meeting = Meeting {
            item,
            path,
            side,
            conflicts: conflicts.as_deref_mut(),
        };
        meeting.transform(change, over)
    };
    // A history against a single change: only what they share is looked at.
    match cells.len().cmp(&over.len()) {
        Ordering::Greater => {
            let mut met = take_met(cells, over);
            retain(&mut met, &mut keep);
            cells.extend(met);
        }
        Ordering::Less | Ordering::Equal => retain(cells, &mut keep),
    }
    if cells.is_empty() {
        op.cells.remove(&item);
    }
}

/// Takes the changes out that meet one of `over`: at the same cell, above it or below it.
fn take_met(cells: &mut Cells, over: &Cells) -> Cells {
    let mut met = Cells::new();
    let mut take = |cells: &mut Cells, path: &str| {
        if let Some((path, change)) = cells.remove_entry(path) {
            met.insert(path, change);
        }
    };
    for (path, theirs) in over {
        take(cells, path.as_str());
        for above in path.ancestors() {
            if matches!(cells.get(above), Some(Change::Set { .. })) {
                take(cells, above);
            }
        }
        if let Change::Set { .. } = theirs {
            let below: Vec<Path> = cells
                .range::<Path, _>((Bound::Excluded(path), Bound::Unbounded))
                .take_while(|(other, _)| other.as_str().starts_with(path.as_str()))
                .filter(|(other, _)| path.is_above(other))
                .map(|(other, _)| other.clone())
                .collect();
            for other in below {
                take(cells, other.as_str());
            }
        }
    }
    met
}

/// One change of `op` meeting the changes of `over` on the same item.
struct Meeting<'a> {
    item: ItemId,
    path: &'a Path,
    side: Side,
    /// Where to note what was met, if anybody wants to know.
    conflicts: Option<&'a mut Vec<Conflict>>,
}

impl Meeting<'_> {
    /// Rewrites `mine`. False if it is to be dropped.
    fn transform(&mut self, mine: &mut Change, over: &Cells) -> bool {
        let replaced = self
            .path
            .ancestors()
            .find_map(|above| over.get(above).filter(|c| matches!(c, Change::Set { .. })));
        if let Some(set) = replaced {
            // A container alone is no loss; what was put in has its own conflict.
            if !matches!(mine, Change::Ensure(_)) {
                self.note(
                    ConflictKind::EditInReplaced,
                    mine,
                    intent_of(set),
                    Winner::Theirs,
                );
            }
            return false;
        }
        let theirs = over.get(self.path);
        if let Change::Set { old, .. } = mine {
            // Before what they put into the container.
            if let Some(Change::Ensure(container)) = theirs {
                *old = container.made_in(old.take());
            }
            self.absorb_below(mine, over);
        }
        match theirs {
            Some(theirs) => self.transform_same(mine, theirs),
            None => true,
        }
    }

    /// A set replaces what `over` changed below it: the old value it will replace has those changes.
    fn absorb_below(&mut self, mine: &mut Change, over: &Cells) {
        let start = (Bound::Excluded(self.path), Bound::Unbounded);
        for (path, theirs) in over.range::<Path, _>(start) {
            let Some(rest) = self.path.below(path) else {
                if path.as_str().starts_with(self.path.as_str()) {
                    continue;
                }
                break;
            };
            if !matches!(theirs, Change::Ensure(_)) {
                self.note(
                    ConflictKind::EditInReplaced,
                    mine,
                    intent_of(theirs),
                    Winner::Mine,
                );
            }
            if let Change::Set { old: Some(old), .. } = mine {
                // What does not fit had no effect on the document either.
                let _misfit = old.change(rest, theirs);
            }
        }
    }

    /// The table: both changed this very cell.
    fn transform_same(&mut self, mine: &mut Change, theirs: &Change) -> bool {
        match (&mut *mine, theirs, self.side) {
            (Change::Set { new, .. }, Change::Set { new: their_new, .. }, side) => {
                if new != their_new {
                    let winner = match side {
                        Side::Earlier => Winner::Theirs,
                        Side::Later => Winner::Mine,
                    };
                    self.note(
                        ConflictKind::LostWrite,
                        mine,
                        Intent::of_value(their_new.clone()),
                        winner,
                    );
                }
                if let (Change::Set { old, .. }, Side::Later) = (mine, side) {
                    old.clone_from(their_new);
                    return true;
                }
                false
            }
            (Change::Set { old, new }, Change::Add(by), side) => {
                raise(old, *by);
                match side {
                    // The add is on top of the set.
                    Side::Earlier => raise(new, *by),
                    Side::Later => {
                        self.note(ConflictKind::AddLost, mine, Intent::Add(*by), Winner::Mine)
                    }
                }
                true
            }
            (Change::Set { old, .. }, Change::Text(delta), _) => {
                if let Some(Value::Str(text)) = old {
                    // What does not fit had no effect on the document either.
                    let _fits = text.edit(delta);
                }
                self.note(
                    ConflictKind::TextVsSet,
                    mine,
                    Intent::Text(delta.clone()),
                    Winner::Mine,
                );
                true
            }
            (Change::Add(_), Change::Set { new, .. }, Side::Earlier) => {
                self.note(
                    ConflictKind::AddLost,
                    mine,
                    Intent::of_value(new.clone()),
                    Winner::Theirs,
                );
                false
            }
            (Change::Add(_), Change::Set { .. }, Side::Later) => true,
            (Change::Text(_), Change::Set { new, .. }, _) => {
                self.note(
                    ConflictKind::TextVsSet,
                    mine,
                    Intent::of_value(new.clone()),
                    Winner::Theirs,
                );
                false
            }
            (Change::Text(delta), Change::Text(their_delta), side) => {
                let meet = delta.meets(their_delta);
                if meet && delta != their_delta {
                    let winner = match side {
                        Side::Earlier => Winner::Theirs,
                        Side::Later => Winner::Mine,
                    };
                    let theirs = Intent::Text(their_delta.clone());
                    self.note(ConflictKind::TextOverlap, mine, theirs, winner);
                }
                let Change::Text(delta) = mine else {
                    return true;
                };
                *delta = delta.transform(their_delta, side);
                !delta.is_empty()
            }
            (Change::Ensure(container), Change::Ensure(their_container), _) => {
                match container.after(*their_container) {
                    Some(after) => *container = after,
                    None => return false,
                }
                true
            }
            // A container is there for what is put in, which has its own conflicts.
            (Change::Ensure(_), Change::Set { .. }, _) => false,
            // The set has taken it over already: see above. An add or a text edit does not fit a
            // cell that is absent.
            (Change::Set { .. } | Change::Add(_) | Change::Text(_), Change::Ensure(_), _)
            | (Change::Ensure(_), Change::Add(_) | Change::Text(_), _) => true,
            // Adds commute; of an add and a text edit one does not fit the cell anyway.
            (Change::Add(_), Change::Add(_) | Change::Text(_), _)
            | (Change::Text(_), Change::Add(_), _) => true,
        }
    }

    fn note(&mut self, kind: ConflictKind, mine: &Change, theirs: Intent, winner: Winner) {
        let Some(conflicts) = &mut self.conflicts else {
            return;
        };
        conflicts.push(Conflict {
            kind,
            item: self.item,
            path: Some(self.path.clone()),
            before: match mine {
                Change::Set { old, .. } => Intent::of_value(old.clone()),
                Change::Add(_) | Change::Text(_) | Change::Ensure(_) => Intent::Absent,
            },
            mine: intent_of(mine),
            theirs,
            winner,
        });
    }
}

/// Adds to an integer; leaves anything else as it is, for the add did not apply to it.
fn raise(value: &mut Option<Value>, by: i64) {
    if let Some(sum) = value.as_ref().and_then(|value| value.plus(by)) {
        *value = Some(sum);
    }
}
