//! A persistent ordered set: a B-tree of shared nodes, so that a clone costs O(1) and a write
//! copies only the nodes on its way that a clone still shares.

use std::cmp::Ordering;
use std::slice::Iter as SliceIter;

use triomphe::Arc;

use crate::own::own;

use self::keys::Keys;
use self::ranks::Ranks;

mod keys;
mod ranks;
#[cfg(test)]
mod tests;

/// Most entries of a node: a write shifts half of them. Measured 2026-11 with 16, 32 and 64.
const WIDTH: usize = 32;

/// What orders mostly by a number.
pub(crate) trait Ranked {
    /// A number below 2³¹ that is never smaller for a larger key: compared first, it nearly always
    /// decides.
    fn rank(&self) -> u32;
}

/// An ordered set. Clones share what they have in common.
#[derive(Clone, Debug)]
pub(crate) struct Tree<K> {
    root: Arc<Node<K>>,
    len: usize,
}

/// A node: at most [`WIDTH`] entries.
#[derive(Clone, Debug)]
struct Node<K> {
    /// Those of the keys of a leaf, or of the bounds of the children without the first.
    ranks: Ranks,
    entries: Entries<K>,
}

#[derive(Clone, Debug)]
enum Entries<K> {
    Leaf(Keys<K>),
    /// Each child stands under a lower bound of its keys; that of the first is not looked at.
    Inner(Vec<Child<K>>),
}

/// A node under a lower bound of its keys.
type Child<K> = (K, Arc<Node<K>>);

/// The upper half of a node that became too wide, under its lower bound.
type Split<K> = Option<Child<K>>;

impl<K: Ranked + Ord + Clone> Default for Tree<K> {
    fn default() -> Self {
        Self {
            root: Node::leaf(Vec::new()),
            len: 0,
        }
    }
}

impl<K: Ranked + Ord + Clone> Tree<K> {
    /// How many keys there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// Puts a key in; whether it was not there. Cost: O(log n).
    pub(crate) fn insert(&mut self, key: K) -> bool {
        let (ranks, keys) = self.leaf_mut(&key);
        match find(ranks, keys, &key) {
            Ok(_) => return false,
            Err(index) if keys.len() < WIDTH => {
                ranks.insert(index, key.rank());
                keys.insert(index, key);
            }
            Err(_) => self.insert_into_full(key),
        }
        self.len += 1;
        true
    }

    /// Takes a key out; whether it was there. Cost: O(log n).
    pub(crate) fn remove(&mut self, key: &K) -> bool {
        let (ranks, keys) = self.leaf_mut(key);
        let Ok(index) = find(ranks, keys, key) else {
            return false;
        };
        ranks.remove(index);
        keys.remove(index);
        if keys.len() == 0 {
            self.remove_empty(key);
        }
        self.len -= 1;
        true
    }

    /// The leaf that holds the key, if any does.
    fn leaf_mut(&mut self, key: &K) -> (&mut Ranks, &mut Keys<K>) {
        let mut node = own(&mut self.root);
        loop {
            match &mut node.entries {
                Entries::Leaf(keys) => return (&mut node.ranks, keys),
                Entries::Inner(children) => {
                    let index = child_of(&node.ranks, children, key);
                    node = own(&mut children[index].1);
                }
            }
        }
    }

    /// Inserts into a leaf that is full and does not hold the key.
    fn insert_into_full(&mut self, key: K) {
        if let Some((bound, upper)) = insert(own(&mut self.root), key) {
            let lower = std::mem::replace(&mut self.root, Node::leaf(Vec::new()));
            self.root = Node::inner(vec![(bound.clone(), lower), (bound, upper)]);
        }
    }

    /// Takes the nodes out that have become empty, on the way to where the key was.
    fn remove_empty(&mut self, key: &K) {
        remove_empty(own(&mut self.root), key);
        while let Entries::Inner(children) = &self.root.entries
            && let [(_, only)] = &children[..]
        {
            self.root = only.clone();
        }
    }

    /// The keys in order. Cost: O(1) amortised each.
    pub(crate) fn iter(&self) -> Iter<'_, K> {
        let mut iter = Iter {
            inner: Vec::new(),
            leaf: keys::Iter::none(),
        };
        iter.descend(&self.root);
        iter
    }
}

/// Keys of a tree in order.
#[derive(Debug)]
pub(crate) struct Iter<'a, K> {
    /// What is left of the nodes above the leaf, the root first.
    inner: Vec<SliceIter<'a, Child<K>>>,
    leaf: keys::Iter<'a, K>,
}

impl<'a, K> Iter<'a, K> {
    /// Goes to the first leaf below `node`.
    fn descend(&mut self, node: &'a Node<K>) {
        let mut node = node;
        loop {
            match &node.entries {
                Entries::Leaf(keys) => {
                    self.leaf = keys.iter();
                    return;
                }
                Entries::Inner(children) => {
                    let mut children = children.iter();
                    let Some((_, first)) = children.next() else {
                        return;
                    };
                    self.inner.push(children);
                    node = first;
                }
            }
        }
    }
}

impl<'a, K> Iterator for Iter<'a, K> {
    type Item = &'a K;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(key) = self.leaf.next() {
                return Some(key);
            }
            match self.inner.last_mut()?.next() {
                Some((_, child)) => self.descend(child),
                None => {
                    self.inner.pop();
                }
            }
        }
    }
}

/// Where a key is in a leaf, or where it would be.
#[inline]
fn find<K: Ranked + Ord>(ranks: &Ranks, keys: &Keys<K>, key: &K) -> Result<usize, usize> {
    let mut index = ranks.below(key.rank());
    while let Some(other) = keys.get(index) {
        match other.cmp(key) {
            Ordering::Less => index += 1,
            Ordering::Equal => return Ok(index),
            Ordering::Greater => break,
        }
    }
    Err(index)
}

/// The place of the child that holds the key, if any does.
#[inline]
fn child_of<K: Ranked + Ord>(ranks: &Ranks, children: &[Child<K>], key: &K) -> usize {
    let rank = key.rank();
    let index = ranks.below(rank);
    if ranks.is(index, rank) {
        return child_among_equals(children, index, key);
    }
    index
}

/// As [`child_of`] from a child on, where ranks do not decide.
#[cold]
#[inline(never)]
fn child_among_equals<K: Ord>(children: &[Child<K>], index: usize, key: &K) -> usize {
    let mut index = index;
    while children
        .get(index + 1)
        .is_some_and(|(bound, _)| bound <= key)
    {
        index += 1;
    }
    index
}

/// Inserts what is not there, and gives the upper half of the node if that became too wide.
fn insert<K: Ranked + Ord + Clone>(node: &mut Node<K>, key: K) -> Split<K> {
    let split = match &mut node.entries {
        Entries::Leaf(keys) => {
            let (Ok(index) | Err(index)) = find(&node.ranks, keys, &key);
            let mut sorted = keys.iter().cloned().collect();
            let upper = insert_at(&mut sorted, index, key);
            *keys = Keys::of(sorted);
            upper.map(|upper| (upper[0].clone(), Node::leaf(upper)))
        }
        Entries::Inner(children) => {
            let index = child_of(&node.ranks, children, &key);
            let split = insert(own(&mut children[index].1), key)?;
            let upper = insert_at(children, index + 1, split);
            upper.map(|upper| (upper[0].0.clone(), Node::inner(upper)))
        }
    };
    node.rank();
    split
}

/// Inserts an entry; if the node is full, its upper part is cut off and given back.
fn insert_at<T>(entries: &mut Vec<T>, index: usize, entry: T) -> Option<Vec<T>> {
    if entries.len() < WIDTH {
        entries.insert(index, entry);
        return None;
    }
    // What is only ever appended to leaves full nodes behind.
    let at = if index == WIDTH { WIDTH - 1 } else { WIDTH / 2 };
    let mut upper = Vec::with_capacity(WIDTH);
    upper.extend(entries.drain(at..));
    if index > at {
        upper.insert(index - at, entry);
    } else {
        entries.insert(index, entry);
    }
    Some(upper)
}

/// Takes empty nodes out on the way to where the key was; the last child of a node stays.
fn remove_empty<K: Ranked + Ord + Clone>(node: &mut Node<K>, key: &K) {
    if let Entries::Inner(children) = &mut node.entries {
        let index = child_of(&node.ranks, children, key);
        let child = own(&mut children[index].1);
        remove_empty(child, key);
        if child.is_empty() && children.len() > 1 {
            children.remove(index);
            node.rank();
        }
    }
}

impl<K: Ranked + Ord + Clone> Node<K> {
    fn leaf(keys: Vec<K>) -> Arc<Self> {
        Arc::new(Self {
            ranks: Ranks::of(keys.iter()),
            entries: Entries::Leaf(Keys::of(keys)),
        })
    }

    fn inner(children: Vec<Child<K>>) -> Arc<Self> {
        Arc::new(Self {
            ranks: Ranks::of(bounds(&children)),
            entries: Entries::Inner(children),
        })
    }

    /// Ranks the entries anew. Cost: O(width).
    fn rank(&mut self) {
        self.ranks = match &self.entries {
            Entries::Leaf(keys) => Ranks::of(keys.iter()),
            Entries::Inner(children) => Ranks::of(bounds(children)),
        };
    }

    fn is_empty(&self) -> bool {
        match &self.entries {
            Entries::Leaf(keys) => keys.len() == 0,
            Entries::Inner(children) => children.is_empty(),
        }
    }
}

/// The bounds of the children that have one.
fn bounds<K>(children: &[Child<K>]) -> impl Iterator<Item = &K> {
    children.iter().skip(1).map(|(bound, _)| bound)
}
