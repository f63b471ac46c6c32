//! Compose and transform of text deltas.

use std::cmp::min;

use super::{Delta, Part, split_at_scalar};
use crate::transform::Side;

impl Delta {
    /// One edit with the effect of `self`, then `next`.
    ///
    /// Cost: linear in the steps of both.
    pub fn compose(&self, next: &Self) -> Self {
        let mut out = Self::new();
        let mut first = Reader::new(&self.parts);
        let mut then = Reader::new(&next.parts);
        while let Some(step) = then.kind() {
            match step {
                Kind::Insert => out.push(then.take_whole()),
                Kind::Skip | Kind::Delete => compose_step(&mut first, &mut then, &mut out),
            }
        }
        while first.kind().is_some() {
            out.push(first.take_whole());
        }
        out.finish()
    }

    /// Rewrites `self` so that it applies after `over`; both were made on the same string.
    ///
    /// Where both insert at one place, the insert that is [`Side::Earlier`] goes first.
    /// Cost: linear in the steps of both.
    pub fn transform(&self, over: &Self, side: Side) -> Self {
        let mut out = Self::new();
        let mut op = Reader::new(&self.parts);
        let mut over = Reader::new(&over.parts);
        while let Some(kind) = op.kind() {
            let over_inserts = over.kind() == Some(Kind::Insert);
            if kind == Kind::Insert && !(over_inserts && side == Side::Later) {
                out.push(op.take_whole());
            } else if over_inserts {
                out.push(Part::Skip(over.take_whole_len()));
            } else {
                transform_step(&mut op, &mut over, &mut out);
            }
        }
        out.finish()
    }
}

/// Reads what `then` skips or deletes from the result of `first`.
fn compose_step(first: &mut Reader<'_>, then: &mut Reader<'_>, out: &mut Delta) {
    match first.kind() {
        // Deleted text is not seen by `then`.
        Some(Kind::Delete) => out.push(first.take_whole()),
        Some(Kind::Skip | Kind::Insert) => {
            let count = min(first.left(), then.left());
            let before = first.take(count);
            match (before, then.take(count)) {
                (before, Part::Skip(_)) => out.push(before),
                (Part::Skip(_), deleted @ Part::Delete { .. }) => out.push(deleted),
                // What `first` inserted is gone again.
                (Part::Insert(_) | Part::Delete { .. }, Part::Delete { .. }) => {}
                (_, Part::Insert(_)) => unreachable!("the caller handles inserts"),
            }
        }
        None => out.push(then.take_whole()),
    }
}

/// Passes over the same stretch of the common string with both.
fn transform_step(op: &mut Reader<'_>, over: &mut Reader<'_>, out: &mut Delta) {
    if over.kind().is_none() {
        out.push(op.take_whole());
        return;
    }
    let count = min(op.left(), over.left());
    let step = op.take(count);
    match over.take(count) {
        Part::Skip(_) => out.push(step),
        // Already gone: nothing to skip and nothing to delete.
        Part::Delete { .. } => {}
        Part::Insert(_) => unreachable!("the caller handles inserts"),
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Skip,
    Insert,
    Delete,
}

/// Reads the steps of a delta piece by piece.
struct Reader<'a> {
    parts: &'a [Part],
    /// Scalar values of the first part that are already read.
    taken: usize,
}

impl<'a> Reader<'a> {
    fn new(parts: &'a [Part]) -> Self {
        Self { parts, taken: 0 }
    }

    fn kind(&self) -> Option<Kind> {
        self.parts.first().map(|part| match part {
            Part::Skip(_) => Kind::Skip,
            Part::Insert(_) => Kind::Insert,
            Part::Delete { .. } => Kind::Delete,
        })
    }

    /// Scalar values left in the first part.
    fn left(&self) -> usize {
        let whole = match self.parts.first() {
            Some(Part::Skip(count) | Part::Delete { count, .. }) => *count,
            Some(Part::Insert(text)) => text.chars().count(),
            None => 0,
        };
        whole - self.taken
    }

    fn take_whole(&mut self) -> Part {
        self.take(self.left())
    }

    fn take_whole_len(&mut self) -> usize {
        let left = self.left();
        self.advance(left, left);
        left
    }

    /// Reads `count` scalar values of the first part; `count` is at most [`Reader::left`].
    fn take(&mut self, count: usize) -> Part {
        let left = self.left();
        let part = match &self.parts[0] {
            Part::Skip(_) => Part::Skip(count),
            Part::Insert(text) => Part::Insert(slice(text, self.taken, count)),
            Part::Delete { text, .. } => Part::Delete {
                count,
                text: text.as_ref().map(|text| slice(text, self.taken, count)),
            },
        };
        self.advance(count, left);
        part
    }

    fn advance(&mut self, count: usize, left: usize) {
        if count == left {
            self.parts = &self.parts[1..];
            self.taken = 0;
        } else {
            self.taken += count;
        }
    }
}

/// `count` scalar values of `text` from `start` on.
fn slice(text: &str, start: usize, count: usize) -> String {
    let tail = split_at_scalar(text, start).map_or("", |(_, tail)| tail);
    let piece = split_at_scalar(tail, count).map_or(tail, |(piece, _)| piece);
    piece.to_owned()
}
