//! Order keys made by several people at once: never equal, always room between them, short.

use coboard_ot::{ORDER_KEY_BYTES_MAX, OrderKey};
use coboard_testkit::Random;

/// Inserts a key at `index` and checks that it stands there.
fn insert_at(keys: &mut Vec<OrderKey>, index: usize, unique: (u32, u32)) {
    let (left, right) = (index.checked_sub(1).map(|i| &keys[i]), keys.get(index));
    let key = OrderKey::between(left, right, unique);
    assert!(left.is_none_or(|left| *left < key), "{left:?} < {key}");
    assert!(right.is_none_or(|right| key < *right), "{key} < {right:?}");
    assert!(OrderKey::parse(key.as_str()).is_some(), "{key}");
    keys.insert(index, key);
}

#[test]
fn people_who_insert_into_one_gap_unseen_leave_room_everywhere() {
    for seed in 0..200 {
        let mut random = Random::new(seed, 0);
        let mut keys: Vec<OrderKey> = OrderKey::sequence().take(3).collect();
        let mut counter = 0;
        for _ in 0..6 {
            let index = random.below(keys.len() + 1);
            let mut unseen = Vec::new();
            for client in [1, 2, 12, 63, 3844] {
                let mut own = keys.clone();
                let run = 1 + random.below(3);
                for offset in 0..run {
                    counter += 1;
                    insert_at(&mut own, index + offset, (client, counter));
                }
                unseen.extend_from_slice(&own[index..index + run]);
            }
            keys.extend(unseen);
            keys.sort();
            assert!(keys.windows(2).all(|pair| pair[0] != pair[1]));
        }
        for index in (0..=keys.len()).rev() {
            counter += 1;
            insert_at(&mut keys, index, (9, counter));
        }
    }
}

#[test]
fn a_thousand_inserts_in_one_gap_stay_within_the_limit() {
    for at_the_left in [false, true] {
        let mut keys: Vec<OrderKey> = OrderKey::sequence().take(2).collect();
        for counter in 0..1000 {
            let index = if at_the_left { 1 } else { keys.len() - 1 };
            insert_at(&mut keys, index, (u32::MAX, counter));
        }
        let longest = keys.iter().map(|key| key.as_str().len()).max();
        assert!(longest <= Some(ORDER_KEY_BYTES_MAX), "{longest:?}");
    }
}
