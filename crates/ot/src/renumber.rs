//! Fresh short keys for items between which so much was inserted that their keys grew long.

use std::collections::BTreeMap;

use crate::change::{Components, ItemChange};
use crate::document::{Document, Location};
use crate::id::{ItemId, ListId};
use crate::order_key::OrderKey;

/// Longest key that stays beside a long one; between two of these there is room.
const SHORT_BYTES: usize = 24;

/// Moves that give the items of `list` around keys longer than `bytes_max` short ones, in the same
/// order and between the same neighbours. Cost: O(items of the list).
pub fn renumbering(document: &Document, list: ListId, bytes_max: usize) -> Components {
    let items: Vec<(&OrderKey, ItemId)> = document.list(list).collect();
    let mut moves = Components::new();
    let mut at = 0;
    while at < items.len() {
        let rest = &items[at..];
        let run = rest
            .iter()
            .take_while(|(key, _)| key.as_str().len() > SHORT_BYTES)
            .count();
        let long = |(key, _): &(&OrderKey, ItemId)| key.as_str().len() > bytes_max;
        if rest[..run].iter().any(long) {
            let left = at.checked_sub(1).map(|left| items[left].0.clone());
            let right = items.get(at + run).map(|(key, _)| (*key).clone());
            spread(&mut moves, list, &rest[..run], (left, right));
        }
        at += run.max(1);
    }
    moves
}

/// Halves the gap again and again, so that keys grow by the logarithm of their number.
fn spread(
    moves: &mut Components,
    list: ListId,
    items: &[(&OrderKey, ItemId)],
    (left, right): (Option<OrderKey>, Option<OrderKey>),
) {
    let middle = items.len() / 2;
    let Some((old, item)) = items.get(middle) else {
        return;
    };
    let key = between(left.as_ref(), right.as_ref(), *item);
    let change = ItemChange::Move {
        old: Location::At(list, (*old).clone()),
        new: Location::At(list, key.clone()),
    };
    moves.items.insert(*item, change);
    spread(moves, list, &items[..middle], (left, Some(key.clone())));
    spread(moves, list, &items[middle + 1..], (Some(key), right));
}

/// `op` with its places among items that a renumbering moved, which it did not know of.
///
/// A key between the old keys of two neighbours becomes one between their new keys. One that is
/// beside the renumbered items stays as it is.
pub fn follow(op: Components, renumbering: &Components) -> Components {
    let mut rows: BTreeMap<ListId, Vec<(&OrderKey, &OrderKey)>> = BTreeMap::new();
    for (_, change) in renumbering.items() {
        if let ItemChange::Move {
            old: Location::At(from, old),
            new: Location::At(to, new),
        } = change
            && from == to
        {
            rows.entry(*from).or_default().push((old, new));
        }
    }
    let mut op = op;
    for (list, mut keys) in rows {
        keys.sort_unstable();
        follow_in(&mut op, list, &keys);
    }
    op
}

fn follow_in(op: &mut Components, list: ListId, keys: &[(&OrderKey, &OrderKey)]) {
    let mut placed: Vec<(OrderKey, ItemId)> = Vec::new();
    for (item, change) in op.items() {
        if let Some(Location::At(of, key)) = place(change)
            && *of == list
        {
            placed.push((key.clone(), item));
        }
    }
    placed.sort_unstable();
    let mut last: Option<OrderKey> = None;
    for (key, item) in placed {
        let index = keys.partition_point(|(old, _)| **old <= key);
        let (Some((_, left)), Some((_, right))) = (
            index.checked_sub(1).and_then(|left| keys.get(left)),
            keys.get(index),
        ) else {
            continue;
        };
        // What was put into one gap stays in its order.
        let left = last
            .filter(|last| last > left && last < right)
            .unwrap_or_else(|| (*left).clone());
        let fresh = between(Some(&left), Some(right), item);
        last = Some(fresh.clone());
        if let Some(ItemChange::New { location, .. } | ItemChange::Move { new: location, .. }) =
            op.items.get_mut(&item)
        {
            *location = Location::At(list, fresh);
        }
    }
}

fn place(change: &ItemChange) -> Option<&Location> {
    match change {
        ItemChange::New { location, .. } | ItemChange::Move { new: location, .. } => Some(location),
        ItemChange::Purge => None,
    }
}

/// The item's own id makes the key unique: everybody makes the same one.
fn between(left: Option<&OrderKey>, right: Option<&OrderKey>, item: ItemId) -> OrderKey {
    OrderKey::between(left, right, (item.client(), item.counter()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Value;

    const LIST: ListId = ListId::new(0, 1);

    fn new(item: ItemId, key: &OrderKey) -> Components {
        let location = Location::At(LIST, key.clone());
        let value = Value::Null;
        Components::of_item(item, ItemChange::New { value, location })
    }

    fn order(document: &Document) -> Vec<ItemId> {
        document.list(LIST).map(|(_, item)| item).collect()
    }

    /// Two items and 900 between them, each put right after the first.
    fn grown() -> Document {
        let mut document = Document::new();
        let ends: Vec<OrderKey> = OrderKey::sequence().take(2).collect();
        let mut right = ends[1].clone();
        for (counter, end) in (1..).zip(&ends) {
            document.apply(&new(ItemId::new(1, counter), end));
        }
        for counter in 3..903 {
            right = OrderKey::between(Some(&ends[0]), Some(&right), (1, counter));
            document.apply(&new(ItemId::new(1, counter), &right));
        }
        document
    }

    #[test]
    fn keys_become_short_and_the_order_stays() {
        let mut document = grown();
        let before = order(&document);
        let longest =
            |document: &Document| document.list(LIST).map(|(key, _)| key.as_str().len()).max();
        assert!(longest(&document) > Some(128));
        let moves = renumbering(&document, LIST, 128);
        document.apply(&moves);
        assert_eq!(order(&document), before);
        assert!(
            longest(&document) <= Some(2 * SHORT_BYTES),
            "{:?}",
            longest(&document)
        );
        assert!(renumbering(&document, LIST, 128).is_empty());
    }

    #[test]
    fn what_did_not_know_of_it_stands_between_the_same_items() {
        let document = grown();
        let moves = renumbering(&document, LIST, 128);
        let items: Vec<(&OrderKey, ItemId)> = document.list(LIST).collect();
        for at in (100..800).step_by(50) {
            let (left, right) = (items[at], items[at + 1]);
            let first = OrderKey::between(Some(left.0), Some(right.0), (2, 1));
            let second = OrderKey::between(Some(&first), Some(right.0), (2, 2));
            let ids = [ItemId::new(2, 9), ItemId::new(2, 8)];
            let mut op = new(ids[0], &first);
            op = crate::compose(op, &new(ids[1], &second));
            let mut after = document.clone();
            after.apply(&moves);
            after.apply(&follow(op, &moves));
            let order = order(&after);
            let place = order.iter().position(|item| *item == left.1);
            let found = place.and_then(|place| order.get(place..place + 4));
            assert_eq!(
                found,
                Some(&[left.1, ids[0], ids[1], right.1][..]),
                "at {at}"
            );
        }
    }
}
