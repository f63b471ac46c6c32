//! Transform, compose and invert of single operations, and two large ones that meet everywhere.

use coboard_protocol::ot::{
    Change, Components, ItemId, OrderKey, Path, Side, Value, compose, invert, transform,
};

use crate::board::{Board, WIDGETS_100_KB};
use crate::case::{Case, Entry, batch};
use crate::script;

/// Single operations of one run.
const PAIRS: usize = 512;
/// Cells of each of the two large operations.
const CONFLICTS: usize = 10_000;

/// The cases of this file.
pub fn cases() -> Vec<Entry> {
    vec![
        Entry::core("transform set, set other path", || {
            transforms(|b, n| {
                (
                    script::set(b.widgets[n], ["gridPos", "x"], 1),
                    script::set(b.widgets[n], ["gridPos", "y"], 2),
                )
            })
        }),
        Entry::core("transform set, set same path", || {
            transforms(|b, n| {
                (
                    script::set(b.widgets[n], ["gridPos", "x"], 1),
                    script::set(b.widgets[n], ["gridPos", "x"], 2),
                )
            })
        }),
        Entry::core("transform set, move", || {
            transforms(|b, n| {
                (
                    script::set(b.widgets[n], ["gridPos", "x"], 1),
                    moved(b, n, 1),
                )
            })
        }),
        Entry::core("transform move, move", || {
            transforms(|b, n| (moved(b, n, 1), moved(b, n, 2)))
        }),
        Entry::core("transform text, text", || {
            transforms(|b, n| {
                (
                    script::splice(b.queries[n], "expr", 20, "abc", ""),
                    script::splice(b.queries[n], "expr", 40, "d", "h"),
                )
            })
        }),
        Entry::core("compose set + set", || {
            composes(|b, n| {
                (
                    script::set(b.widgets[n], ["gridPos", "x"], 1),
                    script::set(b.widgets[n], ["gridPos", "y"], 2),
                )
            })
        }),
        Entry::core("compose move + set", || {
            composes(|b, n| {
                (
                    moved(b, n, 1),
                    script::set(b.widgets[n], ["gridPos", "x"], 1),
                )
            })
        }),
        Entry::core("compose text + text", || {
            composes(|b, n| {
                (
                    script::splice(b.queries[n], "expr", 20, "abc", ""),
                    script::splice(b.queries[n], "expr", 23, "d", ""),
                )
            })
        }),
        Entry::core("invert set", inverts),
        Entry::long("10,000 conflicting components", conflicting),
    ]
}

type Pair = fn(&Board, usize) -> (Components, Components);

fn pairs(make: Pair) -> Vec<(Components, Components)> {
    let board = Board::new(WIDGETS_100_KB);
    (0..PAIRS)
        .map(|n| make(&board, n % board.widgets.len()))
        .collect()
}

fn moved(board: &Board, at: usize, client: u32) -> Components {
    let key = OrderKey::between(None, None, (client, at as u32));
    script::relocate(&board.document, board.widgets[at], board.panels, key)
}

fn transforms(make: Pair) -> Box<dyn Case> {
    let pairs = pairs(make);
    batch(
        PAIRS,
        move || pairs.clone(),
        |pairs| {
            pairs
                .into_iter()
                .map(|(op, over)| (transform(op, &over, Side::Later), over))
                .collect::<Vec<_>>()
        },
    )
}

fn composes(make: Pair) -> Box<dyn Case> {
    let pairs = pairs(make);
    batch(
        PAIRS,
        move || pairs.clone(),
        |pairs| {
            pairs
                .into_iter()
                .map(|(first, next)| (compose(first, &next), next))
                .collect::<Vec<_>>()
        },
    )
}

fn inverts() -> Box<dyn Case> {
    let ops: Vec<Components> = pairs(|b, n| {
        let op = script::set(b.widgets[n], ["gridPos", "x"], 1);
        (op, Components::new())
    })
    .into_iter()
    .map(|(op, _)| op)
    .collect();
    batch(
        PAIRS,
        || (),
        move |()| ops.iter().map(invert).collect::<Vec<_>>(),
    )
}

/// Both write the same cells: all of them are noted.
fn conflicting() -> Box<dyn Case> {
    let op = |value: i64| {
        let cells = (0..CONFLICTS).map(|n| {
            let item = ItemId::new(1, n as u32 / 10);
            let path = Path::of([
                "gridPos",
                ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"][n % 10],
            ]);
            let change = Change::Set {
                old: Some(Value::Int(0)),
                new: Some(Value::Int(value)),
            };
            (item, path, change)
        });
        Components::from_parts(cells, []).expect("the cells are distinct")
    };
    let (op, over) = (op(1), op(2));
    batch(
        1,
        move || op.clone(),
        move |op| {
            let transformed = transform(op, &over, Side::Later);
            assert_eq!(transformed.conflicts.len(), CONFLICTS);
            transformed
        },
    )
}
