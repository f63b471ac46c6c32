//! What somebody else changed since the base of a submit, as far as its operations meet it.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::change::{Change, Components, ItemChange};
use crate::conflict::{Conflict, ConflictKind, Intent};
use crate::document::{Document, Location};
use crate::id::{ItemId, ListId};
use crate::path::Path;
use crate::transform::intent_of;
use crate::value::Value;

/// What the author of a submit had not seen, and where the operations of the submit met it.
///
/// One for all operations of a submit: what one of them met stays contested for those after it,
/// for they were made on the same old document.
#[derive(Clone, Debug, Default)]
pub struct Contest {
    /// The document before the first operation of the submit: what the others left.
    ground: Document,
    cells: BTreeMap<ItemId, BTreeMap<Path, Met>>,
    items: BTreeMap<ItemId, Met>,
    /// Items that others deleted since the base.
    deleted: BTreeMap<ItemId, Deleted>,
    /// What the author's own branch holds in cells whose better number was kept.
    wanted: BTreeMap<(ItemId, Path), Value>,
}

/// What a component met.
#[derive(Clone, Debug)]
pub(super) struct Met {
    pub(super) theirs: Intent,
    pub(super) by: u64,
}

/// A deletion since the base.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deleted {
    /// Where the item stood.
    pub(super) list: ListId,
    by: u64,
}

impl Contest {
    /// The submit has its turn on this document.
    pub fn begin(&mut self, ground: Document) {
        self.ground = ground;
    }

    /// Takes note of an entry since the base, in their order: what it deletes and restores.
    /// True if it deletes something.
    pub fn pass(&mut self, over: &Components, by: u64) -> bool {
        let mut deletes = false;
        for (item, change) in over.items() {
            if let ItemChange::Move { old, new } = change {
                match (old, new) {
                    (Location::At(list, _), Location::Trash) => {
                        self.deleted.insert(item, Deleted { list: *list, by });
                        deletes = true;
                    }
                    (_, Location::At(..)) => {
                        self.deleted.remove(&item);
                    }
                    (Location::Trash, Location::Trash) => {}
                }
            }
        }
        deletes
    }

    /// Takes note of where `op` meets an entry: both change one cell, a cell and one above it that
    /// is set, or the place of one item. Both are as [`transform`](crate::transform()) gets them.
    pub fn meet(&mut self, op: &Components, over: &Components, by: u64) {
        for (item, theirs) in &over.cells {
            let Some(mine) = op.cells.get(item) else {
                continue;
            };
            // What ensures a container takes nothing from anybody.
            let takes = |change: &Change| !matches!(change, Change::Ensure(_));
            for (path, _) in mine.iter().filter(|(_, change)| takes(change)) {
                if let Some((_, change)) = overlapping(theirs, path, takes) {
                    let theirs = intent_of(change);
                    let cells = self.cells.entry(*item).or_default();
                    cells.insert(path.clone(), Met { theirs, by });
                }
            }
        }
        for (item, theirs) in &over.items {
            if let (ItemChange::Move { new, .. }, Some(ItemChange::Move { .. })) =
                (theirs, op.items.get(item))
            {
                let theirs = Intent::Location(new.clone());
                self.items.insert(*item, Met { theirs, by });
            }
        }
    }

    /// The number of the entry that deleted the item, or what it stands in, since the base.
    pub fn deletion_of(&self, item: ItemId) -> Option<u64> {
        let mut at = item;
        // Ends: commit keeps the nesting of lists within a limit.
        while at != ItemId::ROOT {
            match self.ground.list_of(at) {
                Some(list) => at = self.ground.holder(list)?,
                None => return self.deleted.get(&at).map(|deleted| deleted.by),
            }
        }
        None
    }

    /// The number of the entry that deleted what a conflict of [`commit`](crate::commit()) is
    /// about, if that was since the base.
    pub fn deletion_met(&self, conflict: &Conflict) -> Option<u64> {
        if conflict.kind == ConflictKind::EditInDeleted {
            return self.deletion_of(conflict.item);
        }
        let Intent::Location(Location::At(list, _)) = &conflict.mine else {
            return None;
        };
        if conflict.kind != ConflictKind::MoveIntoDeleted {
            return None;
        }
        self.deletion_of(self.ground.holder(*list)?)
    }

    pub(super) fn ground(&self) -> &Document {
        &self.ground
    }

    pub(super) fn deleted(&self) -> &BTreeMap<ItemId, Deleted> {
        &self.deleted
    }

    /// What was met at this cell, or at one above or below it.
    pub(super) fn met_at(&self, item: ItemId, path: &Path) -> Option<&Met> {
        let (_, met) = overlapping(self.cells.get(&item)?, path, |_| true)?;
        Some(met)
    }

    pub(super) fn met_item(&self, item: ItemId) -> Option<&Met> {
        self.items.get(&item)
    }

    /// What the author's branch holds after `change`; `None` if it is not known or no number.
    pub(super) fn wanted(&self, item: ItemId, path: &Path, change: &Change) -> Option<Value> {
        let before = || self.wanted.get(&(item, path.clone()));
        match change {
            Change::Set { new, .. } => new.clone(),
            Change::Add(by) => before()?.plus(*by),
            Change::Text(_) | Change::Ensure(_) => None,
        }
    }

    pub(super) fn want(&mut self, item: ItemId, path: Path, value: Option<Value>) {
        match value {
            Some(value) => self.wanted.insert((item, path), value),
            None => self.wanted.remove(&(item, path)),
        };
    }
}

fn start(path: &str) -> (Bound<&str>, Bound<&str>) {
    (Bound::Included(path), Bound::Unbounded)
}

/// The entry of a map of paths that counts and is at `path`, above it, or the first below it.
fn overlapping<'a, T>(
    cells: &'a BTreeMap<Path, T>,
    path: &Path,
    counts: impl Fn(&T) -> bool,
) -> Option<(&'a Path, &'a T)> {
    let at = |path: &str| cells.get_key_value(path).filter(|(_, value)| counts(value));
    at(path.as_str())
        .or_else(|| path.ancestors().find_map(at))
        .or_else(|| {
            let below = format!("{path}/");
            cells
                .range::<str, _>(start(&below))
                .take_while(|(path, _)| path.as_str().starts_with(&below))
                .find(|(_, value)| counts(value))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_overlap_with_those_above_and_below() {
        let cells: BTreeMap<Path, ()> = ["/a!", "/a/x/y", "/b", "/c/d"]
            .into_iter()
            .map(|path| (Path::parse(path).expect("a path"), ()))
            .collect();
        for (path, expected) in [
            ("/a", Some("/a/x/y")),
            ("/a/x/y/z", Some("/a/x/y")),
            ("/a/z", None),
            ("/b", Some("/b")),
            ("/b!", None),
            ("/c", Some("/c/d")),
            ("", Some("/a!")),
            ("/", None),
        ] {
            let path = Path::parse(path).expect("a path");
            let found = overlapping(&cells, &path, |()| true).map(|(found, ())| found.as_str());
            assert_eq!(found, expected, "{path}");
        }
    }
}
