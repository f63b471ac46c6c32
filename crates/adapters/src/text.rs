//! Edits of strings: the units of other formats as ours.

use coboard_ot::{Delta, Part};

use crate::error::Refusal;

/// How many scalar values stand before `units` UTF-16 code units of `text`. An offset within a
/// surrogate pair, or beyond the end, is none.
pub(crate) fn scalars(text: &str, units: usize) -> Result<usize, Refusal> {
    let mut seen = 0;
    for (index, c) in text.chars().enumerate() {
        if seen >= units {
            return (seen == units).then_some(index).ok_or(Refusal::TextMisfit);
        }
        seen += c.len_utf16();
    }
    let all = text.chars().count();
    (seen == units).then_some(all).ok_or(Refusal::TextMisfit)
}

/// The length in UTF-16 code units.
pub(crate) fn utf16_length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// One insertion at an offset.
pub(crate) fn inserted(at: usize, text: &str) -> Delta {
    Delta::from_parts([Part::Skip(at), Part::Insert(text.to_owned())])
}

/// One deletion at an offset.
pub(crate) fn deleted(at: usize, text: &str) -> Delta {
    let part = Part::Delete {
        count: text.chars().count(),
        text: Some(text.to_owned()),
    };
    Delta::from_parts([Part::Skip(at), part])
}
