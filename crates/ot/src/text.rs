//! The text of a value: short ones in one piece, long ones in many, so that an edit costs the
//! same in a page as in a book.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::delta::{Delta, split_at_scalar};

mod rope;
#[cfg(test)]
mod tests;

use rope::Rope;

/// Longest text in one piece, in bytes: reading it needs no joining. A guess.
const FLAT_BYTES_MAX: usize = 4 * 1024;

/// A string that is cheap to clone and, if long, cheap to edit.
///
/// It reads as a `str`. Reading a long one after an edit joins its pieces, once for all clones.
#[derive(Clone)]
pub struct Text(Form);

#[derive(Clone)]
enum Form {
    Flat(Arc<str>),
    Rope(Arc<Rope>),
}

impl Text {
    /// How many Unicode scalar values there are. Cost: O(1) in a long text.
    pub fn count(&self) -> usize {
        match &self.0 {
            Form::Flat(text) => text.chars().count(),
            Form::Rope(rope) => rope.count(),
        }
    }

    /// How many bytes there are. Joins nothing.
    pub fn len(&self) -> usize {
        match &self.0 {
            Form::Flat(text) => text.len(),
            Form::Rope(rope) => rope.bytes(),
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text in one piece, shared.
    pub fn to_shared(&self) -> Arc<str> {
        match &self.0 {
            Form::Flat(text) => text.clone(),
            Form::Rope(rope) => rope.joined().clone(),
        }
    }

    /// Edits in place. False if the edit does not fit; nothing changes then.
    ///
    /// Cost: linear in a short text; in a long one O(parts · (pieces + length of a piece)).
    pub(crate) fn edit(&mut self, delta: &Delta) -> bool {
        match &mut self.0 {
            Form::Flat(text) => match delta.apply(text) {
                Some(after) => *self = after.into(),
                None => return false,
            },
            Form::Rope(rope) => {
                if !rope.fits(delta) {
                    return false;
                }
                let rope = Arc::make_mut(rope);
                rope.edit(delta);
                if rope.bytes() < FLAT_BYTES_MAX / 2 {
                    self.0 = Form::Flat(rope.joined().clone());
                }
            }
        }
        true
    }

    /// `count` scalar values from `start` on. `None` if the text ends before.
    pub(crate) fn slice(&self, start: usize, count: usize) -> Option<String> {
        match &self.0 {
            Form::Flat(text) => {
                let tail = split_at_scalar(text, start)?.1;
                Some(split_at_scalar(tail, count)?.0.to_owned())
            }
            Form::Rope(rope) => rope.slice(start, count),
        }
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        if text.len() <= FLAT_BYTES_MAX {
            return Self(Form::Flat(text.into()));
        }
        Self(Form::Rope(Arc::new(Rope::new(text))))
    }
}

impl From<Arc<str>> for Text {
    fn from(text: Arc<str>) -> Self {
        if text.len() <= FLAT_BYTES_MAX {
            return Self(Form::Flat(text));
        }
        Self(Form::Rope(Arc::new(Rope::of(text))))
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        match &self.0 {
            Form::Flat(text) => text,
            Form::Rope(rope) => rope.joined(),
        }
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Form::Rope(one), Form::Rope(other)) if Arc::ptr_eq(one, other) => true,
            (Form::Rope(one), Form::Rope(other)) if one.bytes() != other.bytes() => false,
            (Form::Flat(_) | Form::Rope(_), Form::Flat(_) | Form::Rope(_)) => **self == **other,
        }
    }
}

impl Eq for Text {}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}
