//! Order keys for a list in its new order: as few items as possible change their place.

use crate::id::ItemId;
use crate::order_key::{ORDER_KEY_BYTES_MAX, OrderKey};

/// For each element of the new order the key it keeps: those of a longest run that is in order already.
pub(super) fn kept<'a>(
    old: &[(&'a OrderKey, ItemId)],
    new: &[Option<ItemId>],
) -> Vec<Option<&'a OrderKey>> {
    let mut ranks: Vec<(ItemId, usize)> = old
        .iter()
        .enumerate()
        .map(|(rank, (_, item))| (*item, rank))
        .collect();
    ranks.sort_unstable();
    let rank = |item: &Option<ItemId>| {
        let item = item.as_ref()?;
        let index = ranks.binary_search_by_key(item, |(id, _)| *id).ok()?;
        ranks.get(index).map(|(_, rank)| *rank)
    };
    let here: Vec<(usize, usize)> = new
        .iter()
        .enumerate()
        .filter_map(|(index, item)| Some((index, rank(item)?)))
        .collect();
    let mut kept = vec![None; new.len()];
    for (index, rank) in longest_increasing(&here) {
        kept[index] = Some(old[rank].0);
    }
    kept
}

/// A longest part in which the second numbers increase. Cost: O(n log n).
fn longest_increasing(pairs: &[(usize, usize)]) -> Vec<(usize, usize)> {
    // The index of the smallest end of an increasing part, for each length.
    let mut ends: Vec<usize> = Vec::new();
    let mut before: Vec<Option<usize>> = Vec::with_capacity(pairs.len());
    for (index, (_, rank)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *rank);
        before.push(length.checked_sub(1).map(|shorter| ends[shorter]));
        if length == ends.len() {
            ends.push(index);
        } else {
            ends[length] = index;
        }
    }
    let mut out = Vec::with_capacity(ends.len());
    let mut next = ends.last().copied();
    while let Some(index) = next {
        out.push(pairs[index]);
        next = before[index];
    }
    out.reverse();
    out
}

/// The new key of each element; `None` for those that keep theirs.
///
/// An element gives up the key it could keep only if there is no room before it: two items may
/// have equal keys.
pub(super) fn places(
    kept: &[Option<&OrderKey>],
    unique: &mut dyn FnMut() -> (u32, u32),
) -> Vec<Option<OrderKey>> {
    let mut out: Vec<Option<OrderKey>> = vec![None; kept.len()];
    let mut left: Option<OrderKey> = None;
    let mut start = 0;
    while start < kept.len() {
        if let Some(key) = kept[start] {
            left = Some(key.clone());
            start += 1;
            continue;
        }
        let mut end = start;
        let keys = loop {
            end = next_kept(kept, end, left.as_ref());
            let right = kept.get(end).copied().flatten();
            let keys = spread(left.as_ref(), right, end - start, unique);
            if right.is_none() || fits(left.as_ref(), &keys, right) {
                break keys;
            }
            end += 1;
        };
        if keys
            .iter()
            .any(|key| key.as_str().len() > ORDER_KEY_BYTES_MAX)
        {
            // No short key is left in this gap: the whole list gets new ones.
            return spread(None, None, kept.len(), unique)
                .into_iter()
                .map(Some)
                .collect();
        }
        left = keys.last().cloned();
        for (slot, key) in out[start..end].iter_mut().zip(keys) {
            *slot = Some(key);
        }
        start = end;
    }
    out
}

/// The next element from `from` on that keeps a key above `left`.
fn next_kept(kept: &[Option<&OrderKey>], from: usize, left: Option<&OrderKey>) -> usize {
    let fits = |key: &Option<&OrderKey>| key.is_some_and(|key| left.is_none_or(|left| left < key));
    let found = kept[from..].iter().position(fits);
    found.map_or(kept.len(), |found| from + found)
}

fn fits(left: Option<&OrderKey>, keys: &[OrderKey], right: Option<&OrderKey>) -> bool {
    let all: Vec<&OrderKey> = left.into_iter().chain(keys).chain(right).collect();
    all.windows(2).all(|pair| pair[0] < pair[1])
}

/// `count` keys in order between two: one after the other at an end, by halves in between, so that they stay short.
fn spread(
    left: Option<&OrderKey>,
    right: Option<&OrderKey>,
    count: usize,
    unique: &mut dyn FnMut() -> (u32, u32),
) -> Vec<OrderKey> {
    let mut keys: Vec<OrderKey> = Vec::with_capacity(count);
    match (left, right) {
        (left, None) => {
            for _ in 0..count {
                let key = OrderKey::between(keys.last().or(left), None, unique());
                keys.push(key);
            }
        }
        (None, right) => {
            for _ in 0..count {
                let key = OrderKey::between(None, keys.last().or(right), unique());
                keys.push(key);
            }
            keys.reverse();
        }
        (Some(_), Some(_)) if count > 0 => {
            let middle = OrderKey::between(left, right, unique());
            let below = count / 2;
            keys = spread(left, Some(&middle), below, unique);
            let above = spread(Some(&middle), right, count - below - 1, unique);
            keys.push(middle);
            keys.extend(above);
        }
        (Some(_), Some(_)) => {}
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> OrderKey {
        OrderKey::parse(text).expect("it is a key")
    }

    fn placed(kept: &[Option<&str>]) -> Vec<OrderKey> {
        let kept: Vec<Option<OrderKey>> = kept.iter().map(|text| text.map(key)).collect();
        let borrowed: Vec<Option<&OrderKey>> = kept.iter().map(Option::as_ref).collect();
        let mut counter = 0;
        let places = places(&borrowed, &mut || {
            counter += 1;
            (1, counter)
        });
        let all = places.into_iter().zip(kept);
        all.map(|(new, kept)| new.or(kept).expect("each has a place"))
            .collect()
    }

    #[test]
    fn any_gap_is_filled_in_order() {
        for kept in [
            vec![None, None, None],
            vec![None, Some("a0"), None, None, Some("a1"), None],
            vec![Some("a0"), None, Some("a0"), Some("a0"), None, Some("a1")],
            vec![Some("a0"), None, Some("a0."), Some("a0.0"), None],
            vec![None, Some("."), Some("zz")],
        ] {
            let keys = placed(&kept);
            assert!(keys.is_sorted(), "{kept:?} {keys:?}");
        }
    }

    #[test]
    fn many_in_one_gap_stay_short() {
        let mut kept = vec![None; 5_000];
        kept.insert(0, Some("a0"));
        kept.push(Some("a1"));
        let keys = placed(&kept);
        assert!(keys.windows(2).all(|pair| pair[0] < pair[1]));
        let longest = keys.iter().map(|key| key.as_str().len()).max();
        assert!(longest < Some(60), "{longest:?}");
    }

    #[test]
    fn a_gap_without_room_gives_the_whole_list_new_keys() {
        let left = format!("a0{}", "z".repeat(ORDER_KEY_BYTES_MAX - 2));
        let keys = placed(&[Some(&left), None, Some("a1")]);
        assert!(keys.is_sorted(), "{keys:?}");
        assert!(keys.iter().all(|key| key.as_str().len() < 20), "{keys:?}");
    }

    #[test]
    fn the_longest_run_stays() {
        let pairs: Vec<(usize, usize)> = [3, 0, 1, 4, 2].into_iter().enumerate().collect();
        assert_eq!(longest_increasing(&pairs), [(1, 0), (2, 1), (4, 2)]);
    }
}
