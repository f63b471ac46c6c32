//! Takes back a part of the log, and leaves what others did.

use crate::change::Components;
use crate::compose::compose;
use crate::conflict::{Conflict, Winner};
use crate::invert::invert;
use crate::keep_newer::keep_newer;

/// Goes through the log and gathers what takes some of its operations back.
///
/// Each operation is either [taken back](Self::take_back) or [left](Self::leave). What comes out
/// applies after the last of them. Each operation that is left passes by [`keep_newer`]: what
/// somebody wrote later over a change that is taken back stays.
///
/// Taking everything back is `invert(compose(…))`. Cost: O(components) an operation; what is left
/// and touches the items that were taken back last costs O(components gathered so far).
#[derive(Clone, Debug, Default)]
pub struct Rollback {
    /// Operations to be taken back that are not in `inverse` yet. What was left since touches
    /// other items and commutes with them.
    recent: Components,
    /// Takes those before back; applies once `recent` is taken back.
    inverse: Components,
    kept: Vec<Conflict>,
}

impl Rollback {
    /// Nothing is taken back yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The next operation of the log is taken back. It is in committed form.
    pub fn take_back(&mut self, op: &Components) {
        self.recent = compose(std::mem::take(&mut self.recent), op);
    }

    /// The next operation of the log is left as it is.
    pub fn leave(&mut self, op: &Components) {
        if share_items(&self.recent, op) {
            self.fold();
        }
        let (inverse, conflicts) = keep_newer(std::mem::take(&mut self.inverse), op);
        self.inverse = inverse;
        let kept = conflicts.into_iter();
        self.kept
            .extend(kept.filter(|conflict| conflict.winner == Winner::Theirs));
    }

    /// The operation that takes them back, and what stays because others wrote it since.
    pub fn finish(mut self) -> (Components, Vec<Conflict>) {
        self.fold();
        (self.inverse, self.kept)
    }

    fn fold(&mut self) {
        let recent = invert(&std::mem::take(&mut self.recent));
        self.inverse = compose(recent, &self.inverse);
    }
}

/// Whether two operations touch one item. Cost: O(components of the second).
fn share_items(a: &Components, b: &Components) -> bool {
    !a.is_empty()
        && b.touched()
            .any(|item| a.cells.contains_key(&item) || a.items.contains_key(&item))
}
