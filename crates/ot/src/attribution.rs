//! Who wrote what: for each cell, each item and each stretch of a text.

use std::collections::BTreeMap;
use std::ops::Bound;

use crate::change::{Change, Components, ItemChange};
use crate::delta::{Delta, Part};
use crate::id::ItemId;
use crate::path::Path;

/// Most stretches that one text is kept in. Beyond it neighbours are joined in pairs, each under
/// the tag of the second. A guess: far more than a person can tell apart.
pub const RUNS_PER_TEXT_MAX: usize = 4_096;

/// Tags of everything that operations have touched, folded from the log in order.
///
/// A tag says which operation it was, for example its revision and author; it is copied often.
/// No document is needed. Cost of an operation: O(components · log), and for a text edit O(its
/// stretches).
#[derive(Clone, PartialEq, Debug)]
pub struct Attribution<T> {
    items: BTreeMap<ItemId, ItemTags<T>>,
}

/// The tags of one item.
#[derive(Clone, PartialEq, Debug)]
pub struct ItemTags<T> {
    /// Who made it; `None` if that was before the first folded operation.
    pub made: Option<T>,
    /// Who moved, deleted or restored it last, if anybody did.
    pub moved: Option<T>,
    /// Every cell that was written by itself. One that is not here was written with the nearest
    /// cell above it.
    cells: BTreeMap<Path, CellTags<T>>,
}

/// The tags of one cell.
#[derive(Clone, PartialEq, Debug)]
pub struct CellTags<T> {
    /// Who wrote it last.
    pub last: T,
    /// Who wrote which stretch, if it was edited as a text.
    pub text: Option<TextTags<T>>,
}

/// The stretches of a text.
#[derive(Clone, PartialEq, Debug)]
pub struct TextTags<T> {
    /// Lengths in Unicode scalar values, from the start; neighbours have different tags. `None` is
    /// what was there before the first folded operation.
    pub runs: Vec<(usize, Option<T>)>,
    /// Who wrote what follows them: whoever wrote the text before it was edited; `None` if that was
    /// before the first folded operation.
    pub rest: Option<T>,
}

impl<T> Default for Attribution<T> {
    fn default() -> Self {
        Self {
            items: BTreeMap::new(),
        }
    }
}

impl<T: Copy + PartialEq> Attribution<T> {
    /// Nothing is known yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes in the next operation of the log, in committed form.
    pub fn fold(&mut self, op: &Components, tag: T) {
        for (id, change) in op.items() {
            match change {
                ItemChange::New { .. } => {
                    let whole = CellTags {
                        last: tag,
                        text: None,
                    };
                    let tags = ItemTags {
                        made: Some(tag),
                        moved: None,
                        cells: BTreeMap::from([(Path::whole(), whole)]),
                    };
                    self.items.insert(id, tags);
                }
                ItemChange::Move { .. } => self.item_mut(id).moved = Some(tag),
                ItemChange::Purge => {
                    self.items.remove(&id);
                }
            }
        }
        for (id, path, change) in op.cells() {
            self.item_mut(id).fold(path, change, tag);
        }
    }

    /// The tags of an item; `None` if no folded operation touched it.
    pub fn item(&self, id: ItemId) -> Option<&ItemTags<T>> {
        self.items.get(&id)
    }

    /// All items that folded operations touched, by id.
    pub fn items(&self) -> impl Iterator<Item = (ItemId, &ItemTags<T>)> {
        self.items.iter().map(|(id, tags)| (*id, tags))
    }

    fn item_mut(&mut self, id: ItemId) -> &mut ItemTags<T> {
        self.items.entry(id).or_insert_with(|| ItemTags {
            made: None,
            moved: None,
            cells: BTreeMap::new(),
        })
    }
}

impl<T: Copy + PartialEq> ItemTags<T> {
    /// The tags of a cell: its own, or those of the nearest cell above that was written.
    pub fn cell(&self, path: &Path) -> Option<&CellTags<T>> {
        let above = || path.ancestors().find_map(|above| self.cells.get(above));
        self.cells.get(path).or_else(above)
    }

    /// The cells that were written by themselves, in order of address.
    pub fn cells(&self) -> impl Iterator<Item = (&Path, &CellTags<T>)> {
        self.cells.iter()
    }

    fn fold(&mut self, path: &Path, change: &Change, tag: T) {
        let text = match change {
            Change::Set { .. } => {
                self.forget_below(path);
                None
            }
            Change::Add(_) | Change::Ensure(_) => None,
            Change::Text(delta) => {
                let before = self.cell(path).cloned();
                let mut text = before.as_ref().and_then(|cell| cell.text.clone());
                let text = text.get_or_insert_with(|| TextTags {
                    runs: Vec::new(),
                    rest: before.map(|cell| cell.last),
                });
                Some(text.edited(delta, tag))
            }
        };
        let cell = CellTags { last: tag, text };
        self.cells.insert(path.clone(), cell);
    }

    /// Whoever writes a cell writes all below it.
    fn forget_below(&mut self, path: &Path) {
        let start = (Bound::Excluded(path), Bound::Unbounded);
        let below = self.cells.range::<Path, _>(start);
        let below: Vec<Path> = below
            .map(|(found, _)| found)
            .take_while(|found| found.as_str().starts_with(path.as_str()))
            .filter(|found| path.is_above(found))
            .cloned()
            .collect();
        for found in below {
            self.cells.remove(&found);
        }
    }
}

impl<T: Copy + PartialEq> TextTags<T> {
    /// The tags after an edit.
    fn edited(&self, delta: &Delta, tag: T) -> Self {
        let mut old = self.runs.iter().copied();
        // What is left of the run that is being read.
        let mut head: Option<(usize, Option<T>)> = None;
        let mut runs = Vec::new();
        for part in delta.parts() {
            let (mut count, stays) = match part {
                Part::Insert(text) => {
                    push(&mut runs, text.chars().count(), Some(tag));
                    continue;
                }
                Part::Skip(count) => (*count, true),
                Part::Delete { count, .. } => (*count, false),
            };
            while count > 0 {
                let Some((len, run)) = head.take().or_else(|| old.next()) else {
                    break;
                };
                let taken = len.min(count);
                count -= taken;
                head = (taken < len).then_some((len - taken, run));
                if stays {
                    push(&mut runs, taken, run);
                }
            }
            // Beyond the runs everything has one tag.
            if stays && count > 0 {
                push(&mut runs, count, self.rest);
            }
        }
        for (len, run) in head.into_iter().chain(old) {
            push(&mut runs, len, run);
        }
        if runs.len() > RUNS_PER_TEXT_MAX {
            runs = joined(&runs);
        }
        let rest = self.rest;
        Self { runs, rest }
    }
}

fn push<T: Copy + PartialEq>(runs: &mut Vec<(usize, Option<T>)>, len: usize, tag: Option<T>) {
    match runs.last_mut() {
        Some((last, of)) if *of == tag => *last += len,
        Some(_) | None if len > 0 => runs.push((len, tag)),
        Some(_) | None => {}
    }
}

/// Half as many runs.
fn joined<T: Copy + PartialEq>(runs: &[(usize, Option<T>)]) -> Vec<(usize, Option<T>)> {
    let mut out = Vec::new();
    for pair in runs.chunks(2) {
        let len = pair.iter().map(|(len, _)| len).sum();
        if let Some((_, tag)) = pair.last() {
            push(&mut out, len, *tag);
        }
    }
    out
}
