//! Text cases: compose, transform on both sides and invert of deltas.

use coboard_ot::{Delta, Part, Side};
use serde_json::{Value, json};

use crate::random::Random;

/// Letters of one to four bytes; the last needs two units of UTF-16.
const LETTERS: [&str; 7] = ["a", "b", "c", " ", "é", "漢", "🙂"];
const TEXT_MAX: usize = 12;
/// Places of one delta where something happens.
const ROUNDS_MAX: usize = 4;

/// Case `number` of `seed`: a text, two concurrent deltas, one that follows the first, and what
/// comes of them.
pub fn case(seed: u64, number: u64) -> Value {
    let mut random = Random::new(seed, number);
    let text = letters(&mut random, TEXT_MAX);
    let a = delta(&mut random, &text);
    let b = delta(&mut random, &text);
    let after = a.apply(&text).unwrap_or_default();
    let next = delta(&mut random, &after);
    let end = next.apply(&after);
    json!({
        "n": number,
        "text": text,
        "a": to_json(&a),
        "b": to_json(&b),
        "next": to_json(&next),
        "after": [after, end],
        "composed": to_json(&a.compose(&next)),
        "earlier": to_json(&a.transform(&b, Side::Earlier)),
        "later": to_json(&a.transform(&b, Side::Later)),
        "inverse": a.invert().map(|inverse| to_json(&inverse)),
    })
}

/// A delta that fits `text`, with everything filled in.
pub fn delta(random: &mut Random, text: &str) -> Delta {
    let mut left: Vec<char> = text.chars().rev().collect();
    let mut parts = Vec::new();
    for _ in 0..1 + random.below(ROUNDS_MAX) {
        let skip = random.below(left.len().min(4) + 1);
        left.truncate(left.len() - skip);
        parts.push(Part::Skip(skip));
        if random.chance(60) {
            parts.push(Part::Insert(letters(random, 3)));
        }
        if random.chance(50) {
            let count = random.below(left.len().min(3) + 1);
            let gone = left.split_off(left.len() - count);
            parts.push(Part::Delete {
                count,
                text: Some(gone.iter().rev().collect()),
            });
        }
    }
    Delta::from_parts(parts)
}

/// The delta in the form of `ot-text-unicode`.
pub(super) fn to_json(delta: &Delta) -> Value {
    let parts = delta.parts().iter().map(|part| match part {
        Part::Skip(count) => json!(count),
        Part::Insert(text) => json!(text),
        Part::Delete { count, text: None } => json!({ "d": count }),
        Part::Delete {
            text: Some(text), ..
        } => json!({ "d": text }),
    });
    parts.collect()
}

/// Up to so many letters of one to four bytes.
pub fn letters(random: &mut Random, count_max: usize) -> String {
    (0..random.below(count_max + 1))
        .filter_map(|_| random.pick(&LETTERS).copied())
        .collect()
}
