//! A long text in pieces of a bounded length.

use std::sync::{Arc, OnceLock};

use crate::delta::{Delta, Part, split_at_scalar};

/// Longest piece in bytes. A guess.
pub(super) const PIECE_BYTES_MAX: usize = 1024;

/// A long text in pieces. There is at least one piece.
#[derive(Clone)]
pub(super) struct Rope {
    pub(super) pieces: Vec<Piece>,
    count: usize,
    bytes: usize,
    /// All pieces as one text, once somebody has asked.
    joined: OnceLock<Arc<str>>,
}

#[derive(Clone)]
pub(super) struct Piece {
    pub(super) text: Arc<String>,
    /// Its scalar values.
    pub(super) count: usize,
}

impl Rope {
    /// The text as a rope.
    pub(super) fn new(text: &str) -> Self {
        let pieces = cut(text);
        Self {
            count: pieces.iter().map(|piece| piece.count).sum(),
            bytes: text.len(),
            pieces,
            joined: OnceLock::new(),
        }
    }

    /// The text as a rope, for which it already is what [`Self::joined`] gives.
    pub(super) fn of(text: Arc<str>) -> Self {
        let mut rope = Self::new(&text);
        rope.joined = text.into();
        rope
    }

    /// How many Unicode scalar values there are.
    pub(super) fn count(&self) -> usize {
        self.count
    }

    /// How many bytes there are.
    pub(super) fn bytes(&self) -> usize {
        self.bytes
    }

    /// All pieces as one text.
    pub(super) fn joined(&self) -> &Arc<str> {
        self.joined.get_or_init(|| {
            let mut text = String::with_capacity(self.bytes);
            for piece in &self.pieces {
                text.push_str(&piece.text);
            }
            text.into()
        })
    }

    /// Whether the edit stays within the text and deletes what it says.
    pub(super) fn fits(&self, delta: &Delta) -> bool {
        let mut at = 0_usize;
        delta.parts().iter().all(|part| match part {
            Part::Insert(_) => true,
            Part::Skip(count) => {
                at = at.saturating_add(*count);
                at <= self.count
            }
            Part::Delete { count, text } => {
                let start = at;
                at = at.saturating_add(*count);
                at <= self.count
                    && text
                        .as_ref()
                        .is_none_or(|text| self.slice(start, *count).as_ref() == Some(text))
            }
        })
    }

    /// Does an edit that fits.
    pub(super) fn edit(&mut self, delta: &Delta) {
        self.joined = OnceLock::new();
        let mut at = 0;
        for part in delta.parts() {
            match part {
                Part::Skip(count) => at += count,
                Part::Insert(text) => at += self.insert(at, text),
                Part::Delete { count, .. } => self.remove(at, *count),
            }
        }
    }

    /// Inserts and gives how many scalar values that are.
    fn insert(&mut self, at: usize, text: &str) -> usize {
        let (index, offset) = self.locate(at);
        let count = text.chars().count();
        let piece = &mut self.pieces[index];
        let byte = piece.byte_at(offset);
        Arc::make_mut(&mut piece.text).insert_str(byte, text);
        piece.count += count;
        self.count += count;
        self.bytes += text.len();
        if piece.text.len() > PIECE_BYTES_MAX {
            let mut pieces = cut(&piece.text);
            let mut after = self.pieces.split_off(index + 1);
            self.pieces.pop();
            self.pieces.append(&mut pieces);
            self.pieces.append(&mut after);
        }
        count
    }

    fn remove(&mut self, at: usize, count: usize) {
        let mut left = count;
        while left > 0 {
            let (index, offset) = self.locate(at);
            let piece = &mut self.pieces[index];
            let here = left.min(piece.count - offset);
            let (start, end) = (piece.byte_at(offset), piece.byte_at(offset + here));
            Arc::make_mut(&mut piece.text).drain(start..end);
            piece.count -= here;
            self.count -= here;
            self.bytes -= end - start;
            left -= here;
            self.join_small(index);
        }
    }

    /// Joins a piece with the next one while both are small: what is deleted leaves no crumbs.
    fn join_small(&mut self, index: usize) {
        // The last one has none after it, so it joins the one before.
        let index = index.min(self.pieces.len().saturating_sub(2));
        let Some([piece, next]) = self.pieces.get_mut(index..index + 2) else {
            return;
        };
        if piece.text.len() + next.text.len() <= PIECE_BYTES_MAX / 2 {
            Arc::make_mut(&mut piece.text).push_str(&next.text);
            piece.count += next.count;
            self.pieces.remove(index + 1);
        }
    }

    /// `count` scalar values from `start` on. `None` if the text ends before.
    pub(super) fn slice(&self, start: usize, count: usize) -> Option<String> {
        if start.checked_add(count)? > self.count {
            return None;
        }
        let (index, mut offset) = self.locate(start);
        let mut out = String::new();
        let mut left = count;
        for piece in &self.pieces[index..] {
            if left == 0 {
                break;
            }
            let here = left.min(piece.count - offset);
            out.push_str(&piece.text[piece.byte_at(offset)..piece.byte_at(offset + here)]);
            (left, offset) = (left - here, 0);
        }
        Some(out)
    }

    /// The piece that holds the scalar value `at`, and its place there. The end is in the last one.
    fn locate(&self, at: usize) -> (usize, usize) {
        let mut offset = at;
        let last = self.pieces.len() - 1;
        for (index, piece) in self.pieces[..last].iter().enumerate() {
            if offset < piece.count {
                return (index, offset);
            }
            offset -= piece.count;
        }
        (last, offset)
    }
}

impl Piece {
    /// Where the scalar value `offset` begins; the end of the piece if it has no more.
    fn byte_at(&self, offset: usize) -> usize {
        if self.count == self.text.len() {
            return offset;
        }
        split_at_scalar(&self.text, offset).map_or(self.text.len(), |(head, _)| head.len())
    }
}

/// Pieces of half the greatest length, so that each has room to grow.
fn cut(text: &str) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(text.len() / (PIECE_BYTES_MAX / 2) + 1);
    let mut rest = text;
    loop {
        let mut end = rest.len().min(PIECE_BYTES_MAX / 2);
        while !rest.is_char_boundary(end) {
            end -= 1;
        }
        let (head, tail) = rest.split_at(end);
        let mut text = String::with_capacity(PIECE_BYTES_MAX);
        text.push_str(head);
        pieces.push(Piece {
            count: head.chars().count(),
            text: Arc::new(text),
        });
        if tail.is_empty() {
            return pieces;
        }
        rest = tail;
    }
}
