//! The tree against the set of the standard library.

use std::collections::BTreeSet;

use super::*;

/// Sixteen keys to a rank, so that ranks alone decide little.
impl Ranked for u32 {
    fn rank(&self) -> u32 {
        self / 16
    }
}

/// Ranks say nothing.
impl Ranked for usize {
    fn rank(&self) -> u32 {
        0
    }
}

/// Against the set of the standard library, with clones that must not change.
#[test]
fn it_is_an_ordered_set_and_clones_stay_what_they_were() {
    let mut random = 7_u32;
    let mut draw = |end: u32| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) % end
    };
    let (mut tree, mut model) = (Tree::default(), BTreeSet::new());
    let mut kept: Vec<(Tree<u32>, BTreeSet<u32>)> = Vec::new();
    for step in 0..20_000 {
        // First it grows, then it shrinks to nothing, and so on.
        let growing = (step / 2_500) % 2 == 0;
        let key = draw(1_500);
        if draw(10) < if growing { 8 } else { 1 } {
            assert_eq!(tree.insert(key), model.insert(key));
        } else if draw(2) == 0 {
            let first = model.first().copied().unwrap_or(key);
            assert_eq!(tree.remove(&first), model.remove(&first));
        } else {
            assert_eq!(tree.remove(&key), model.remove(&key));
        }
        if step % 500 == 0 {
            kept.push((tree.clone(), model.clone()));
        }
    }
    kept.push((tree, model));
    for (tree, model) in kept {
        assert_eq!(tree.len(), model.len());
        assert!(tree.iter().eq(model.iter()));
        assert_ranked(&tree.root);
    }
}

/// A rank that is too large makes a search longer and not wrong, so they are looked at themselves.
fn assert_ranked(node: &Node<u32>) {
    let mut anew = node.clone();
    anew.rank();
    assert_eq!(node.ranks, anew.ranks);
    if let Entries::Inner(children) = &node.entries {
        children.iter().for_each(|(_, child)| assert_ranked(child));
    }
}

#[test]
fn appending_fills_the_nodes() {
    let mut tree = Tree::default();
    for key in 0..(WIDTH * WIDTH / 2) {
        tree.insert(key);
    }
    let Entries::Inner(children) = &tree.root.entries else {
        panic!("one level above the leaves");
    };
    assert!(children.len() <= WIDTH / 2 + 2);
}
