//! The ranks of what stands in a node, and the search in them.

use super::{Ranked, WIDTH};

/// Ranks that are counted side by side, as many as a processor takes at once.
const LANES: usize = 4;
/// Place of the sign of a difference.
const SIGN: u32 = u32::BITS - 1;

/// Ranks in ascending order; behind them the largest number.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Ranks([u32; WIDTH]);

impl Ranks {
    /// The largest rank.
    const MAX: u32 = u32::MAX >> 1;

    /// Those of the keys, at most [`WIDTH`].
    pub(super) fn of<'a, K: Ranked + 'a>(keys: impl Iterator<Item = &'a K>) -> Self {
        let mut ranks = [Self::MAX; WIDTH];
        for (rank, key) in ranks.iter_mut().zip(keys) {
            *rank = key.rank();
        }
        Self(ranks)
    }

    /// How many are smaller than `rank`.
    ///
    /// Adds up the signs of all differences: nothing waits for a comparison, as each step of a
    /// binary search does. Ranks leave the sign free. WebAssembly has no vectors here, so there the
    /// fewer steps are the shorter way.
    #[inline]
    pub(super) fn below(&self, rank: u32) -> usize {
        if cfg!(target_arch = "wasm32") {
            return self.0.partition_point(|other| *other < rank);
        }
        let mut smaller = [0_u32; LANES];
        for run in self.0.as_chunks::<LANES>().0 {
            for (count, other) in smaller.iter_mut().zip(run) {
                *count += other.wrapping_sub(rank) >> SIGN;
            }
        }
        smaller.iter().sum::<u32>() as usize
    }

    /// Whether `rank` stands at `index`.
    #[inline]
    pub(super) fn is(&self, index: usize, rank: u32) -> bool {
        self.0.get(index) == Some(&rank)
    }

    /// Puts one in; the last one is lost.
    #[inline]
    pub(super) fn insert(&mut self, index: usize, rank: u32) {
        self.0.copy_within(index..WIDTH - 1, index + 1);
        self.0[index] = rank;
    }

    /// Takes one out.
    #[inline]
    pub(super) fn remove(&mut self, index: usize) {
        self.0.copy_within(index + 1.., index);
        self.0[WIDTH - 1] = Self::MAX;
    }
}
