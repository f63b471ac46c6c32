//! A persistent map from numbers: a radix trie of shared nodes, so that a clone costs O(1) and a
//! write copies only the nodes on its way that a clone still shares.
//!
//! A node stands for the bits in which the keys below it agree; where nothing branches there is no
//! node. Ids are counted up, so nodes are mostly full. Ids chosen to do harm cost depth and memory
//! within bounds: at most 13 levels, and at most two nodes for each entry.

use std::iter::Enumerate;
use std::slice::Iter as SliceIter;

use triomphe::Arc;

use crate::own::own;

#[cfg(test)]
mod tests;

/// Bits of a key that a level decides. Documents of 10 KB and 1 MB have two and three levels, and
/// with four bits two and four; a write to a shared map costs a quarter more than with four.
const BITS: u32 = 5;
/// Places of a node.
const WIDTH: usize = 1 << BITS;

/// A map from numbers, ordered. Clones share what they have in common.
#[derive(Clone, Debug)]
pub(crate) struct Trie<V> {
    root: Link<V>,
    len: usize,
}

/// A node that is not empty, or nothing.
type Link<V> = Option<Arc<Node<V>>>;

#[derive(Clone, Debug)]
struct Node<V> {
    /// The bits that all keys below have in common; zeros at those of the slot and lower.
    prefix: u64,
    /// How many bits are lower than those of the slot: a multiple of [`BITS`].
    shift: u32,
    slots: Slots<V>,
}

#[derive(Clone, Debug)]
#[allow(
    clippy::large_enum_variant,
    reason = "no value is smaller than a pointer here, and boxes cost a load at each level"
)]
enum Slots<V> {
    /// The shift is 0. At least one value is there.
    Leaf([Option<V>; WIDTH]),
    /// At least two children are there.
    Inner([Link<V>; WIDTH]),
}

impl<V> Default for Trie<V> {
    fn default() -> Self {
        Self { root: None, len: 0 }
    }
}

impl<V: Clone> Trie<V> {
    /// How many entries there are. Cost: O(1).
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The value of a key. Cost: O(log n) if keys are dense, else O(bits).
    pub(crate) fn get(&self, key: u64) -> Option<&V> {
        let mut node = self.root.as_deref()?;
        loop {
            let slot = node.slot(key);
            match &node.slots {
                Slots::Leaf(values) => return values.get(slot)?.as_ref(),
                Slots::Inner(children) => node = children.get(slot)?.as_deref()?,
            }
        }
    }

    /// The value of a key, to be changed in place. Cost: as [`Self::get`].
    pub(crate) fn get_mut(&mut self, key: u64) -> Option<&mut V> {
        let mut node = own(self.root.as_mut()?);
        loop {
            let slot = node.slot(key);
            match &mut node.slots {
                Slots::Leaf(values) => return values.get_mut(slot)?.as_mut(),
                Slots::Inner(children) => {
                    node = own(children.get_mut(slot)?.as_mut()?);
                }
            }
        }
    }

    /// Puts a value in and gives back the one it replaces. Cost: as [`Self::get`].
    pub(crate) fn insert(&mut self, key: u64, value: V) -> Option<V> {
        let mut link = &mut self.root;
        loop {
            if let Some(other) = link.take_if(|node| node.slot(key) >= WIDTH) {
                *link = Some(Arc::new(Node::above(other, key)));
            }
            let node = link.get_or_insert_with(|| Arc::new(Node::leaf(key)));
            let slot = node.slot(key);
            match &mut own(node).slots {
                Slots::Leaf(values) => {
                    let before = values[slot].replace(value);
                    self.len += usize::from(before.is_none());
                    return before;
                }
                Slots::Inner(children) => link = &mut children[slot],
            }
        }
    }

    /// Takes a value out. Cost: as [`Self::get`].
    pub(crate) fn remove(&mut self, key: u64) -> Option<V> {
        let removed = remove(&mut self.root, key)?;
        self.len -= 1;
        Some(removed)
    }

    /// The entries by key. Cost: O(1) amortised each.
    pub(crate) fn iter(&self) -> Iter<'_, V> {
        let mut iter = Iter {
            inner: Vec::new(),
            prefix: 0,
            leaf: [].iter().enumerate(),
        };
        if let Some(root) = &self.root {
            iter.descend(root);
        }
        iter
    }
}

impl<V> Node<V> {
    /// An empty leaf for a key.
    fn leaf(key: u64) -> Self {
        Self {
            prefix: above(key, 0),
            shift: 0,
            slots: Slots::Leaf([const { None }; WIDTH]),
        }
    }

    /// The node where a key parts from those below `other`, which is its only child yet.
    fn above(other: Arc<Self>, key: u64) -> Self {
        let shift = (other.prefix ^ key).ilog2() / BITS * BITS;
        let prefix = above(key, shift);
        let slot = ((other.prefix ^ prefix) >> shift) as usize;
        let mut children = [const { None }; WIDTH];
        children[slot] = Some(other);
        Self {
            prefix,
            shift,
            slots: Slots::Inner(children),
        }
    }

    /// Where a key stands; [`WIDTH`] or more if it is not one of those below.
    fn slot(&self, key: u64) -> usize {
        let slot = (key ^ self.prefix) >> self.shift;
        // A `usize` may have 32 bits.
        slot.min(WIDTH as u64) as usize
    }
}

/// The bits of a key above those that a node of this shift decides.
fn above(key: u64, shift: u32) -> u64 {
    // In two steps: together they may be all 64.
    key >> shift >> BITS << BITS << shift
}

/// Takes a value out, and the nodes that are empty without it or have a single child.
fn remove<V: Clone>(link: &mut Link<V>, key: u64) -> Option<V> {
    let node = own(link.as_mut()?);
    let slot = node.slot(key);
    match &mut node.slots {
        Slots::Leaf(values) => {
            let removed = values.get_mut(slot)?.take()?;
            if values.iter().all(Option::is_none) {
                *link = None;
            }
            Some(removed)
        }
        Slots::Inner(children) => {
            let removed = remove(children.get_mut(slot)?, key)?;
            if children.iter().flatten().nth(1).is_none() {
                *link = children.iter_mut().find_map(Option::take);
            }
            Some(removed)
        }
    }
}

/// Entries of a trie by key.
#[derive(Debug)]
pub(crate) struct Iter<'a, V> {
    /// What is left of the nodes above the leaf, the root first.
    inner: Vec<SliceIter<'a, Link<V>>>,
    /// That of the leaf.
    prefix: u64,
    leaf: Enumerate<SliceIter<'a, Option<V>>>,
}

impl<'a, V> Iter<'a, V> {
    /// Goes to a leaf, or on to the children of a node.
    fn descend(&mut self, node: &'a Node<V>) {
        match &node.slots {
            Slots::Leaf(values) => {
                self.prefix = node.prefix;
                self.leaf = values.iter().enumerate();
            }
            Slots::Inner(children) => self.inner.push(children.iter()),
        }
    }
}

impl<'a, V> Iterator for Iter<'a, V> {
    type Item = (u64, &'a V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            for (slot, value) in self.leaf.by_ref() {
                if let Some(value) = value {
                    return Some((self.prefix | slot as u64, value));
                }
            }
            match self.inner.last_mut()?.next() {
                Some(Some(child)) => self.descend(child),
                Some(None) => {}
                None => {
                    self.inner.pop();
                }
            }
        }
    }
}
