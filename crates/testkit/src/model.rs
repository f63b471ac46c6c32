//! What a document is, said as plainly as possible. It never calls the code under test.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use coboard_ot::{
    Change, Components, Container, Document, INTEGER_MAX, Item, ItemChange, ItemId, Key, ListId,
    Location, Part, Value,
};

/// A document as a map of items, worked on one component at a time.
#[derive(Clone, PartialEq, Debug)]
pub struct Model {
    /// All items, the deleted and the unreachable too.
    pub items: BTreeMap<ItemId, Item>,
}

impl Default for Model {
    fn default() -> Self {
        let root = Item {
            value: Value::Map(Arc::default()),
            location: Location::Trash,
        };
        Self {
            items: BTreeMap::from([(ItemId::ROOT, root)]),
        }
    }
}

impl Model {
    /// The model of a document.
    pub fn of(document: &Document) -> Self {
        Self {
            items: document
                .items()
                .map(|(id, item)| (id, item.clone()))
                .collect(),
        }
    }

    /// The document with these items.
    pub fn to_document(&self) -> Document {
        Document::from_items(self.items.iter().map(|(id, item)| (*id, item.clone())))
    }

    /// What stands at `keys` in an item.
    pub fn value(&self, item: ItemId, keys: &[Key]) -> Option<&Value> {
        lookup(&self.items.get(&item)?.value, keys)
    }

    /// Writes a cell, or removes it. False if there is no map to hold it, or no such item.
    pub fn set(&mut self, item: ItemId, keys: &[Key], new: Option<Value>) -> bool {
        let Some(item) = self.items.get_mut(&item) else {
            return false;
        };
        match with(&item.value, keys, new) {
            Some(value) => item.value = value,
            None => return false,
        }
        true
    }

    /// Adds to a cell. False if it is no integer or the sum is out of range.
    pub fn add(&mut self, item: ItemId, keys: &[Key], by: i64) -> bool {
        match self.value(item, keys) {
            Some(Value::Int(number)) if (number + by).abs() <= INTEGER_MAX => {
                let sum = Value::Int(number + by);
                self.set(item, keys, Some(sum))
            }
            _ => false,
        }
    }

    /// Deletes `delete` characters at `at` and inserts `insert` there. False if that does not fit.
    pub fn splice(
        &mut self,
        item: ItemId,
        keys: &[Key],
        at: usize,
        delete: usize,
        insert: &str,
    ) -> bool {
        let Some(Value::Str(text)) = self.value(item, keys) else {
            return false;
        };
        let mut characters: Vec<char> = text.chars().collect();
        if at + delete > characters.len() {
            return false;
        }
        characters.splice(at..at + delete, insert.chars());
        let text: String = characters.into_iter().collect();
        self.set(item, keys, Some(Value::Str(text.into())))
    }

    /// Makes a container where nothing stands, or a map where only the list of another person does.
    /// False if something else stands there, or there is no map to hold it.
    pub fn ensure(&mut self, item: ItemId, keys: &[Key], container: Container) -> bool {
        let (made, in_place_of) = match container {
            Container::Map => (Value::Map(Arc::default()), None),
            Container::List(list) => (Value::List(list), None),
            Container::MapOver(list) => (Value::Map(Arc::default()), Some(Value::List(list))),
        };
        self.value(item, keys) == in_place_of.as_ref() && self.set(item, keys, Some(made))
    }

    /// Makes an item. False if it exists.
    pub fn make(&mut self, id: ItemId, value: Value, location: Location) -> bool {
        if self.items.contains_key(&id) {
            return false;
        }
        self.items.insert(id, Item { value, location });
        true
    }

    /// Moves an item. False if there is none, or it is the root.
    pub fn relocate(&mut self, id: ItemId, location: Location) -> bool {
        match self.items.get_mut(&id) {
            Some(item) if id != ItemId::ROOT => item.location = location,
            Some(_) | None => return false,
        }
        true
    }

    /// Forgets an item. False if there is none, or it is the root.
    pub fn purge(&mut self, id: ItemId) -> bool {
        id != ItemId::ROOT && self.items.remove(&id).is_some()
    }

    /// Does one change of a cell. False if it does not fit; nothing changes then.
    pub fn change(&mut self, item: ItemId, keys: &[Key], change: &Change) -> bool {
        match change {
            Change::Set { new, .. } => self.set(item, keys, new.clone()),
            Change::Add(by) => self.add(item, keys, *by),
            Change::Text(delta) => match self.value(item, keys) {
                Some(Value::Str(text)) => match edited(text, delta.parts()) {
                    Some(text) => self.set(item, keys, Some(Value::Str(text.into()))),
                    None => false,
                },
                _ => false,
            },
            Change::Ensure(container) => self.ensure(item, keys, *container),
        }
    }

    /// Does one change of an item. False if it does not fit.
    pub fn item_change(&mut self, id: ItemId, change: &ItemChange) -> bool {
        match change {
            ItemChange::New { value, location } => self.make(id, value.clone(), location.clone()),
            ItemChange::Move { new, .. } => self.relocate(id, new.clone()),
            ItemChange::Purge => self.purge(id),
        }
    }

    /// Does all of `op`, skipping what does not fit.
    pub fn apply(&mut self, op: &Components) {
        for (id, change) in op.items() {
            self.item_change(id, change);
        }
        for (item, path, change) in op.cells() {
            self.change(item, &keys_of(path.as_str()), change);
        }
    }

    /// Whether the item can be reached from the root.
    pub fn is_reachable(&self, id: ItemId) -> bool {
        let holders: BTreeMap<ListId, ItemId> = self.held_lists().into_iter().collect();
        let mut seen = BTreeSet::new();
        let mut at = id;
        while at != ItemId::ROOT {
            let parent = match self.items.get(&at).map(|item| &item.location) {
                Some(Location::At(list, _)) => holders.get(list),
                Some(Location::Trash) | None => None,
            };
            match parent {
                Some(parent) if seen.insert(at) => at = *parent,
                Some(_) | None => return false,
            }
        }
        true
    }

    /// The lists that the value of an item holds, with the item.
    pub fn held_lists(&self) -> Vec<(ListId, ItemId)> {
        let mut lists = Vec::new();
        for (id, item) in &self.items {
            gather_lists(&item.value, &mut |list| lists.push((list, *id)));
        }
        lists
    }

    /// Whether these are the items of the document.
    pub fn is(&self, document: &Document) -> bool {
        self.items.len() == document.item_count()
            && self
                .items
                .iter()
                .zip(document.items())
                .all(|(mine, theirs)| *mine.0 == theirs.0 && mine.1 == theirs.1)
    }

    /// A model of this item alone.
    pub(crate) fn only(&self, id: ItemId) -> Self {
        let item = self.items.get(&id).cloned();
        Self {
            items: item.map(|item| (id, item)).into_iter().collect(),
        }
    }

    /// Whether every list is held at most once and no item is inside itself.
    pub fn is_tree(&self) -> bool {
        let mut holders = self.held_lists();
        holders.sort_unstable();
        if holders.windows(2).any(|two| two[0].0 == two[1].0) {
            return false;
        }
        let parent = |id: ItemId| match &self.items.get(&id)?.location {
            Location::At(list, _) => {
                let at = holders.binary_search_by_key(list, |(list, _)| *list).ok()?;
                Some(holders[at].1)
            }
            Location::Trash => None,
        };
        // Only what holds a list can be above something.
        holders.iter().all(|(_, start)| {
            let mut at = *start;
            for _ in 0..=holders.len() {
                match parent(at) {
                    Some(above) => at = above,
                    None => return true,
                }
            }
            false
        })
    }
}

/// The keys of pointer text.
pub(crate) fn keys_of(pointer: &str) -> Vec<Key> {
    let mut keys: Vec<Key> = pointer
        .split('/')
        .map(|key| key.replace("~1", "/").replace("~0", "~").into())
        .collect();
    keys.remove(0);
    keys
}

fn lookup<'a>(value: &'a Value, keys: &[Key]) -> Option<&'a Value> {
    match (keys, value) {
        ([], value) => Some(value),
        ([key, rest @ ..], Value::Map(map)) => {
            let (_, inner) = map.iter().find(|(held, _)| held == key)?;
            lookup(inner, rest)
        }
        _ => None,
    }
}

/// `value` with `new` at `keys`. `None` if a map on the way is missing.
fn with(value: &Value, keys: &[Key], new: Option<Value>) -> Option<Value> {
    let (key, rest) = match keys {
        [] => return new,
        [key, rest @ ..] => (key, rest),
    };
    let Value::Map(map) = value else { return None };
    let new = if rest.is_empty() {
        new
    } else {
        Some(with(lookup(value, std::slice::from_ref(key))?, rest, new)?)
    };
    // Built anew in the order of the keys, without the search and shifting of the map itself.
    let mut entries: Vec<(Key, Value)> = map
        .iter()
        .filter(|(held, _)| held != key)
        .cloned()
        .collect();
    entries.extend(new.map(|new| (key.clone(), new)));
    entries.sort_by(|(one, _), (other, _)| one.cmp(other));
    Some(Value::Map(Arc::new(entries.into_iter().collect())))
}

/// Calls `found` with every list of `value`.
fn gather_lists(value: &Value, found: &mut impl FnMut(ListId)) {
    if let Value::List(list) = value {
        found(*list);
    } else if let Value::Map(map) = value {
        map.iter().for_each(|(_, value)| gather_lists(value, found));
    }
}

/// `text` after an edit. `None` if the edit does not fit.
fn edited(text: &str, parts: &[Part]) -> Option<String> {
    let mut rest = text.chars();
    let mut out = String::new();
    for part in parts {
        match part {
            Part::Skip(count) => {
                for _ in 0..*count {
                    out.push(rest.next()?);
                }
            }
            Part::Insert(text) => out.push_str(text),
            Part::Delete { count, text } => {
                let gone: String = rest.by_ref().take(*count).collect();
                let told = text.as_ref().unwrap_or(&gone);
                if gone.chars().count() != *count || *told != gone {
                    return None;
                }
            }
        }
    }
    Some(out + rest.as_str())
}
