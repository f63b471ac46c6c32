//! Pairs within one list.

use std::collections::{BTreeMap, BTreeSet};

use super::{LIKENESS_MIN, Leftovers, Pairing};
use crate::diff::fingerprint::{features, hash, likeness};
use crate::diff::natural::{key_of_json, key_of_value, unique_pairs};
use crate::diff::sequence::common;
use crate::value::{Json, Value};

/// Items and elements of one list that are compared by likeness: 4,096 comparisons. A guess.
const ALIKE_MAX: usize = 64;
/// Differences within one list up to which equal elements are found in the best order.
const LIST_EDITS_MAX: usize = 256;

impl<'a> Pairing<'a> {
    /// A natural key counts where it is unique on both sides.
    pub(super) fn by_key(&mut self, left: &mut Leftovers<'a>, key: &str) {
        let old = left.old.iter().map(|(_, value)| key_of_value(value, key));
        let new = left.new.iter().map(|json| key_of_json(json, key));
        let pairs = unique_pairs(old, new);
        self.take(left, pairs);
    }

    /// First those that are equal in order, then those that moved.
    pub(super) fn by_equality(&mut self, left: &mut Leftovers<'a>) {
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
    pub(super) fn by_likeness(&mut self, left: &mut Leftovers<'a>) {
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
    pub(super) fn by_order(&mut self, left: &mut Leftovers<'a>) {
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
