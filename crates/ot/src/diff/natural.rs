//! Natural keys: what people call things by. They match items, and are never identity.

use std::collections::BTreeMap;

use crate::value::{Json, Value};

/// The value of a natural key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NaturalKey<'a> {
    Int(i64),
    Str(&'a str),
}

/// Indexes of those whose key both sides have once, in the order of the new side.
pub(super) fn unique_pairs<K: Ord + Copy>(
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

pub(super) fn key_of_value<'a>(value: &'a Value, key: &str) -> Option<NaturalKey<'a>> {
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

pub(super) fn key_of_json<'a>(json: &'a Json, key: &str) -> Option<NaturalKey<'a>> {
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
