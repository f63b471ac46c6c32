//! Makes a failing case small enough to read.

use coboard_ot::{ItemId, Map, Value};
use std::sync::Arc;

use crate::laws::{Case, Law};

/// The case with everything taken out that the failure of `law` does not need.
pub fn shrink(case: &Case, law: Law) -> Case {
    let fails = |case: &Case| {
        case.check()
            .failures
            .iter()
            .any(|(failed, _)| *failed == law)
    };
    let mut case = case.clone();
    loop {
        let smaller = candidates(&case).find(fails);
        match smaller {
            Some(smaller) => case = smaller,
            None => return case,
        }
    }
}

/// All cases with one thing less, lazily: the edits first, for they tell most.
fn candidates(case: &Case) -> impl Iterator<Item = Case> {
    without_people(case)
        .chain(without_edits(case))
        .chain(without_items(case))
        .chain(without_keys(case))
}

fn without_people(case: &Case) -> impl Iterator<Item = Case> {
    (0..case.others.len()).map(|index| {
        let mut candidate = case.clone();
        candidate.others.remove(index);
        candidate
    })
}

fn without_edits(case: &Case) -> impl Iterator<Item = Case> {
    let groups = edits_of(&mut case.clone()).count();
    (0..groups).flat_map(move |group| {
        let count = edits_mut(&mut case.clone(), group).len();
        (0..count).map(move |index| {
            let mut candidate = case.clone();
            edits_mut(&mut candidate, group).remove(index);
            candidate
        })
    })
}

/// The edits of each operation of the case.
fn edits_of(case: &mut Case) -> impl Iterator<Item = &mut Vec<crate::edit::Edit>> {
    let others = case.others.iter_mut().flatten();
    let two = case.mine.iter_mut().chain(&mut case.theirs);
    two.chain(&mut case.stray).chain(others)
}

fn edits_mut(case: &mut Case, group: usize) -> &mut Vec<crate::edit::Edit> {
    edits_of(case).nth(group).expect("the group was counted")
}

fn without_items(case: &Case) -> impl Iterator<Item = Case> {
    let ids = case.document.items.keys().filter(|id| **id != ItemId::ROOT);
    ids.map(|id| {
        let mut candidate = case.clone();
        candidate.document.items.remove(id);
        candidate
    })
}

fn without_keys(case: &Case) -> impl Iterator<Item = Case> {
    case.document.items.iter().flat_map(move |(id, item)| {
        let map = if let Value::Map(map) = &item.value {
            Map::clone(map)
        } else {
            Map::new()
        };
        let keys: Vec<_> = map.iter().map(|(key, _)| key.clone()).collect();
        keys.into_iter().filter_map(move |key| {
            let mut candidate = case.clone();
            let mut map = map.clone();
            map.remove(&key);
            candidate.document.items.get_mut(id)?.value = Value::Map(Arc::new(map));
            Some(candidate)
        })
    })
}
