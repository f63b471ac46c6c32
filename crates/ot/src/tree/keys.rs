//! The keys of a leaf.

use super::WIDTH;

/// Keys in the places they came to, and their order: a write shifts bytes and not keys.
#[derive(Clone, Debug)]
pub(super) struct Keys<K> {
    /// Places in order; what is behind the last one means nothing.
    order: [u8; WIDTH],
    keys: Vec<K>,
}

impl<K> Keys<K> {
    /// At most [`WIDTH`] keys in order.
    pub(super) fn of(keys: Vec<K>) -> Self {
        Self {
            order: std::array::from_fn(|place| place as u8),
            keys,
        }
    }

    #[inline]
    pub(super) fn len(&self) -> usize {
        self.keys.len()
    }

    #[inline]
    pub(super) fn get(&self, index: usize) -> Option<&K> {
        let place = self.order[..]
            .get(index)
            .filter(|_| index < self.keys.len())?;
        self.keys.get(usize::from(*place))
    }

    /// Puts one in; there is room.
    #[inline]
    pub(super) fn insert(&mut self, index: usize, key: K) {
        self.order.copy_within(index..WIDTH - 1, index + 1);
        self.order[index] = self.keys.len() as u8;
        self.keys.push(key);
    }

    /// Takes one out. The last one gets its place.
    #[inline]
    pub(super) fn remove(&mut self, index: usize) {
        let place = self.order[index];
        self.keys.swap_remove(usize::from(place));
        self.order.copy_within(index + 1.., index);
        let last = self.keys.len() as u8;
        for other in &mut self.order {
            *other = if *other == last { place } else { *other };
        }
    }

    /// The keys in order.
    pub(super) fn iter(&self) -> Iter<'_, K> {
        let places = &self.order[..self.keys.len()];
        Iter {
            places: places.iter(),
            keys: &self.keys,
        }
    }
}

/// Keys of a leaf in order.
#[derive(Debug)]
pub(super) struct Iter<'a, K> {
    places: std::slice::Iter<'a, u8>,
    keys: &'a [K],
}

impl<K> Iter<'_, K> {
    pub(super) fn none() -> Self {
        Self {
            places: [].iter(),
            keys: &[],
        }
    }
}

impl<'a, K> Iterator for Iter<'a, K> {
    type Item = &'a K;

    fn next(&mut self) -> Option<&'a K> {
        self.keys.get(usize::from(*self.places.next()?))
    }
}
