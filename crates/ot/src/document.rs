//! The document: items by id, and two indexes that make lists quick to read.

use std::sync::Arc;

use immutable_chunkmap::map::Map;

use crate::id::{ItemId, ListId};
use crate::order_key::OrderKey;
use crate::value::Value;

/// Entries per leaf of the persistent maps: a write copies one leaf when the document is shared.
const LEAF: usize = 16;

/// Deepest nesting of lists. Commit refuses moves that would exceed it, so walks up and down end.
pub const LIST_DEPTH_MAX: usize = 64;

/// Where an item stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Location {
    /// Nowhere: deleted, but kept for restore.
    Trash,
    /// In a list, ordered by key and then by id.
    At(ListId, OrderKey),
}

/// One item of the document.
#[derive(Clone, PartialEq, Debug)]
pub struct Item {
    /// What it holds.
    pub value: Value,
    /// Where it stands. The root's is [`Location::Trash`] and means nothing.
    pub location: Location,
}

/// A document as a map of identified items. Cloning it costs O(1); clones share what they have in common.
#[derive(Clone, Debug)]
pub struct Document {
    items: Map<ItemId, Arc<Item>, LEAF>,
    /// The lists. Under the key [`OrderKey::holder`], which sorts below every other, stands the item
    /// whose value holds the list; then come its items in order. Derived from `items`.
    lists: Map<(ListId, OrderKey, ItemId), (), LEAF>,
}

impl PartialEq for Document {
    fn eq(&self, other: &Self) -> bool {
        self.items.len() == other.items.len() && self.items().eq(other.items())
    }
}

impl Default for Document {
    fn default() -> Self {
        Self::new()
    }
}

impl Document {
    /// The document at revision 0: a root that holds an empty map.
    pub fn new() -> Self {
        let mut document = Self {
            items: Map::new(),
            lists: Map::new(),
        };
        document.insert(ItemId::ROOT, Value::map(), Location::Trash);
        document
    }

    /// Builds a document from all its items. A missing root becomes an empty map.
    ///
    /// Cost: O(n log n).
    pub fn from_items(items: impl IntoIterator<Item = (ItemId, Item)>) -> Self {
        let mut document = Self::new();
        for (id, item) in items {
            let location = if id == ItemId::ROOT {
                Location::Trash
            } else {
                item.location
            };
            document.remove_holders(id);
            document.insert(id, item.value, location);
        }
        document
    }

    /// All items, the deleted and the unreachable too, by id.
    pub fn items(&self) -> impl Iterator<Item = (ItemId, &Item)> {
        self.items.into_iter().map(|(id, item)| (*id, &**item))
    }

    /// How many items there are, the deleted and the unreachable too.
    pub fn item_count(&self) -> usize {
        self.items.len()
    }

    /// One item.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(&id).map(|item| &**item)
    }

    /// The value of one cell.
    pub fn value(&self, id: ItemId, pointer: &str) -> Option<&Value> {
        self.item(id)?.value.at(pointer)
    }

    /// The items of a list in order. Cost: O(log n) to start, then O(1) amortised a piece.
    pub fn list(&self, list: ListId) -> impl Iterator<Item = (&OrderKey, ItemId)> {
        self.rows(list).filter(|(key, _)| !key.is_holder())
    }

    /// The item whose value holds `list`.
    pub fn holder(&self, list: ListId) -> Option<ItemId> {
        let (key, item) = self.rows(list).next()?;
        key.is_holder().then_some(item)
    }

    /// The list an item stands in.
    pub fn list_of(&self, id: ItemId) -> Option<ListId> {
        match self.item(id)?.location {
            Location::At(list, _) => Some(list),
            Location::Trash => None,
        }
    }

    /// The item that holds the list that `id` stands in.
    pub fn parent(&self, id: ItemId) -> Option<ItemId> {
        self.holder(self.list_of(id)?)
    }

    /// Whether the item can be reached from the root, that is, whether it is exported.
    ///
    /// Cost: O(depth).
    pub fn is_reachable(&self, id: ItemId) -> bool {
        let mut id = id;
        for _ in 0..=LIST_DEPTH_MAX {
            if id == ItemId::ROOT {
                return true;
            }
            match self.parent(id) {
                Some(parent) => id = parent,
                None => return false,
            }
        }
        false
    }

    /// Puts an item in, replacing the one of the same id.
    pub(crate) fn insert(&mut self, id: ItemId, value: Value, location: Location) {
        self.place(id, &location);
        value.for_each_list(&mut |list| self.hold(list, id));
        if let Some(before) = self
            .items
            .insert_cow(id, Arc::new(Item { value, location }))
        {
            self.unplace(id, &before.location);
            if let Some(item) = self.items.get(&id).cloned() {
                self.place(id, &item.location);
            }
        }
    }

    /// Moves an item. `None` if there is no such item.
    pub(crate) fn relocate(&mut self, id: ItemId, location: Location) -> Option<()> {
        let item = Arc::make_mut(self.items.get_mut_cow(&id)?);
        let before = std::mem::replace(&mut item.location, location.clone());
        self.unplace(id, &before);
        self.place(id, &location);
        Some(())
    }

    /// Forgets an item. The caller keeps the root.
    pub(crate) fn purge(&mut self, id: ItemId) {
        if let Some(item) = self.items.remove_cow(&id) {
            self.unplace(id, &item.location);
            item.value.for_each_list(&mut |list| self.release(list, id));
        }
    }

    /// The value of an item, to be changed in place. The caller keeps the holders true.
    pub(crate) fn value_mut(&mut self, id: ItemId) -> Option<&mut Value> {
        Some(&mut Arc::make_mut(self.items.get_mut_cow(&id)?).value)
    }

    /// Records that `list` is no longer held by `id`.
    pub(crate) fn release(&mut self, list: ListId, id: ItemId) {
        self.lists.remove_cow(&(list, OrderKey::holder(), id));
    }

    /// Records that `list` is held by `id`, and by nobody else.
    pub(crate) fn hold(&mut self, list: ListId, id: ItemId) {
        if let Some(other) = self.holder(list) {
            self.release(list, other);
        }
        self.lists.insert_cow((list, OrderKey::holder(), id), ());
    }

    /// The holder of a list and its items, by key.
    fn rows(&self, list: ListId) -> impl Iterator<Item = (&OrderKey, ItemId)> {
        self.lists
            .range((list, OrderKey::holder(), ItemId::ROOT)..)
            .take_while(move |((of, ..), ())| *of == list)
            .map(|((_, key, item), ())| (key, *item))
    }

    fn remove_holders(&mut self, id: ItemId) {
        let Some(item) = self.items.get(&id).cloned() else {
            return;
        };
        item.value.for_each_list(&mut |list| self.release(list, id));
    }

    fn place(&mut self, id: ItemId, location: &Location) {
        if let Location::At(list, key) = location {
            self.lists.insert_cow((*list, key.clone(), id), ());
        }
    }

    fn unplace(&mut self, id: ItemId, location: &Location) {
        if let Location::At(list, key) = location {
            self.lists.remove_cow(&(*list, key.clone(), id));
        }
    }
}
