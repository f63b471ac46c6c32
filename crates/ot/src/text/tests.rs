//! Texts against plain strings, at the borders of pieces and anywhere else.

use super::rope::{PIECE_BYTES_MAX, Piece};
use super::*;
use crate::delta::Part;

const LETTERS: [&str; 5] = ["a", "é", "漢", "🙂", "plain words "];

fn splice(at: usize, insert: &str, count: usize, text: Option<String>) -> Delta {
    Delta::from_parts([
        Part::Skip(at),
        Part::Insert(insert.into()),
        Part::Delete { count, text },
    ])
}

/// Edits at the borders of pieces and anywhere else, against a plain string.
#[test]
fn a_rope_does_what_a_string_does() {
    let mut random = 5_u32;
    let mut draw = |end: usize| {
        random = random.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (random >> 8) as usize % end.max(1)
    };
    let start: String = LETTERS.concat().repeat(300);
    let (mut text, mut plain) = (Text::from(start.as_str()), start);
    let mut kept = Vec::new();
    let mut ropes = 0;
    for step in 0..6_000 {
        let borders: Vec<usize> = match &text.0 {
            Form::Flat(_) => vec![0],
            Form::Rope(rope) => {
                ropes += 1;
                assert!(rope.pieces.iter().all(|p| p.text.len() <= PIECE_BYTES_MAX));
                let sum = |at: &mut usize, piece: &Piece| {
                    *at += piece.count;
                    Some(*at)
                };
                rope.pieces.iter().scan(0, sum).collect()
            }
        };
        let length = text.count();
        assert_eq!(length, plain.chars().count());
        let at = if draw(2) == 0 {
            (borders[draw(borders.len())] + draw(3))
                .saturating_sub(1)
                .min(length)
        } else {
            draw(length + 1)
        };
        // It grows, then shrinks below the length of a rope, and so on.
        let growing = (step / 1_000) % 2 == 0;
        let insert = LETTERS[draw(5)].repeat(draw(if growing { 60 } else { 2 }));
        let count = draw(if growing { 3 } else { 400 }).min(length - at);
        let gone: String = plain.chars().skip(at).take(count).collect();
        assert_eq!(text.slice(at, count).as_ref(), Some(&gone));
        let delta = splice(at, &insert, count, (draw(2) == 0).then_some(gone));
        plain = delta.apply(&plain).expect("it fits");
        assert!(text.edit(&delta));
        if step % 100 == 0 {
            kept.push((text.clone(), plain.clone()));
            assert_eq!(&*text, plain);
            assert_eq!(text, Text::from(plain.as_str()));
        }
    }
    assert!((1_000..5_900).contains(&ropes), "{ropes} steps on a rope");
    // Clones are what they were.
    for (text, plain) in kept {
        assert_eq!(&*text, plain);
        assert_eq!(text.to_shared(), plain.into());
    }
}

#[test]
fn what_is_deleted_leaves_no_crumbs() {
    let mut text = Text::from("a".repeat(100_000));
    for step in 0..97_000 {
        let at = step * 7_919 % text.count();
        assert!(text.edit(&splice(at, "", 1, None)));
    }
    let Form::Rope(rope) = &text.0 else {
        panic!("it is still long");
    };
    assert!(rope.pieces.len() < 30, "{} pieces", rope.pieces.len());
}

#[test]
fn what_does_not_fit_changes_nothing() {
    let long = "é🙂".repeat(3_000);
    for plain in ["é🙂é🙂".to_owned(), long] {
        let mut text = Text::from(plain.as_str());
        let length = text.count();
        for delta in [
            splice(length + 1, "x", 0, None),
            splice(length, "", 1, None),
            splice(1, "x", 1, Some("é".into())),
            splice(1, "x", length, None),
            splice(usize::MAX, "x", usize::MAX, None),
        ] {
            assert!(!text.edit(&delta), "{delta:?}");
            assert_eq!(&*text, plain);
            assert_eq!(delta.filled(&text), None);
        }
        assert_eq!(text.slice(length, 1), None);
        assert_eq!(text.slice(usize::MAX, 2), None);
        assert_eq!(text.slice(length, 0), Some(String::new()));
    }
}

#[test]
fn long_texts_of_different_lengths_differ() {
    let long = "long ".repeat(2_000);
    let longer = format!("{long}!");
    let (one, other) = (Text::from(long.as_str()), Text::from(longer.as_str()));
    assert!(matches!((&one.0, &other.0), (Form::Rope(_), Form::Rope(_))));
    assert_ne!(one, other);
    assert_eq!(one, Text::from(long.as_str()));
}
