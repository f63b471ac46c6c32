//! Which item of the document becomes which element of the new JSON.
//!
//! Within a list: by natural key, then by being equal, then by being alike. Between lists: by
//! `id` and `uid` alone, and only among lists of the same name. A pair of maps or lists leads to
//! the pairs inside of it. Matching only proposes: whatever is matched, the operation is right.

use std::collections::{BTreeMap, BTreeSet};

use super::fingerprint::{features, hash, likeness};
use super::sequence::common;
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
/// Items and elements of one list that are compared by likeness: 4,096 comparisons. A guess.
const ALIKE_MAX: usize = 64;
/// Differences within one list up to which equal elements are found in the best order.
const LIST_EDITS_MAX: usize = 256;

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

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum NaturalKey<'a> {
    Int(i64),
    Str(&'a str),
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

    /// A natural key counts where it is unique on both sides.
    fn by_key(&mut self, left: &mut Leftovers<'a>, key: &str) {
        let old = left.old.iter().map(|(_, value)| key_of_value(value, key));
        let new = left.new.iter().map(|json| key_of_json(json, key));
        let pairs = unique_pairs(old, new);
        self.take(left, pairs);
    }

    /// First those that are equal in order, then those that moved.
    fn by_equality(&mut self, left: &mut Leftovers<'a>) {
        if left.old.is_empty() || left.new.is_empty() {
            return;
        }
        let document = self.document;
        let old: Vec<u64> = (left
            .old
            .iter()
            .map(|(_, value)| hash(&document.plain(value))))
        .collect();
        let new: Vec<u64> = left.new.iter().map(|json| hash(json)).collect();
        let mut pairs = Vec::new();
        let mut free: BTreeMap<u64, Vec<usize>> = BTreeMap::new();
        let runs = common(&old, &new, LIST_EDITS_MAX);
        let in_order = runs
            .iter()
            .flat_map(|run| (0..run.len).map(|at| (run.old + at, run.new + at)));
        pairs.extend(in_order);
        let (mut old_used, mut new_used) = (vec![false; old.len()], vec![false; new.len()]);
        for (old, new) in &pairs {
            (old_used[*old], new_used[*new]) = (true, true);
        }
        for (index, hash) in old
            .iter()
            .enumerate()
            .rev()
            .filter(|(at, _)| !old_used[*at])
        {
            free.entry(*hash).or_default().push(index);
        }
        for (index, hash) in new.iter().enumerate().filter(|(at, _)| !new_used[*at]) {
            pairs.extend(
                free.get_mut(hash)
                    .and_then(Vec::pop)
                    .map(|old| (old, index)),
            );
        }
        self.take(left, pairs);
    }

    /// The most alike first.
    fn by_likeness(&mut self, left: &mut Leftovers<'a>) {
        let document = self.document;
        let old: Vec<(u8, Vec<u64>)> = (left.old.iter().take(ALIKE_MAX))
            .map(|(_, value)| document.plain(value))
            .map(|json| (kind(&json), features(&json)))
            .collect();
        let mut found = Vec::new();
        for (new_index, json) in left.new.iter().take(ALIKE_MAX).enumerate() {
            let (new_kind, new_features) = (kind(json), features(json));
            for (old_index, (kind, features)) in old.iter().enumerate() {
                let percent = likeness(features, &new_features);
                if *kind == new_kind && new_kind > 0 && percent >= LIKENESS_MIN {
                    let apart = old_index.abs_diff(new_index);
                    found.push((100 - percent, apart, old_index, new_index));
                }
            }
        }
        found.sort_unstable();
        let (mut old_used, mut new_used) = (BTreeSet::new(), BTreeSet::new());
        let mut pairs = Vec::new();
        for (_, _, old, new) in found {
            if !old_used.contains(&old) && !new_used.contains(&new) {
                old_used.insert(old);
                new_used.insert(new);
                pairs.push((old, new));
            }
        }
        self.take(left, pairs);
    }

    /// As many numbers as before: each is the new value of the one at its place.
    fn by_order(&mut self, left: &mut Leftovers<'a>) {
        let places = |numbers: &mut dyn Iterator<Item = bool>| -> Vec<usize> {
            let numbers = numbers.enumerate();
            numbers.filter_map(|(at, is)| is.then_some(at)).collect()
        };
        let is_number = |value: &Value| matches!(value, Value::Int(_) | Value::Float(_));
        let old = places(&mut left.old.iter().map(|(_, value)| is_number(value)));
        let is_number = |json: &Json| matches!(json, Json::Int(_) | Json::Float(_));
        let new = places(&mut left.new.iter().map(|json| is_number(json)));
        if old.len() == new.len() {
            self.take(left, old.into_iter().zip(new).collect());
        }
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

/// Indexes of those whose key both sides have once, in the order of the new side.
fn unique_pairs<K: Ord + Copy>(
    old: impl Iterator<Item = Option<K>>,
    new: impl Iterator<Item = Option<K>>,
) -> Vec<(usize, usize)> {
    let mut seen: BTreeMap<K, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
    for (index, key) in old.enumerate() {
        if let Some(key) = key {
            seen.entry(key).or_default().0.push(index);
        }
    }
    for (index, key) in new.enumerate() {
        if let Some(both) = key.and_then(|key| seen.get_mut(&key)) {
            both.1.push(index);
        }
    }
    let mut pairs: Vec<(usize, usize)> = seen
        .into_values()
        .filter_map(|(old, new)| match (&old[..], &new[..]) {
            ([old], [new]) => Some((*old, *new)),
            _ => None,
        })
        .collect();
    pairs.sort_unstable_by_key(|(_, new)| *new);
    pairs
}

fn key_of_value<'a>(value: &'a Value, key: &str) -> Option<NaturalKey<'a>> {
    let Value::Map(map) = value else { return None };
    match map.get(key)? {
        Value::Int(number) => Some(NaturalKey::Int(*number)),
        Value::Str(text) if !text.is_empty() => Some(NaturalKey::Str(text)),
        Value::Null
        | Value::Bool(_)
        | Value::Float(_)
        | Value::Str(_)
        | Value::Map(_)
        | Value::List(_) => None,
    }
}

fn key_of_json<'a>(json: &'a Json, key: &str) -> Option<NaturalKey<'a>> {
    let Json::Map(map) = json else { return None };
    let index = map.binary_search_by(|(other, _)| (**other).cmp(key)).ok()?;
    match &map[index].1 {
        Json::Int(number) => Some(NaturalKey::Int(*number)),
        Json::Str(text) if !text.is_empty() => Some(NaturalKey::Str(text)),
        Json::Null
        | Json::Bool(_)
        | Json::Float(_)
        | Json::Str(_)
        | Json::Map(_)
        | Json::List(_) => None,
    }
}

/// Only values of one kind are alike; 0 is never alike.
fn kind(json: &Json) -> u8 {
    match json {
        Json::Null | Json::Bool(_) | Json::Int(_) | Json::Float(_) => 0,
        Json::Str(_) => 1,
        Json::List(_) => 2,
        Json::Map(_) => 3,
    }
}
