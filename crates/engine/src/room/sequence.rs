//! Which sequence the next operation of a client may have, so that none is skipped in silence.

/// The sequences that may come next.
///
/// After a commit there is one. After a refusal there are several, for a client may give the
/// number of the refused operation to another one, or go on after it. After a join every newer
/// one may come, for nobody knows which ones were refused before.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct NextSequence {
    /// All below are taken: committed, or on their way into the log.
    min: u64,
    max: u64,
}

impl NextSequence {
    /// After a join of a client whose newest committed operation has the sequence `last`.
    pub(super) fn any_after(last: u64) -> Self {
        Self {
            min: last.saturating_add(1),
            max: u64::MAX,
        }
    }

    /// Whether an operation with this sequence, or a newer one, was committed before.
    pub(super) fn is_passed(self, sequence: u64) -> bool {
        sequence < self.min
    }

    /// Whether an operation is missing before one with this sequence.
    pub(super) fn has_gap(self, sequence: u64) -> bool {
        sequence > self.max
    }

    pub(super) fn committed(&mut self, sequence: u64) {
        let next = sequence.saturating_add(1);
        *self = Self {
            min: next,
            max: next,
        };
    }

    pub(super) fn refused(&mut self, sequence: u64) {
        if self.is_passed(sequence) || self.has_gap(sequence) {
            return;
        }
        let next = sequence.saturating_add(1);
        self.max = if self.max == u64::MAX {
            next
        } else {
            self.max.max(next)
        };
    }
}
