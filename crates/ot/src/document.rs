//! The document: items by id, and two indexes that make lists quick to read.

use std::sync::Arc;

use crate::id::{ItemId, ListId};
use crate::order_key::OrderKey;
use crate::tree::{Ranked, Tree};
use crate::trie::Trie;
use crate::value::Value;

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
    items: Trie<Arc<Item>>,
    /// The lists that are held or have items. Derived from `items`.
    lists: Trie<List>,
}

/// What is known of a list.
#[derive(Clone, Debug, Default)]
struct List {
    /// The item whose value holds it.
    holder: Option<ItemId>,
    /// Its items in order.
    rows: Tree<Row>,
}

impl List {
    fn is_unused(&self) -> bool {
        self.holder.is_none() && self.rows.len() == 0
    }
}

/// The place of an item in its list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Row {
    key: OrderKey,
    item: ItemId,
}

impl Row {
    fn new(key: OrderKey, item: ItemId) -> Self {
        Self { key, item }
    }
}

impl Ranked for Row {
    fn rank(&self) -> u32 {
        // Keys are ASCII, so the uppermost bit is free.
        (self.key.head() >> 32) as u32
    }
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
            items: Trie::default(),
            lists: Trie::default(),
        };
        document.insert(ItemId::ROOT, Value::map(), Location::Trash);
        document
    }

    /// Builds a document from all its items. A missing root becomes an empty map.
    ///
    /// Cost: O(n log n).
    pub fn from_items(items: impl IntoIterator<Item = (ItemId, Item)>) -> Self {
        let mut document = Self::new();
        let mut known_keys = crate::Map::new();
        for (id, mut item) in items {
            if let Value::Map(map) = &mut item.value
                && let Some(map) = Arc::get_mut(map)
            {
                map.share_keys(&mut known_keys);
            }
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
        self.items
            .iter()
            .map(|(id, item)| (ItemId::from(id), &**item))
    }

    /// How many items there are, the deleted and the unreachable too.
    pub fn item_count(&self) -> usize {
        self.items.len()
    }

    /// One item.
    pub fn item(&self, id: ItemId) -> Option<&Item> {
        self.items.get(id.as_u64()).map(|item| &**item)
    }

    /// The value of one cell.
    pub fn value(&self, id: ItemId, pointer: &str) -> Option<&Value> {
        self.item(id)?.value.at(pointer)
    }

    /// The items of a list in order. Cost: O(log n) to start, then O(1) amortised a piece.
    pub fn list(&self, list: ListId) -> impl Iterator<Item = (&OrderKey, ItemId)> {
        let rows = self.lists.get(list.as_u64()).map(|list| list.rows.iter());
        rows.into_iter().flatten().map(|row| (&row.key, row.item))
    }

    /// The item whose value holds `list`.
    pub fn holder(&self, list: ListId) -> Option<ItemId> {
        self.lists.get(list.as_u64())?.holder
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
            .insert(id.as_u64(), Arc::new(Item { value, location }))
        {
            self.unplace(id, &before.location);
            if let Some(item) = self.items.get(id.as_u64()).cloned() {
                self.place(id, &item.location);
            }
        }
    }

    /// Moves an item. `None` if there is no such item.
    pub(crate) fn relocate(&mut self, id: ItemId, location: Location) -> Option<()> {
        let item = Arc::make_mut(self.items.get_mut(id.as_u64())?);
        let before = std::mem::replace(&mut item.location, location.clone());
        match (before, location) {
            (Location::At(from, old), Location::At(to, new)) if from == to => {
                if let Some(list) = self.lists.get_mut(to.as_u64()) {
                    list.rows.remove(&Row::new(old, id));
                    list.rows.insert(Row::new(new, id));
                }
            }
            (before, location) => {
                self.unplace(id, &before);
                self.place(id, &location);
            }
        }
        Some(())
    }

    /// Forgets an item. The caller keeps the root.
    pub(crate) fn purge(&mut self, id: ItemId) {
        if let Some(item) = self.items.remove(id.as_u64()) {
            self.unplace(id, &item.location);
            item.value.for_each_list(&mut |list| self.release(list, id));
        }
    }

    /// The value of an item, to be changed in place. The caller keeps the holders true.
    pub(crate) fn value_mut(&mut self, id: ItemId) -> Option<&mut Value> {
        Some(&mut Arc::make_mut(self.items.get_mut(id.as_u64())?).value)
    }

    /// Records that `list` is no longer held by `id`.
    pub(crate) fn release(&mut self, list: ListId, id: ItemId) {
        let Some(held) = self.lists.get_mut(list.as_u64()) else {
            return;
        };
        if held.holder == Some(id) {
            held.holder = None;
        }
        if held.is_unused() {
            self.lists.remove(list.as_u64());
        }
    }

    /// Records that `list` is held by `id`, and by nobody else.
    pub(crate) fn hold(&mut self, list: ListId, id: ItemId) {
        self.list_mut(list).holder = Some(id);
    }

    fn list_mut(&mut self, list: ListId) -> &mut List {
        if self.lists.get(list.as_u64()).is_none() {
            self.lists.insert(list.as_u64(), List::default());
        }
        self.lists
            .get_mut(list.as_u64())
            .expect("it is there by now")
    }

    fn remove_holders(&mut self, id: ItemId) {
        let Some(item) = self.items.get(id.as_u64()).cloned() else {
            return;
        };
        item.value.for_each_list(&mut |list| self.release(list, id));
    }

    fn place(&mut self, id: ItemId, location: &Location) {
        if let Location::At(list, key) = location {
            self.list_mut(*list).rows.insert(Row::new(key.clone(), id));
        }
    }

    fn unplace(&mut self, id: ItemId, location: &Location) {
        if let Location::At(list, key) = location {
            let Some(held) = self.lists.get_mut(list.as_u64()) else {
                return;
            };
            held.rows.remove(&Row::new(key.clone(), id));
            if held.is_unused() {
                self.lists.remove(list.as_u64());
            }
        }
    }
}
