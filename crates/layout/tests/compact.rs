//! The laws of the packing, on random layouts.

use coboard_layout::{COLUMNS, Rect, compact};
use coboard_testkit::Random;

fn layout(random: &mut Random) -> Vec<(u64, Rect)> {
    let count = 1 + random.below(30);
    let mut number = |end: usize, from: i64| random.below(end) as i64 + from;
    (0..count as u64)
        .map(|item| {
            let (x, y) = (number(28, -2), number(60, -2));
            let (w, h) = (number(28, 0), number(12, 0));
            (item * 7 % 31, Rect { x, y, w, h })
        })
        .collect()
}

#[test]
fn the_laws_hold_on_random_layouts() {
    for case in 0..5_000 {
        let mut random = Random::new(11, case);
        let stored = layout(&mut random);
        let packed = compact(&stored, COLUMNS);
        for (index, rect) in packed.iter().enumerate() {
            assert!(rect.is_inside(COLUMNS), "inside, case {case}");
            let apart = packed
                .iter()
                .skip(index + 1)
                .all(|other| !rect.overlaps(other));
            assert!(apart, "apart, case {case}");
        }
        let again: Vec<(u64, Rect)> = stored
            .iter()
            .map(|(item, _)| *item)
            .zip(packed.clone())
            .collect();
        assert_eq!(compact(&again, COLUMNS), packed, "idempotent, case {case}");
        let mut order: Vec<usize> = (0..stored.len()).collect();
        (1..order.len()).for_each(|i| order.swap(i, random.below(i + 1)));
        let shuffled: Vec<(u64, Rect)> = order.iter().map(|index| stored[*index]).collect();
        let expected: Vec<Rect> = order.iter().map(|index| packed[*index]).collect();
        assert_eq!(compact(&shuffled, COLUMNS), expected, "order, case {case}");
    }
}

#[test]
fn gaps_close_upwards_and_columns_stay() {
    let rect = |x, y, w, h| Rect { x, y, w, h };
    let stored = [
        (1, rect(0, 0, 12, 4)),
        (2, rect(0, 30, 12, 4)),
        (3, rect(12, 9, 12, 2)),
    ];
    let packed = compact(&stored, COLUMNS);
    assert_eq!(
        packed,
        [rect(0, 0, 12, 4), rect(0, 4, 12, 4), rect(12, 0, 12, 2)]
    );
}

#[test]
fn two_at_one_place_are_ordered_by_identity() {
    let rect = Rect {
        x: 0,
        y: 3,
        w: 6,
        h: 2,
    };
    let rows = |stored: &[(u64, Rect)]| {
        compact(stored, COLUMNS)
            .iter()
            .map(|r| r.y)
            .collect::<Vec<_>>()
    };
    assert_eq!(rows(&[(10, rect), (9, rect)]), [2, 0]);
    assert_eq!(rows(&[(9, rect), (10, rect)]), [0, 2]);
}

#[test]
fn any_number_is_packed() {
    let wild = |n| Rect {
        x: n,
        y: n,
        w: n,
        h: n,
    };
    let stored = [(1, wild(i64::MIN)), (2, wild(i64::MAX)), (3, wild(0))];
    assert!(compact(&stored, 0).iter().all(|rect| rect.is_inside(1)));
    assert!(compact(&stored, i64::MAX).iter().all(|rect| rect.x >= 0));
    assert_eq!(compact(&[], COLUMNS), []);
}
