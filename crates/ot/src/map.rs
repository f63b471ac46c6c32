//! The map of a value: few keys, sorted, copied as a whole when shared.

use crate::value::{Key, Value};

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
