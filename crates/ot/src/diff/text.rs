//! A changed string as an edit of several places, where that is worth it.

use std::ops::Range;

use super::sequence::common;
use crate::delta::{Delta, Part};

/// Shorter strings are words of a vocabulary (a type, a colour, a unit): merged letter by letter
/// they would mean nothing.
const TEXT_BYTES_MIN: usize = 16;
/// Longest changed part that is compared word by word; a longer one is compared by lines first.
const WORDS_BYTES_MAX: usize = 16 * 1024;
/// Insertions and deletions of words or lines that are looked for; beyond them one place is replaced.
const EDITS_MAX: usize = 256;
/// Unchanged bytes between two changes that are not worth two steps.
const BETWEEN_MIN: usize = 5;

/// A changed place: bytes of the old text and of the new one.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Hunk {
    old: Range<usize>,
    new: Range<usize>,
}

/// The edit from `old` to `new`; `None` if the whole string is better replaced, because it is
/// short, a single word, or less than half of it stays.
pub(super) fn edit(old: &str, new: &str) -> Option<Delta> {
    let is_text = |text: &str| text.chars().any(char::is_whitespace);
    let longer = old.len().max(new.len());
    if longer < TEXT_BYTES_MIN || !is_text(old) || !is_text(new) {
        return None;
    }
    let hunks = hunks(old, new);
    let changed = |side: fn(&Hunk) -> &Range<usize>| -> usize {
        hunks.iter().map(|hunk| side(hunk).len()).sum()
    };
    let changed = changed(|hunk| &hunk.old).max(changed(|hunk| &hunk.new));
    (2 * changed <= longer).then(|| delta(old, new, &hunks))
}

fn hunks(old: &str, new: &str) -> Vec<Hunk> {
    let whole = Hunk {
        old: 0..old.len(),
        new: 0..new.len(),
    };
    let mut found = Vec::new();
    let middle = trimmed(old, new, whole);
    if middle.old.len().max(middle.new.len()) > WORDS_BYTES_MAX {
        for hunk in between(old, new, &middle, lines) {
            let hunk = trimmed(old, new, hunk);
            if hunk.old.len().max(hunk.new.len()) > WORDS_BYTES_MAX {
                found.push(hunk);
            } else {
                found.extend(between(old, new, &hunk, words));
            }
        }
    } else {
        found = between(old, new, &middle, words);
    }
    let trimmed = found.into_iter().map(|hunk| trimmed(old, new, hunk));
    joined(trimmed.collect())
}

/// What differs within a hunk when it is read in pieces.
fn between(old: &str, new: &str, hunk: &Hunk, pieces: fn(&str) -> Vec<&str>) -> Vec<Hunk> {
    let (old_pieces, new_pieces) = (
        pieces(&old[hunk.old.clone()]),
        pieces(&new[hunk.new.clone()]),
    );
    let length = |pieces: &[&str]| pieces.iter().map(|piece| piece.len()).sum::<usize>();
    let (mut old_at, mut new_at) = (hunk.old.start, hunk.new.start);
    let (mut old_index, mut new_index) = (0, 0);
    let mut out = Vec::new();
    for run in common(&old_pieces, &new_pieces, EDITS_MAX) {
        let old_to = old_at + length(&old_pieces[old_index..run.old]);
        let new_to = new_at + length(&new_pieces[new_index..run.new]);
        out.push(Hunk {
            old: old_at..old_to,
            new: new_at..new_to,
        });
        (old_index, new_index) = (run.old + run.len, run.new + run.len);
        old_at = old_to + length(&old_pieces[run.old..old_index]);
        new_at = new_to + length(&new_pieces[run.new..new_index]);
    }
    out.push(Hunk {
        old: old_at..hunk.old.end,
        new: new_at..hunk.new.end,
    });
    out.retain(|hunk| !hunk.old.is_empty() || !hunk.new.is_empty());
    out
}

/// Words, runs of white space, and every other character by itself.
fn words(text: &str) -> Vec<&str> {
    let class = |c: char| match c {
        c if c.is_alphanumeric() || c == '_' => 0,
        c if c.is_whitespace() => 1,
        _ => 2,
    };
    let mut out = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next().map(class) {
        let end = rest
            .char_indices()
            .skip(1)
            .find(|(_, c)| first == 2 || class(*c) != first)
            .map_or(rest.len(), |(at, _)| at);
        let (word, tail) = rest.split_at(end);
        out.push(word);
        rest = tail;
    }
    out
}

fn lines(text: &str) -> Vec<&str> {
    text.split_inclusive('\n').collect()
}

/// The hunk without what is the same at both ends.
fn trimmed(old: &str, new: &str, hunk: Hunk) -> Hunk {
    let (a, b) = (&old[hunk.old.clone()], &new[hunk.new.clone()]);
    let same = |(a, b): &(char, char)| a == b;
    let bytes = |pairs: &mut dyn Iterator<Item = (char, char)>| -> usize {
        pairs.map(|(c, _)| c.len_utf8()).sum()
    };
    let head = bytes(&mut a.chars().zip(b.chars()).take_while(same));
    let (a, b) = (&a[head..], &b[head..]);
    let tail = bytes(&mut a.chars().rev().zip(b.chars().rev()).take_while(same));
    Hunk {
        old: hunk.old.start + head..hunk.old.end - tail,
        new: hunk.new.start + head..hunk.new.end - tail,
    }
}

/// Hunks with hardly anything between them become one.
fn joined(hunks: Vec<Hunk>) -> Vec<Hunk> {
    let mut out: Vec<Hunk> = Vec::with_capacity(hunks.len());
    for hunk in hunks {
        match out.last_mut() {
            Some(last) if hunk.old.start - last.old.end < BETWEEN_MIN => {
                last.old.end = hunk.old.end;
                last.new.end = hunk.new.end;
            }
            Some(_) | None => out.push(hunk),
        }
    }
    out
}

fn delta(old: &str, new: &str, hunks: &[Hunk]) -> Delta {
    let mut at = 0;
    let mut parts = Vec::with_capacity(3 * hunks.len());
    for hunk in hunks {
        let gone = &old[hunk.old.clone()];
        parts.push(Part::Skip(old[at..hunk.old.start].chars().count()));
        parts.push(Part::Insert(new[hunk.new.clone()].to_owned()));
        parts.push(Part::Delete {
            count: gone.chars().count(),
            text: Some(gone.to_owned()),
        });
        at = hunk.old.end;
    }
    Delta::from_parts(parts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(old: &str, new: &str) -> Option<usize> {
        let delta = edit(old, new)?;
        assert_eq!(delta.apply(old).as_deref(), Some(new));
        let inverse = delta.invert().expect("deleted text is filled in");
        assert_eq!(inverse.apply(new).as_deref(), Some(old));
        Some(
            delta
                .parts()
                .iter()
                .filter(|part| matches!(part, Part::Skip(_)))
                .count(),
        )
    }

    #[test]
    fn scattered_changes_are_several_places() {
        let old = "sum(rate(node_cpu_seconds_total{mode=\"idle\", job=\"a\"}[5m])) by (instance)";
        let new = "avg(rate(node_cpu_seconds_total{mode=\"user\", job=\"a\"}[5m])) by (node)";
        assert_eq!(places(old, new), Some(2));
        assert_eq!(
            places("é 漢 and some more 🙂 text", "è 漢 and some more 🙃 text"),
            Some(1)
        );
    }

    #[test]
    fn words_of_a_vocabulary_are_replaced() {
        assert_eq!(
            places("timeseries-with-legend", "timeseries-with-graphs"),
            None
        );
        assert_eq!(places("a b", "a c"), None);
        assert_eq!(
            places("something old as a title", "an entirely new heading"),
            None
        );
    }

    #[test]
    fn a_long_text_is_read_by_lines() {
        let line = |n: usize| format!("line {n} has some words in it\n");
        let old: String = (0..4_000).map(line).collect();
        let new: String = (0..4_000)
            .map(|n| {
                if n % 400 == 7 {
                    format!("line {n} has other words in it\n")
                } else {
                    line(n)
                }
            })
            .collect();
        assert_eq!(places(&old, &new), Some(10));
    }
}
