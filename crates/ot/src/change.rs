//! The normal form of an operation's content: one change per cell, one per item.

use std::collections::BTreeMap;

use crate::container::Container;
use crate::delta::Delta;
use crate::document::Location;
use crate::id::{ItemId, ListId};
use crate::path::Path;
use crate::value::Value;

/// A change of one cell.
#[derive(Clone, PartialEq, Debug)]
pub enum Change {
    /// Writes the cell. The last writer in server order wins.
    Set {
        /// What the cell held before; `None` if the key was absent.
        old: Option<Value>,
        /// What it holds after; `None` removes the key.
        new: Option<Value>,
    },
    /// Adds to an integer. Concurrent adds sum up.
    Add(i64),
    /// Edits a string in place. Concurrent edits merge.
    Text(Delta),
    /// Makes a container where the key is absent. Whatever stands there already stays, so two
    /// people can make one container together; a set beats it on either side.
    Ensure(Container),
}

impl Change {
    /// Calls `found` with every list that the change puts into the document.
    pub fn for_each_list(&self, found: &mut (impl FnMut(ListId) + ?Sized)) {
        match self {
            Self::Set { new: Some(new), .. } => new.for_each_list(found),
            Self::Ensure(Container::List(list)) => found(*list),
            Self::Set { new: None, .. }
            | Self::Add(_)
            | Self::Text(_)
            | Self::Ensure(Container::Map | Container::MapOver(_)) => {}
        }
    }
}

/// A change of one item as a whole.
#[derive(Clone, PartialEq, Debug)]
pub enum ItemChange {
    /// Makes the item.
    New {
        /// Its first value.
        value: Value,
        /// Where it stands; trash if the same operation also deleted it.
        location: Location,
    },
    /// Moves the item. To trash is a delete, from trash a restore.
    Move {
        /// Where it stood before.
        old: Location,
        /// Where it stands after.
        new: Location,
    },
    /// Forgets an item that cannot be reached any more, for good. Only the server does this.
    Purge,
}

/// The content of an operation in normal form.
///
/// Invariants: no empty inner map; no cell change below the path of a [`Change::Set`] on the
/// same item; no cell change on an item that is made or purged here. The form is unique,
/// which is what makes [`compose`](crate::compose()) structurally associative.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Components {
    pub(crate) cells: BTreeMap<ItemId, BTreeMap<Path, Change>>,
    pub(crate) items: BTreeMap<ItemId, ItemChange>,
}

impl Components {
    /// Nothing at all: applying it changes nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether nothing is changed.
    pub fn is_empty(&self) -> bool {
        self.cells.is_empty() && self.items.is_empty()
    }

    /// How many components there are.
    pub fn len(&self) -> usize {
        self.items.len() + self.cells.values().map(BTreeMap::len).sum::<usize>()
    }

    /// How many components there are that say what somebody wants: all but ensured containers,
    /// for to find one there already is no loss.
    pub fn wants(&self) -> usize {
        let ensured = |(_, _, change): &(_, _, &Change)| matches!(change, Change::Ensure(_));
        self.len() - self.cells().filter(ensured).count()
    }

    /// The cell changes, by item and path.
    pub fn cells(&self) -> impl Iterator<Item = (ItemId, &Path, &Change)> {
        self.cells
            .iter()
            .flat_map(|(item, paths)| paths.iter().map(|(path, change)| (*item, path, change)))
    }

    /// The item changes, by item.
    pub fn items(&self) -> impl Iterator<Item = (ItemId, &ItemChange)> {
        self.items.iter().map(|(item, change)| (*item, change))
    }

    /// The change of one cell.
    pub fn cell(&self, item: ItemId, path: &Path) -> Option<&Change> {
        self.cells.get(&item)?.get(path)
    }

    /// The change of one item.
    pub fn item(&self, item: ItemId) -> Option<&ItemChange> {
        self.items.get(&item)
    }

    /// Every item that is touched, by a cell change or as a whole, in order of id.
    pub fn touched(&self) -> impl Iterator<Item = ItemId> {
        let mut cells = self.cells.keys().copied().peekable();
        let mut items = self.items.keys().copied().peekable();
        std::iter::from_fn(move || match (cells.peek(), items.peek()) {
            (Some(cell), Some(item)) if cell == item => {
                cells.next();
                items.next()
            }
            (Some(cell), Some(item)) if cell > item => items.next(),
            (None, _) => items.next(),
            (Some(_), _) => cells.next(),
        })
    }

    /// Content with a single cell change.
    pub fn of_cell(item: ItemId, path: Path, change: Change) -> Self {
        let mut components = Self::new();
        components.insert_cell(item, path, change);
        components
    }

    /// Content with a single item change.
    pub fn of_item(item: ItemId, change: ItemChange) -> Self {
        let mut components = Self::new();
        components.items.insert(item, change);
        components
    }

    /// Builds the normal form from decoded parts.
    ///
    /// # Errors
    /// [`NormalFormError`] if the parts break an invariant of the form. Empty deltas and adds
    /// of zero are left out instead, for they change nothing.
    pub fn from_parts(
        cells: impl IntoIterator<Item = (ItemId, Path, Change)>,
        items: impl IntoIterator<Item = (ItemId, ItemChange)>,
    ) -> Result<Self, NormalFormError> {
        let mut components = Self::new();
        for (item, change) in items {
            if item == ItemId::ROOT {
                return Err(NormalFormError::RootChanged);
            }
            if components.items.insert(item, change).is_some() {
                return Err(NormalFormError::ItemTwice(item));
            }
        }
        for (item, path, change) in cells {
            match components.item(item) {
                Some(ItemChange::New { .. }) => {
                    return Err(NormalFormError::CellOfNewItem(item));
                }
                Some(ItemChange::Purge) => return Err(NormalFormError::CellOfPurgedItem(item)),
                Some(ItemChange::Move { .. }) | None => {}
            }
            if components.cell(item, &path).is_some() {
                return Err(NormalFormError::CellTwice(item));
            }
            components.insert_cell(item, path, change);
        }
        for (item, path, _) in components.cells() {
            if components.has_set_above(item, path) {
                return Err(NormalFormError::CellBelowSet(item));
            }
        }
        Ok(components)
    }

    /// Inserts a change, unless it changes nothing by itself.
    pub(crate) fn insert_cell(&mut self, item: ItemId, path: Path, mut change: Change) {
        let vacuous = match &mut change {
            // A set is kept even when it writes an equal value: see the touch rule of the crate.
            Change::Set { .. } | Change::Ensure(Container::Map) => false,
            Change::Ensure(Container::List(list) | Container::MapOver(list)) => {
                // Whoever made the change: a list of another id would be another list.
                *list = ListId::ensured(item, path.as_str());
                false
            }
            Change::Add(by) => *by == 0,
            Change::Text(delta) => delta.is_empty(),
        };
        if !vacuous {
            self.cells.entry(item).or_default().insert(path, change);
        }
    }

    /// Takes one cell change out.
    pub(crate) fn remove_cell(&mut self, item: ItemId, path: &str) -> Option<Change> {
        let paths = self.cells.get_mut(&item)?;
        let change = paths.remove(path);
        if paths.is_empty() {
            self.cells.remove(&item);
        }
        change
    }

    /// Whether a set stands on a proper ancestor of `path`.
    fn has_set_above(&self, item: ItemId, path: &Path) -> bool {
        self.cells.get(&item).is_some_and(|paths| {
            path.ancestors()
                .any(|above| matches!(paths.get(above), Some(Change::Set { .. })))
        })
    }
}

/// Decoded parts that are not in normal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NormalFormError {
    /// The root was to be made or moved.
    #[error("the root item cannot be made or moved")]
    RootChanged,
    /// One item has two item changes.
    #[error("item {0} is changed twice")]
    ItemTwice(ItemId),
    /// One cell has two changes.
    #[error("a cell of item {0} is changed twice")]
    CellTwice(ItemId),
    /// A cell of an item that the same operation makes.
    #[error("a cell of item {0} is changed where the item is made")]
    CellOfNewItem(ItemId),
    /// A cell of an item that the same operation forgets.
    #[error("a cell of item {0} is changed where the item is purged")]
    CellOfPurgedItem(ItemId),
    /// A cell below a set of the same operation.
    #[error("a cell of item {0} is changed below a set")]
    CellBelowSet(ItemId),
}
