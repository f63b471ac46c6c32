//! The tree against the map of the standard library.

use std::collections::BTreeMap;

use super::*;

/// Sixteen keys to a rank, so that ranks alone decide little.
impl Ranked for u32 {
    fn rank(&self) -> u64 {
        u64::from(self / 16)
    }
}

/// Ranks say nothing.
impl Ranked for usize {
    fn rank(&self) -> u64 {
        0
    }
}

/// Against the map of the standard library, with clones that must not change.
#[test]
fn it_is_an_ordered_map_and_clones_stay_what_they_were() {
    let mut random = 7_u32;
    let mut draw = |end: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) % end
    };
    let (mut tree, mut model) = (Tree::default(), BTreeMap::new());
    let mut kept: Vec<(Tree<u32, u32>, BTreeMap<u32, u32>)> = Vec::new();
    for step in 0..20_000 {
        // First it grows, then it shrinks to nothing, and so on.
        let growing = (step / 2_500) % 2 == 0;
        let key = draw(1_500);
        if draw(10) < if growing { 8 } else { 1 } {
            assert_eq!(tree.insert(key, step), model.insert(key, step));
        } else if draw(2) == 0 {
            let first = model.keys().next().copied().unwrap_or(key);
            assert_eq!(tree.remove(&first), model.remove(&first));
        } else {
            assert_eq!(tree.remove(&key), model.remove(&key));
        }
        assert_eq!(tree.get(&key), model.get(&key));
        if let Some(value) = tree.get_mut(&(key / 2)) {
            *value += 1;
            *model.get_mut(&(key / 2)).expect("both have it") += 1;
        }
        if step % 500 == 0 {
            kept.push((tree.clone(), model.clone()));
        }
    }
    kept.push((tree, model));
    for (tree, model) in kept {
        assert_eq!(tree.len(), model.len());
        assert!(tree.iter().map(|(k, v)| (k, v)).eq(model.iter()));
        assert!(model.keys().all(|key| tree.get(key) == model.get(key)));
    }
}

#[test]
fn appending_fills_the_nodes() {
    let mut tree = Tree::default();
    for key in 0..(WIDTH * WIDTH) {
        tree.insert(key, ());
    }
    let Node::Inner(children) = &*tree.root else {
        panic!("one level above the leaves");
    };
    assert!(children.len() <= WIDTH + 2, "{}", children.len());
}
