//! The map of a value: few keys, sorted, copied as a whole when shared.

use std::sync::Arc;

use crate::value::{Key, Value};

/// Most keys that are shared within a document: far more than any schema has.
const KNOWN_KEYS_MAX: usize = 1_024;

/// An object's keys and values, sorted by key, so that equal maps are the same on every replica.
///
/// Maps of a dashboard have a few dozen keys and are copied on write: one sorted vector copies
/// faster than a tree and is searched as quickly.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Map {
    /// Sorted by key, no key twice.
    entries: Vec<(Key, Value)>,
}

impl Map {
    /// An empty map.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value of a key. Cost: O(log keys).
    pub fn get(&self, key: &str) -> Option<&Value> {
        let index = self.find(key).ok()?;
        self.entries.get(index).map(|(_, value)| value)
    }

    /// The value of a key, to be changed in place.
    pub fn get_mut(&mut self, key: &str) -> Option<&mut Value> {
        let index = self.find(key).ok()?;
        self.entries.get_mut(index).map(|(_, value)| value)
    }

    /// Puts a value in and gives back the one it replaces. Cost: O(keys).
    pub fn insert(&mut self, key: Key, value: Value) -> Option<Value> {
        match self.find(&key) {
            Ok(index) => Some(std::mem::replace(&mut self.entries[index].1, value)),
            Err(index) => {
                self.entries.insert(index, (key, value));
                None
            }
        }
    }

    /// Takes a value out. Cost: O(keys).
    pub fn remove(&mut self, key: &str) -> Option<Value> {
        let index = self.find(key).ok()?;
        Some(self.entries.remove(index).1)
    }

    /// Replaces keys, also those of maps within, by equal ones of `known`, and adds new ones there.
    ///
    /// Objects of one kind have the same keys: kept once, they save memory and stay in the cache.
    /// Maps that are shared stay as they are.
    pub(crate) fn share_keys(&mut self, known: &mut Self) {
        for (key, value) in &mut self.entries {
            match known.find(key) {
                Ok(index) => *key = known.entries[index].0.clone(),
                Err(index) if known.len() < KNOWN_KEYS_MAX => {
                    known.entries.insert(index, (key.clone(), Value::Null));
                }
                Err(_) => {}
            }
            if let Value::Map(map) = value
                && let Some(map) = Arc::get_mut(map)
            {
                map.share_keys(known);
            }
        }
    }

    /// Keys and values in order.
    pub fn iter(&self) -> std::slice::Iter<'_, (Key, Value)> {
        self.entries.iter()
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is no key.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn find(&self, key: &str) -> Result<usize, usize> {
        self.entries
            .binary_search_by(|(other, _)| (**other).cmp(key))
    }
}

impl<'a> IntoIterator for &'a Map {
    type Item = &'a (Key, Value);
    type IntoIter = std::slice::Iter<'a, (Key, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.entries.iter()
    }
}

impl FromIterator<(Key, Value)> for Map {
    fn from_iter<I: IntoIterator<Item = (Key, Value)>>(entries: I) -> Self {
        let mut map = Self::new();
        for (key, value) in entries {
            map.insert(key, value);
        }
        map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_keys_become_one() {
        let inner: Map = [(Key::from("a"), Value::Int(1))].into_iter().collect();
        let entry = |key: &str| (Key::from(key), Value::Map(Arc::new(inner.clone())));
        let mut map: Map = [entry("b"), entry("c")].into_iter().collect();
        // Made of clones, so the keys within are shared already; these are not.
        let other: Map = [(Key::from("a"), Value::Int(1))].into_iter().collect();
        map.insert("c".into(), Value::Map(Arc::new(other)));
        map.share_keys(&mut Map::new());
        let keys: Vec<&Key> = map
            .iter()
            .filter_map(|(_, value)| {
                let Value::Map(map) = value else { return None };
                map.iter().next().map(|(key, _)| key)
            })
            .collect();
        assert!(Arc::ptr_eq(keys[0], keys[1]));
    }

    #[test]
    fn keys_stay_sorted_and_single() {
        let map: Map = ["b", "a", "c", "a"]
            .into_iter()
            .enumerate()
            .map(|(at, key)| (Key::from(key), Value::Int(at as i64)))
            .collect();
        let keys: Vec<Key> = map.iter().map(|(key, _)| key.clone()).collect();
        assert_eq!(keys, ["a", "b", "c"].map(Key::from));
        assert_eq!(map.get("a"), Some(&Value::Int(3)));
        let mut less = map.clone();
        assert_eq!(less.remove("b"), Some(Value::Int(0)));
        assert_eq!(less.remove("b"), None);
        assert_eq!((less.get("b"), less.len(), map.len()), (None, 2, 3));
    }
}
