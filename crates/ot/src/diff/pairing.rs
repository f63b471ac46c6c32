//! Which item of the document becomes which element of the new JSON.
//!
//! Within a list: by natural key, then by being equal, then by being alike. Between lists: by
//! `id` and `uid` alone, and only among lists of the same name. A pair of maps or lists leads to
//! the pairs inside of it. Matching only proposes: whatever is matched, the operation is right.

mod within;

use std::collections::{BTreeMap, BTreeSet};

use super::fingerprint::{features, likeness};
use super::natural::{key_of_json, key_of_value, unique_pairs};
use crate::document::{Document, LIST_DEPTH_MAX};
use crate::id::{ItemId, ListId};
use crate::value::{Json, Value};

/// Natural keys, the strongest first.
const KEYS: [&str; 4] = ["id", "uid", "refId", "name"];
/// Natural keys that are asked last: people give them to several things.
const WEAK_KEYS: [&str; 2] = ["key", "title"];
/// How many of [`KEYS`] tell an item apart beyond its list.
const GLOBAL_KEYS: usize = 2;
/// Percent of their features that two values must share to be taken for one. A guess.
const LIKENESS_MIN: usize = 50;
/// Leaves that an item must have to be recognised in another list. A guess: a panel has dozens,
/// a property with an `id` two.
const FEATURES_ACROSS_MIN: usize = 4;

/// The pairs.
pub(super) struct Pairing<'a> {
    document: &'a Document,
    /// By the address of the element.
    items: BTreeMap<*const Json, ItemId>,
    taken: BTreeSet<ItemId>,
    /// Items that lost their place, each with the name of its list.
    lost: Vec<(ItemId, &'a str)>,
    /// Elements nobody became so far, each with the name of its array.
    gained: Vec<(&'a Json, &'a str)>,
    /// Lists with something left on both sides.
    open: Vec<Leftovers<'a>>,
}

/// What is left of a list and the array it becomes.
struct Leftovers<'a> {
    name: &'a str,
    old: Vec<(ItemId, &'a Value)>,
    new: Vec<&'a Json>,
}

impl<'a> Pairing<'a> {
    /// Matches what is below `old` with what is below `new`.
    pub(super) fn of(document: &'a Document, old: Option<&'a Value>, new: &'a Json) -> Self {
        let mut pairing = Self {
            document,
            items: BTreeMap::new(),
            taken: BTreeSet::new(),
            lost: Vec::new(),
            gained: Vec::new(),
            open: Vec::new(),
        };
        match old {
            Some(old) => pairing.values(old, new, ""),
            None => pairing.gain(new, ""),
        }
        // Each round goes one list deeper.
        while !pairing.open.is_empty() {
            while pairing.across() {}
            for leftovers in std::mem::take(&mut pairing.open) {
                pairing.alike(leftovers);
            }
        }
        while pairing.across() {}
        pairing
    }

    /// The item that becomes this element.
    pub(super) fn item(&self, element: &Json) -> Option<ItemId> {
        self.items.get(&std::ptr::from_ref(element)).copied()
    }

    /// Whether the item becomes some element.
    pub(super) fn is_taken(&self, item: ItemId) -> bool {
        self.taken.contains(&item)
    }

    fn values(&mut self, old: &'a Value, new: &'a Json, name: &'a str) {
        match (old, new) {
            (Value::Map(old), Json::Map(new)) => {
                for (key, old, new) in super::both(old, new) {
                    match (old, new) {
                        (Some(old), Some(new)) => self.values(old, new, key),
                        (Some(old), None) => self.lose(old, key, 0),
                        (None, Some(new)) => self.gain(new, key),
                        (None, None) => {}
                    }
                }
            }
            (Value::List(list), Json::List(new)) => self.lists(*list, new, name),
            (old, new) => {
                self.lose(old, name, 0);
                self.gain(new, name);
            }
        }
    }

    fn lists(&mut self, list: ListId, new: &'a [Json], name: &'a str) {
        let document = self.document;
        let items = document.list(list).filter_map(|(_, id)| {
            let item = document.item(id)?;
            Some((id, &item.value))
        });
        let mut left = Leftovers {
            name,
            old: items.collect(),
            new: new.iter().collect(),
        };
        self.prune(&mut left);
        for key in KEYS {
            self.by_key(&mut left, key);
        }
        self.by_equality(&mut left);
        for (id, value) in &left.old {
            self.lost.push((*id, name));
            self.lose(value, name, 0);
        }
        for json in &left.new {
            self.gained.push((*json, name));
            self.gain(json, name);
        }
        if !left.old.is_empty() && !left.new.is_empty() {
            self.open.push(left);
        }
    }

    /// Notes the items below a value that goes.
    fn lose(&mut self, value: &'a Value, name: &'a str, depth: usize) {
        match value {
            // A view that is not committed yet may be nested beyond the limit.
            Value::List(_) if depth > LIST_DEPTH_MAX => {}
            Value::List(list) => {
                let document = self.document;
                for (_, id) in document.list(*list) {
                    self.lost.push((id, name));
                    if let Some(item) = document.item(id) {
                        self.lose(&item.value, name, depth + 1);
                    }
                }
            }
            Value::Map(map) => {
                for (key, value) in &**map {
                    self.lose(value, key, depth);
                }
            }
            Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => {}
        }
    }

    /// Notes the elements below a value that comes.
    fn gain(&mut self, json: &'a Json, name: &'a str) {
        match json {
            Json::List(list) => {
                for json in list {
                    self.gained.push((json, name));
                    self.gain(json, name);
                }
            }
            Json::Map(map) => map.iter().for_each(|(key, json)| self.gain(json, key)),
            Json::Null | Json::Bool(_) | Json::Int(_) | Json::Float(_) | Json::Str(_) => {}
        }
    }

    /// Matches lost items with gained elements of any list. Whether there were any.
    fn across(&mut self) -> bool {
        let (items, taken, document) = (&self.items, &self.taken, self.document);
        let mut seen = BTreeSet::new();
        self.lost
            .retain(|(id, _)| !taken.contains(id) && seen.insert(*id));
        let mut seen = BTreeSet::new();
        self.gained.retain(|(json, _)| {
            let address = std::ptr::from_ref(*json);
            !items.contains_key(&address) && seen.insert(address)
        });
        let mut pairs = Vec::new();
        for key in &KEYS[..GLOBAL_KEYS] {
            let old = self.lost.iter().map(|(id, name)| {
                let value = document.item(*id).map(|item| &item.value);
                (value.and_then(|value| key_of_value(value, key))).map(|key| (*name, key))
            });
            let new = self.gained.iter();
            let new = new.map(|(json, name)| key_of_json(json, key).map(|key| (*name, key)));
            pairs.extend(unique_pairs(old, new));
        }
        let mut found = false;
        for (old, new) in pairs {
            let ((id, _), (json, name)) = (self.lost[old], self.gained[new]);
            let free = !self.is_taken(id) && self.item(json).is_none();
            if free && self.is_same(id, json) {
                self.pair(id, json, name);
                found = true;
            }
        }
        found
    }

    /// Whether an item is recognised in an element of another list.
    fn is_same(&self, id: ItemId, json: &Json) -> bool {
        let Some(item) = self.document.item(id) else {
            return false;
        };
        let (old, new) = (features(&self.document.plain(&item.value)), features(json));
        old.len() >= FEATURES_ACROSS_MIN && likeness(&old, &new) >= LIKENESS_MIN
    }

    fn alike(&mut self, mut left: Leftovers<'a>) {
        self.prune(&mut left);
        for key in WEAK_KEYS {
            self.by_key(&mut left, key);
        }
        self.by_likeness(&mut left);
        self.by_order(&mut left);
    }

    /// Makes pairs of indexes into what is left, and takes them out.
    fn take(&mut self, left: &mut Leftovers<'a>, pairs: Vec<(usize, usize)>) {
        for (old, new) in pairs {
            self.pair(left.old[old].0, left.new[new], left.name);
        }
        self.prune(left);
    }

    fn pair(&mut self, id: ItemId, element: &'a Json, name: &'a str) {
        self.items.insert(std::ptr::from_ref(element), id);
        self.taken.insert(id);
        let document = self.document;
        if let Some(item) = document.item(id) {
            self.values(&item.value, element, name);
        }
    }

    fn prune(&self, left: &mut Leftovers<'a>) {
        left.old.retain(|(id, _)| !self.taken.contains(id));
        left.new.retain(|json| self.item(json).is_none());
    }
}
