//! Positions in a text through edits: within bounds, in order, between the neighbours that are left.

use coboard_ot::{Assoc, Delta, Part};
use coboard_testkit::Random;
use coboard_testkit::oracle::text;

const CASES: u64 = 20_000;

#[test]
fn an_insert_at_the_position_decides_by_its_neighbour() {
    let insert = Delta::from_parts([Part::Skip(2), Part::Insert("🙂x".into())]);
    let moved = |offset, assoc| insert.position(offset, assoc);
    assert_eq!((moved(1, Assoc::Before), moved(1, Assoc::After)), (1, 1));
    assert_eq!((moved(2, Assoc::Before), moved(2, Assoc::After)), (2, 4));
    assert_eq!((moved(3, Assoc::Before), moved(3, Assoc::After)), (5, 5));
}

#[test]
fn inside_of_a_delete_it_goes_to_its_start() {
    let delete = Delta::from_parts([
        Part::Skip(1),
        Part::Delete {
            count: 3,
            text: None,
        },
    ]);
    let moved: Vec<usize> = (0..=5)
        .map(|offset| delete.position(offset, Assoc::Before))
        .collect();
    assert_eq!(moved, [0, 1, 1, 1, 1, 2]);
}

/// For each character of the text before: where it is after, if it is left.
fn left_over(delta: &Delta, length: usize) -> Vec<Option<usize>> {
    let (mut places, mut at) = (Vec::new(), 0);
    for part in delta.parts() {
        match part {
            Part::Skip(count) => {
                places.extend((at..at + count).map(Some));
                at += count;
            }
            Part::Insert(text) => at += text.chars().count(),
            Part::Delete { count, .. } => places.extend(vec![None; *count]),
        }
    }
    let rest = length - places.len();
    places.extend((at..at + rest).map(Some));
    places
}

#[test]
fn positions_stay_in_bounds_in_order_and_between_their_neighbours() {
    for number in 0..CASES {
        let mut random = Random::new(5, number);
        let before = text::letters(&mut random, 12);
        let delta = text::delta(&mut random, &before);
        let length = before.chars().count();
        let end = delta.apply(&before).expect("it fits").chars().count();
        let places = left_over(&delta, length);
        for assoc in [Assoc::Before, Assoc::After] {
            let mut last = 0;
            for offset in 0..=length {
                let moved = delta.position(offset, assoc);
                assert!(last <= moved && moved <= end, "{delta:?} {offset}");
                last = moved;
                let left = places[..offset].iter().rev().find_map(|place| *place);
                let right = places[offset..].iter().find_map(|place| *place);
                assert!(left.is_none_or(|left| left < moved), "{delta:?} {offset}");
                assert!(
                    right.is_none_or(|right| moved <= right),
                    "{delta:?} {offset}"
                );
            }
        }
    }
}
