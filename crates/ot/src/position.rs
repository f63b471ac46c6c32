//! Where a place in a text is after an edit of the text.

use crate::delta::{Delta, Part};

/// Which neighbour a position belongs to: it decides where it is after an insert right there.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Assoc {
    /// The character before: the position stays before what is inserted.
    Before,
    /// The character after: the position moves along behind what is inserted.
    After,
}

impl Delta {
    /// Where the position `offset`, in scalar values, is after this edit.
    ///
    /// Inside of deleted text it goes to where that text stood, behind what came in its place.
    /// Cost: linear in the steps up to the position.
    pub fn position(&self, offset: usize, assoc: Assoc) -> usize {
        // In the text before, and how far everything there has moved on and back.
        let (mut at, mut added, mut removed) = (0, 0, 0);
        for part in self.parts() {
            if at > offset {
                break;
            }
            match part {
                Part::Skip(count) => at += count,
                Part::Insert(text) => {
                    if at < offset || assoc == Assoc::After {
                        added += text.chars().count();
                    }
                }
                Part::Delete { count, .. } => {
                    removed += (offset - at).min(*count);
                    at += count;
                }
            }
        }
        offset + added - removed
    }
}
