//! Edits of a string: the classic text delta, counted in Unicode scalar values.

mod algebra;

use crate::text::Text;

/// One step of a [`Delta`], read from the start of the string.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Part {
    /// Leaves this many scalar values as they are.
    Skip(usize),
    /// Inserts this text.
    Insert(String),
    /// Deletes this many scalar values.
    Delete {
        /// How many.
        count: usize,
        /// Which ones; `None` until the delta is committed, and then it cannot be inverted.
        text: Option<String>,
    },
}

/// An edit of a string in canonical form.
///
/// Between two skips all inserts stand before one delete, neighbours are merged, nothing is
/// empty, and no skip ends the list. The form is unique for an effect and a place.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Delta {
    parts: Vec<Part>,
}

impl Delta {
    /// An edit that does nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Whether the edit does nothing.
    pub fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }

    /// The steps in order.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// Builds the canonical form of `parts`.
    pub fn from_parts(parts: impl IntoIterator<Item = Part>) -> Self {
        let mut delta = Self::new();
        for part in parts {
            delta.push(part);
        }
        delta.finish()
    }

    /// The smallest single splice that turns `before` into `after`.
    pub fn between(before: &str, after: &str) -> Self {
        let (old, new): (Vec<char>, Vec<char>) =
            (before.chars().collect(), after.chars().collect());
        let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
        let tail_max = old.len().min(new.len()) - head;
        let tail = old
            .iter()
            .rev()
            .zip(new.iter().rev())
            .take(tail_max)
            .take_while(|(a, b)| a == b)
            .count();
        let removed: String = old[head..old.len() - tail].iter().collect();
        Self::from_parts([
            Part::Skip(head),
            Part::Insert(new[head..new.len() - tail].iter().collect()),
            Part::Delete {
                count: old.len() - tail - head,
                text: Some(removed),
            },
        ])
    }

    /// Applies the edit. `None` if it reaches beyond the end or deletes other text than it says.
    ///
    /// Cost: linear in the string.
    pub fn apply(&self, text: &str) -> Option<String> {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        for part in &self.parts {
            match part {
                Part::Skip(count) => {
                    let (kept, tail) = split_at_scalar(rest, *count)?;
                    out.push_str(kept);
                    rest = tail;
                }
                Part::Insert(inserted) => out.push_str(inserted),
                Part::Delete { count, text } => {
                    let (gone, tail) = split_at_scalar(rest, *count)?;
                    if text.as_ref().is_some_and(|text| text != gone) {
                        return None;
                    }
                    rest = tail;
                }
            }
        }
        out.push_str(rest);
        Some(out)
    }

    /// The same edit with every deleted text filled in from `text`, the string it applies to.
    ///
    /// `None` where [`Delta::apply`] gives `None`.
    pub fn filled(&self, text: &str) -> Option<Self> {
        self.filled_from(&text.into())
    }

    /// As [`Delta::filled`], without joining the pieces of a long text.
    pub(crate) fn filled_from(&self, text: &Text) -> Option<Self> {
        let mut at = 0_usize;
        let mut parts = Vec::with_capacity(self.parts.len());
        for part in &self.parts {
            parts.push(match part {
                Part::Skip(count) => {
                    at = at.checked_add(*count)?;
                    Part::Skip(*count)
                }
                Part::Insert(text) => Part::Insert(text.clone()),
                Part::Delete { count, text: told } => {
                    let gone = text.slice(at, *count)?;
                    if told.as_ref().is_some_and(|told| *told != gone) {
                        return None;
                    }
                    at += count;
                    Part::Delete {
                        count: *count,
                        text: Some(gone),
                    }
                }
            });
        }
        // The last skip must end within the text too.
        (text.slice(at, 0).is_some()).then_some(Self { parts })
    }

    /// Whether the two edits of one text touch one place of it: they delete the same, or what one
    /// of them inserts stands in or at what the other one changes.
    pub fn meets(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.places(), other.places());
        let (mut mine, mut theirs) = (mine.iter().peekable(), theirs.iter().peekable());
        while let (Some((start, end)), Some((their_start, their_end))) =
            (mine.peek(), theirs.peek())
        {
            if end < their_start {
                mine.next();
            } else if their_end < start {
                theirs.next();
            } else {
                return true;
            }
        }
        false
    }

    /// Where the text is changed, from where to where, in order.
    fn places(&self) -> Vec<(usize, usize)> {
        let mut at = 0;
        let mut places = Vec::new();
        for part in &self.parts {
            match part {
                Part::Skip(count) => at += count,
                Part::Insert(_) => places.push((at, at)),
                Part::Delete { count, .. } => {
                    places.push((at, at + count));
                    at += count;
                }
            }
        }
        places
    }

    /// The undo of this edit. `None` while a deleted text is not filled in.
    pub fn invert(&self) -> Option<Self> {
        let mut inverse = Self::new();
        for part in &self.parts {
            inverse.push(match part {
                Part::Skip(count) => Part::Skip(*count),
                Part::Insert(text) => Part::Delete {
                    count: text.chars().count(),
                    text: Some(text.clone()),
                },
                Part::Delete { text, .. } => Part::Insert(text.clone()?),
            });
        }
        Some(inverse.finish())
    }

    /// Appends a step and keeps the canonical order.
    pub(crate) fn push(&mut self, part: Part) {
        match part {
            Part::Skip(0) | Part::Delete { count: 0, .. } => {}
            Part::Insert(text) if text.is_empty() => {}
            Part::Skip(count) => match self.parts.last_mut() {
                Some(Part::Skip(last)) => *last += count,
                Some(Part::Insert(_) | Part::Delete { .. }) | None => {
                    self.parts.push(Part::Skip(count));
                }
            },
            Part::Insert(text) => self.push_insert(text),
            Part::Delete { count, text } => self.push_delete(count, text),
        }
    }

    fn push_insert(&mut self, inserted: String) {
        let delete = match self.parts.last() {
            Some(Part::Delete { .. }) => self.parts.pop(),
            Some(Part::Skip(_) | Part::Insert(_)) | None => None,
        };
        match self.parts.last_mut() {
            Some(Part::Insert(last)) => last.push_str(&inserted),
            Some(Part::Skip(_) | Part::Delete { .. }) | None => {
                self.parts.push(Part::Insert(inserted));
            }
        }
        self.parts.extend(delete);
    }

    fn push_delete(&mut self, count: usize, text: Option<String>) {
        if let Some(Part::Delete {
            count: last,
            text: last_text,
        }) = self.parts.last_mut()
        {
            *last += count;
            *last_text = match (last_text.take(), text) {
                (Some(a), Some(b)) => Some(a + &b),
                (Some(_) | None, Some(_) | None) => None,
            };
        } else {
            self.parts.push(Part::Delete { count, text });
        }
    }

    /// Drops a trailing skip.
    pub(crate) fn finish(mut self) -> Self {
        if matches!(self.parts.last(), Some(Part::Skip(_))) {
            self.parts.pop();
        }
        self
    }
}

/// Splits after `count` scalar values. `None` if the text is shorter.
pub(crate) fn split_at_scalar(text: &str, count: usize) -> Option<(&str, &str)> {
    // Up to the first byte that is not ASCII, scalar values and bytes are the same thing.
    if text.len() >= count && text.as_bytes()[..count].is_ascii() {
        return Some(text.split_at(count));
    }
    let mut seen = 0;
    for (index, _) in text.char_indices() {
        if seen == count {
            return Some(text.split_at(index));
        }
        seen += 1;
    }
    (seen == count).then_some((text, ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delete(text: &str) -> Part {
        Part::Delete {
            count: text.chars().count(),
            text: Some(text.into()),
        }
    }

    #[test]
    fn inserts_stand_before_the_delete() {
        let delta = Delta::from_parts([
            Part::Skip(1),
            delete("ab"),
            Part::Insert("x".into()),
            delete("c"),
            Part::Insert("y".into()),
            Part::Skip(4),
        ]);
        assert_eq!(
            delta.parts(),
            [Part::Skip(1), Part::Insert("xy".into()), delete("abc")]
        );
        assert_eq!(delta.apply("_abc_").as_deref(), Some("_xy_"));
    }

    #[test]
    fn counts_are_scalar_values() {
        let delta = Delta::from_parts([Part::Skip(1), delete("é"), Part::Insert("🙂".into())]);
        assert_eq!(delta.apply("🙃éx").as_deref(), Some("🙃🙂x"));
        assert_eq!(delta.apply("🙃ex"), None);
        assert_eq!(delta.apply("🙃"), None);
    }

    #[test]
    fn between_finds_one_splice() {
        for (before, after) in [
            ("", ""),
            ("abc", "abc"),
            ("aab", "ab"),
            ("x🙂y", "x🙃y"),
            ("", "a"),
            ("aa", "aaa"),
        ] {
            let delta = Delta::between(before, after);
            assert_eq!(delta.apply(before).as_deref(), Some(after));
            assert_eq!(
                delta.invert().and_then(|i| i.apply(after)).as_deref(),
                Some(before)
            );
        }
        assert!(Delta::between("same", "same").is_empty());
    }

    #[test]
    fn filling_makes_it_invertible() {
        let delta = Delta::from_parts([
            Part::Skip(1),
            Part::Delete {
                count: 2,
                text: None,
            },
        ]);
        assert_eq!(delta.invert(), None);
        let filled = delta.filled("abcd").expect("it fits");
        assert_eq!(filled.parts()[1], delete("bc"));
        assert_eq!(delta.filled("ab"), None);
    }
}
