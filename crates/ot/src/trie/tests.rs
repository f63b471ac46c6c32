//! The trie against the map of the standard library.

use std::collections::BTreeMap;

use super::*;

type Both = (Trie<u32>, BTreeMap<u64, u32>);

/// Random numbers.
fn draws() -> impl FnMut(u64) -> u64 {
    let mut state = 7_u64;
    move |end| {
        state = state.wrapping_mul(0x5851_f42d_4c95_7f2d).wrapping_add(1);
        let mixed = (state ^ (state >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
        (mixed ^ (mixed >> 33)) % end
    }
}

/// Everything that can be asked.
fn assert_same((trie, model): &Both) {
    assert_eq!(trie.len(), model.len());
    assert!(
        trie.iter()
            .eq(model.iter().map(|(key, value)| (*key, value)))
    );
    assert!(model.keys().all(|key| trie.get(*key) == model.get(key)));
    assert_shape(&trie.root);
}

/// No node is empty, none has a single child, and each stands where its keys part.
fn assert_shape(link: &Link<u32>) {
    let Some(node) = link else { return };
    assert_eq!(node.prefix, above(node.prefix, node.shift));
    match &node.slots {
        Slots::Leaf(values) => assert!(values.iter().flatten().next().is_some()),
        Slots::Inner(children) => {
            assert!(children.iter().flatten().count() > 1, "a single child");
            for (slot, child) in children.iter().enumerate() {
                if let Some(below) = child {
                    assert!(below.shift < node.shift && node.slot(below.prefix) == slot);
                    assert_shape(child);
                }
            }
        }
    }
}

/// Grows, shrinks to nothing and grows again, with clones that must not change.
fn check(key_of: fn(u64) -> u64) {
    let mut draw = draws();
    let mut both = Both::default();
    let mut kept: Vec<Both> = Vec::new();
    for step in 0..16_000 {
        let (trie, model) = &mut both;
        let growing = (step / 4_000) % 2 == 0;
        let key = key_of(draw(1_500));
        if draw(10) < if growing { 8 } else { 1 } {
            assert_eq!(trie.insert(key, step), model.insert(key, step));
        } else {
            let first = model.keys().next().copied().filter(|_| step % 2 == 0);
            let key = first.unwrap_or(key);
            assert_eq!(trie.remove(key), model.remove(&key));
        }
        let key = key_of(draw(1_500));
        assert_eq!(trie.get(key), model.get(&key));
        assert_eq!(trie.get_mut(key), model.get_mut(&key));
        if let (Some(one), Some(other)) = (trie.get_mut(key), model.get_mut(&key)) {
            (*one, *other) = (step + 1, step + 1);
        }
        if step % 400 == 0 {
            kept.push(both.clone());
        }
    }
    kept.push(both);
    kept.iter().for_each(assert_same);
    let (mut trie, model) = kept.pop().expect("the last one");
    assert!(model.keys().all(|key| trie.remove(*key).is_some()));
    assert!(trie.root.is_none() && trie.len() == 0);
}

#[test]
fn ids_that_are_counted_up() {
    check(|n| n);
    check(|n| ((n % 3) << 32) | (n / 3));
}

#[test]
fn ids_anywhere() {
    check(|n| n.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    check(|n| n.reverse_bits());
    check(|n| u64::MAX - n);
}

/// Each key parts from the others at another bit, so there are as many levels as can be.
#[test]
fn ids_that_make_it_deep() {
    check(|n| 1_u64.checked_shl(n as u32 % 65).unwrap_or(0));
    check(|n| (u64::MAX << (n % 64)) ^ (n / 64));
}

#[test]
fn a_write_copies_only_its_way() {
    let mut trie = Trie::default();
    for key in 0..WIDTH.pow(3) as u64 {
        trie.insert(key, key);
    }
    let kept = trie.clone();
    trie.insert(0, 1);
    let children = |trie: &Trie<u64>| match &trie.root.as_deref().expect("it is full").slots {
        Slots::Inner(children) => children.clone(),
        Slots::Leaf(_) => panic!("three levels"),
    };
    let pairs = children(&trie).into_iter().zip(children(&kept));
    let shared = pairs
        .map(|(one, other)| Arc::ptr_eq(&one.expect("it is full"), &other.expect("it is full")));
    assert_eq!(shared.filter(|shared| *shared).count(), WIDTH - 1);
    assert_eq!((trie.get(0), kept.get(0)), (Some(&1), Some(&0)));
}

#[test]
fn a_trie_of_its_own_is_written_in_place() {
    let mut trie = Trie::default();
    trie.insert(1, 1);
    let before = trie.get(1).map(std::ptr::from_ref);
    trie.insert(2, 2);
    *trie.get_mut(1).expect("it is there") = 3;
    assert_eq!(trie.get(1).map(std::ptr::from_ref), before);
}
