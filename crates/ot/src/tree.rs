//! A persistent ordered map: a B-tree of shared nodes, so that a clone costs O(1) and a write
//! copies only the nodes on its way that a clone still shares.

use std::cmp::Ordering;
use std::slice::Iter as SliceIter;
use std::sync::Arc;

#[cfg(test)]
mod tests;

/// Most entries of a node. A write to a shared map copies one node of each level, so more of them
/// make reading faster and such writes slower. Measured 2026-11 with 16 and 32.
const WIDTH: usize = 32;

/// A key of a tree.
pub(crate) trait Ranked: Ord + Clone {
    /// A number that is never smaller for a larger key: compared first, it nearly always decides.
    fn rank(&self) -> u64;
}

/// An ordered map. Clones share what they have in common.
#[derive(Clone, Debug)]
pub(crate) struct Tree<K, V> {
    root: Arc<Node<K, V>>,
    len: usize,
}

/// A node. Each child stands under a lower bound of its keys; that of the first is not looked at.
#[derive(Clone, Debug)]
enum Node<K, V> {
    Leaf(Vec<(K, V)>),
    Inner(Vec<Child<K, V>>),
}

/// A node under a lower bound of its keys.
type Child<K, V> = (K, Arc<Node<K, V>>);

/// The upper half of a node that became too wide, under its lower bound.
type Split<K, V> = Option<Child<K, V>>;

impl<K, V> Default for Tree<K, V> {
    fn default() -> Self {
        Self {
            root: Arc::new(Node::Leaf(Vec::new())),
            len: 0,
        }
    }
}

impl<K: Ranked, V: Clone> Tree<K, V> {
    /// How many entries there are.
    pub(crate) fn len(&self) -> usize {
        self.len
    }

    /// The value of a key. Cost: O(log n).
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        let mut node = &*self.root;
        loop {
            match node {
                Node::Leaf(entries) => {
                    let index = find(entries, key).ok()?;
                    return entries.get(index).map(|(_, value)| value);
                }
                Node::Inner(children) => node = &children[child_of(children, key)].1,
            }
        }
    }

    /// The value of a key, to be changed in place. Cost: O(log n).
    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let mut node = Arc::make_mut(&mut self.root);
        loop {
            match node {
                Node::Leaf(entries) => {
                    let index = find(entries, key).ok()?;
                    return entries.get_mut(index).map(|(_, value)| value);
                }
                Node::Inner(children) => {
                    let index = child_of(children, key);
                    node = Arc::make_mut(&mut children[index].1);
                }
            }
        }
    }

    /// Puts a value in and gives back the one it replaces. Cost: O(log n).
    pub(crate) fn insert(&mut self, key: K, value: V) -> Option<V> {
        let (before, split) = insert(Arc::make_mut(&mut self.root), key, value);
        if let Some((bound, upper)) = split {
            let lower = std::mem::replace(&mut self.root, Arc::new(Node::Leaf(Vec::new())));
            let children = vec![(bound.clone(), lower), (bound, upper)];
            self.root = Arc::new(Node::Inner(children));
        }
        self.len += usize::from(before.is_none());
        before
    }

    /// Takes a value out. Cost: O(log n).
    pub(crate) fn remove(&mut self, key: &K) -> Option<V> {
        let removed = remove(Arc::make_mut(&mut self.root), key)?;
        self.len -= 1;
        while let Node::Inner(children) = &*self.root
            && let [(_, only)] = &children[..]
        {
            self.root = only.clone();
        }
        Some(removed)
    }

    /// The entries in order. Cost: O(1) amortised each.
    pub(crate) fn iter(&self) -> Iter<'_, K, V> {
        let mut iter = Iter {
            inner: Vec::new(),
            leaf: [].iter(),
        };
        iter.descend(&self.root);
        iter
    }
}

/// Entries of a tree in order.
#[derive(Debug)]
pub(crate) struct Iter<'a, K, V> {
    /// What is left of the nodes above the leaf, the root first.
    inner: Vec<SliceIter<'a, Child<K, V>>>,
    leaf: SliceIter<'a, (K, V)>,
}

impl<'a, K, V> Iter<'a, K, V> {
    /// Goes to the first leaf below `node`.
    fn descend(&mut self, node: &'a Node<K, V>) {
        let mut node = node;
        loop {
            match node {
                Node::Leaf(entries) => {
                    self.leaf = entries.iter();
                    return;
                }
                Node::Inner(children) => {
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

impl<'a, K, V> Iterator for Iter<'a, K, V> {
    type Item = &'a (K, V);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(entry) = self.leaf.next() {
                return Some(entry);
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

fn find<K: Ranked, V>(entries: &[(K, V)], key: &K) -> Result<usize, usize> {
    let mut index = below(entries, key);
    while let Some((other, _)) = entries.get(index) {
        match other.cmp(key) {
            Ordering::Less => index += 1,
            Ordering::Equal => return Ok(index),
            Ordering::Greater => break,
        }
    }
    Err(index)
}

/// How many entries have a smaller rank. The search takes no branch that depends on the keys.
fn below<K: Ranked, V>(entries: &[(K, V)], key: &K) -> usize {
    let rank = key.rank();
    entries.partition_point(|(other, _)| other.rank() < rank)
}

/// The child that holds the key, if any does.
fn child_of<K: Ranked, V>(children: &[(K, V)], key: &K) -> usize {
    let others = children.get(1..).unwrap_or_default();
    let mut index = below(others, key);
    while others.get(index).is_some_and(|(bound, _)| bound <= key) {
        index += 1;
    }
    index
}

fn insert<K: Ranked, V: Clone>(
    node: &mut Node<K, V>,
    key: K,
    value: V,
) -> (Option<V>, Split<K, V>) {
    match node {
        Node::Leaf(entries) => match find(entries, &key) {
            Ok(index) => {
                let before = std::mem::replace(&mut entries[index].1, value);
                (Some(before), None)
            }
            Err(index) => {
                let upper = insert_at(entries, index, (key, value));
                let split = upper.map(|upper| (upper[0].0.clone(), Arc::new(Node::Leaf(upper))));
                (None, split)
            }
        },
        Node::Inner(children) => {
            let index = child_of(children, &key);
            let child = Arc::make_mut(&mut children[index].1);
            let (before, split) = insert(child, key, value);
            let upper = split.and_then(|split| insert_at(children, index + 1, split));
            let split = upper.map(|upper| (upper[0].0.clone(), Arc::new(Node::Inner(upper))));
            (before, split)
        }
    }
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

/// Takes an entry out; nodes that become empty go.
fn remove<K: Ranked, V: Clone>(node: &mut Node<K, V>, key: &K) -> Option<V> {
    match node {
        Node::Leaf(entries) => {
            let index = find(entries, key).ok()?;
            Some(entries.remove(index).1)
        }
        Node::Inner(children) => {
            let index = child_of(children, key);
            let child = Arc::make_mut(&mut children[index].1);
            let removed = remove(child, key)?;
            if child.is_empty() && children.len() > 1 {
                children.remove(index);
            }
            Some(removed)
        }
    }
}

impl<K, V> Node<K, V> {
    fn is_empty(&self) -> bool {
        match self {
            Self::Leaf(entries) => entries.is_empty(),
            Self::Inner(children) => children.is_empty(),
        }
    }
}
