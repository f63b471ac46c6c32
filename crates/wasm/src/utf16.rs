//! From offsets in UTF-16 units, as JavaScript counts, to Unicode scalar values, as the wire counts.

use std::str::Chars;

/// One part of a text edit; its counts are in the unit that the function says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Part {
    /// Leaves so much as it is.
    Skip(usize),
    /// Inserts this text.
    Insert(String),
    /// Deletes so much.
    Delete(usize),
}

/// Why an offset has no place in the text.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub(crate) enum OffsetError {
    /// It lies between the two halves of a surrogate pair; there is no such place between scalar values.
    #[error("offset {at} lies inside a surrogate pair")]
    SplitsPair {
        /// The offset, in UTF-16 units.
        at: usize,
    },
    /// It lies behind the end of the text.
    #[error("offset {at} lies behind the end of the text")]
    BeyondEnd {
        /// The offset, in UTF-16 units.
        at: usize,
    },
}

/// An edit in scalar values, and the text that it makes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Converted {
    pub(crate) parts: Vec<Part>,
    pub(crate) text: String,
}

/// Rewrites an edit of `text` from UTF-16 units to scalar values.
///
/// An offset that has no scalar position is refused, never rounded. Cost: linear in the text.
///
/// # Errors
/// When a part ends inside a surrogate pair or behind the end.
pub(crate) fn to_scalars(text: &str, parts: Vec<Part>) -> Result<Converted, OffsetError> {
    let mut cursor = Cursor {
        rest: text.chars(),
        at: 0,
    };
    let mut made = String::with_capacity(text.len());
    let mut converted = Vec::with_capacity(parts.len());
    for part in parts {
        converted.push(match part {
            Part::Skip(units) => {
                let kept = cursor.take(units)?;
                made.push_str(kept);
                Part::Skip(kept.chars().count())
            }
            Part::Delete(units) => Part::Delete(cursor.take(units)?.chars().count()),
            Part::Insert(text) => {
                made.push_str(&text);
                Part::Insert(text)
            }
        });
    }
    made.push_str(cursor.rest.as_str());
    Ok(Converted {
        parts: converted,
        text: made,
    })
}

/// A place in the text, known in both units.
struct Cursor<'a> {
    rest: Chars<'a>,
    /// In UTF-16 units.
    at: usize,
}

impl<'a> Cursor<'a> {
    /// Moves on by `units` and gives the text in between.
    fn take(&mut self, units: usize) -> Result<&'a str, OffsetError> {
        let end = self.at.saturating_add(units);
        let before = self.rest.as_str();
        while self.at < end {
            let Some(next) = self.rest.next() else {
                return Err(OffsetError::BeyondEnd { at: end });
            };
            self.at += next.len_utf16();
        }
        if self.at > end {
            return Err(OffsetError::SplitsPair { at: end });
        }
        Ok(&before[..before.len() - self.rest.as_str().len()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Texts in which pairs are common.
    fn text() -> impl Strategy<Value = String> {
        prop::collection::vec(
            prop_oneof![
                Just('a'),
                Just('é'),
                Just('語'),
                Just('😀'),
                Just('🨀'),
                any::<char>()
            ],
            0..12,
        )
        .prop_map(String::from_iter)
    }

    /// An edit in scalar values of a text with so many, as fractions of what is left.
    fn edit() -> impl Strategy<Value = Vec<(u8, usize, String)>> {
        prop::collection::vec((0..3_u8, 0..5_usize, text()), 0..6)
    }

    /// The edit in scalar values and the same in UTF-16 units, by counting each piece of the text.
    fn both(text: &str, plan: Vec<(u8, usize, String)>) -> (Vec<Part>, Vec<Part>) {
        let mut rest: Vec<char> = text.chars().collect();
        let (mut scalars, mut units) = (Vec::new(), Vec::new());
        for (kind, wanted, inserted) in plan {
            if kind == 2 {
                scalars.push(Part::Insert(inserted.clone()));
                units.push(Part::Insert(inserted));
                continue;
            }
            let count = wanted.min(rest.len());
            let taken: String = rest.drain(..count).collect();
            let width = taken.encode_utf16().count();
            let make = if kind == 0 { Part::Skip } else { Part::Delete };
            scalars.push(make(count));
            units.push(make(width));
        }
        (scalars, units)
    }

    /// What JavaScript makes of an edit in UTF-16 units.
    fn apply_units(text: &str, parts: &[Part]) -> Vec<u16> {
        let text: Vec<u16> = text.encode_utf16().collect();
        let (mut at, mut out) = (0, Vec::new());
        for part in parts {
            match part {
                Part::Skip(count) => {
                    out.extend_from_slice(&text[at..at + count]);
                    at += count;
                }
                Part::Delete(count) => at += count,
                Part::Insert(text) => out.extend(text.encode_utf16()),
            }
        }
        out.extend_from_slice(&text[at..]);
        out
    }

    /// What the wire makes of an edit in scalar values.
    fn apply_scalars(text: &str, parts: &[Part]) -> String {
        let text: Vec<char> = text.chars().collect();
        let (mut at, mut out) = (0, String::new());
        for part in parts {
            match part {
                Part::Skip(count) => {
                    out.extend(&text[at..at + count]);
                    at += count;
                }
                Part::Delete(count) => at += count,
                Part::Insert(text) => out.push_str(text),
            }
        }
        out.extend(&text[at..]);
        out
    }

    proptest! {
        #[test]
        fn converts_every_edit(text in text(), plan in edit()) {
            let (scalars, units) = both(&text, plan);
            let parts = to_scalars(&text, units).map(|converted| converted.parts);
            prop_assert_eq!(parts, Ok(scalars));
        }

        #[test]
        fn means_the_same_in_both_units(text in text(), plan in edit()) {
            let (_, units) = both(&text, plan);
            let here = apply_units(&text, &units);
            let converted = to_scalars(&text, units).unwrap();
            prop_assert_eq!(&String::from_utf16(&here).unwrap(), &apply_scalars(&text, &converted.parts));
            prop_assert_eq!(String::from_utf16(&here).unwrap(), converted.text);
        }

        #[test]
        fn any_single_offset_converts_or_is_refused(text in text(), at in 0..30_usize) {
            let units: Vec<u16> = text.encode_utf16().collect();
            let expected = if at > units.len() {
                Err(OffsetError::BeyondEnd { at })
            } else {
                match String::from_utf16(&units[..at]) {
                    Ok(head) => Ok(vec![Part::Skip(head.chars().count())]),
                    Err(_) => Err(OffsetError::SplitsPair { at }),
                }
            };
            let parts = to_scalars(&text, vec![Part::Skip(at)]).map(|converted| converted.parts);
            prop_assert_eq!(parts, expected);
        }
    }

    #[test]
    fn counts_pairs_once() {
        let parts = vec![Part::Skip(3), Part::Insert("!".to_owned()), Part::Delete(2)];
        let converted = Converted {
            parts: vec![Part::Skip(2), Part::Insert("!".to_owned()), Part::Delete(1)],
            text: "a😀!b".to_owned(),
        };
        assert_eq!(to_scalars("a😀😀b", parts), Ok(converted));
    }

    #[test]
    fn refuses_what_cannot_be() {
        assert_eq!(
            to_scalars("😀", vec![Part::Skip(1)]),
            Err(OffsetError::SplitsPair { at: 1 })
        );
        assert_eq!(
            to_scalars("😀", vec![Part::Delete(3)]),
            Err(OffsetError::BeyondEnd { at: 3 })
        );
        assert_eq!(
            to_scalars("", vec![Part::Skip(usize::MAX), Part::Skip(usize::MAX)]),
            Err(OffsetError::BeyondEnd { at: usize::MAX })
        );
    }
}
