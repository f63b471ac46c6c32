//! Operations applied to documents of three sizes, and what a copy of one costs.

use coboard_protocol::ot::{Components, Document, OrderKey, invert};
use coboard_testkit::Random;

use crate::board::{Board, WIDGETS_1_MB, WIDGETS_10_KB, WIDGETS_100_KB};
use crate::case::{Case, Entry, batch};
use crate::script;

/// Places that are edited in turn: the same number in a document of each size.
const PLACES: usize = WIDGETS_10_KB;
/// How often each is edited in one run.
const ROUNDS: usize = 64;

/// The cases of this file.
pub fn cases() -> Vec<Entry> {
    vec![
        Entry::core("apply set, 10 KB", || apply(WIDGETS_10_KB, set)),
        Entry::core("apply set, 100 KB", || apply(WIDGETS_100_KB, set)),
        Entry::core("apply set, 1 MB", || apply(WIDGETS_1_MB, set)),
        Entry::core("apply add, 10 KB", || apply(WIDGETS_10_KB, add)),
        Entry::core("apply add, 100 KB", || apply(WIDGETS_100_KB, add)),
        Entry::core("apply add, 1 MB", || apply(WIDGETS_1_MB, add)),
        Entry::core("apply move, 10 KB", || apply(WIDGETS_10_KB, relocate)),
        Entry::core("apply move, 100 KB", || apply(WIDGETS_100_KB, relocate)),
        Entry::core("apply move, 1 MB", || apply(WIDGETS_1_MB, relocate)),
        Entry::core("apply text, 10 KB", || apply(WIDGETS_10_KB, text)),
        Entry::core("apply text, 100 KB", || apply(WIDGETS_100_KB, text)),
        Entry::core("apply text, 1 MB", || apply(WIDGETS_1_MB, text)),
        Entry::core("apply set, 1 MB, everywhere", everywhere),
        Entry::core("apply set to a shared 100 KB", || shared(WIDGETS_100_KB)),
        Entry::core("apply set to a shared 1 MB", || shared(WIDGETS_1_MB)),
        Entry::core("clone a document, 1 MB", clone),
        Entry::long("state at a revision, 1 MB + 256 ops", state_at),
    ]
}

/// Applies operations in place, again and again, to one document.
fn apply(widgets: usize, make: fn(&Board) -> Vec<Components>) -> Box<dyn Case> {
    let board = Board::new(widgets);
    let ops = make(&board);
    let mut document = board.document;
    batch(
        ops.len() * ROUNDS,
        || (),
        move |()| {
            for _ in 0..ROUNDS {
                for op in &ops {
                    document.apply(std::hint::black_box(op));
                }
            }
        },
    )
}

/// Each widget in turn, in random order: most of the document is in no near cache.
fn everywhere() -> Box<dyn Case> {
    let board = Board::new(WIDGETS_1_MB);
    let mut random = Random::new(4, 0);
    let ops: Vec<Components> = (0..4_096)
        .map(|n| {
            let at = random.below(board.widgets.len());
            script::set(board.widgets[at], ["gridPos", "x"], n)
        })
        .collect();
    let mut document = board.document;
    batch(
        ops.len(),
        || (),
        move |()| {
            for op in &ops {
                document.apply(op);
            }
        },
    )
}

/// Applies each operation while a copy from before it is kept, as the server does.
fn shared(widgets: usize) -> Box<dyn Case> {
    let board = Board::new(widgets);
    let ops = set(&board);
    let mut document = board.document;
    batch(
        ops.len() * ROUNDS,
        || (),
        move |()| {
            for _ in 0..ROUNDS {
                for op in &ops {
                    let mut next = document.clone();
                    next.apply(std::hint::black_box(op));
                    document = next;
                }
            }
        },
    )
}

fn clone() -> Box<dyn Case> {
    let document = Board::new(WIDGETS_1_MB).document;
    batch(
        1_024,
        || Vec::with_capacity(1_024),
        move |mut copies: Vec<Document>| {
            copies.extend((0..1_024).map(|_| std::hint::black_box(&document).clone()));
            copies
        },
    )
}

/// A stored snapshot in memory, and the operations after it.
fn state_at() -> Box<dyn Case> {
    let board = Board::new(WIDGETS_1_MB);
    let ops = script::session(&board, 1, 256);
    batch(
        1,
        || (),
        move |()| {
            let mut document = board.document.clone();
            for op in &ops {
                document.apply(op);
            }
            document
        },
    )
}

/// Which widgets are edited: as many in each size, spread over the document.
fn places(board: &Board) -> impl Iterator<Item = usize> {
    let count = board.widgets.len();
    (0..PLACES).map(move |n| n * count / PLACES)
}

fn set(board: &Board) -> Vec<Components> {
    let new = |(n, at): (usize, usize)| script::set(board.widgets[at], ["gridPos", "x"], n as i64);
    places(board).enumerate().map(new).collect()
}

fn add(board: &Board) -> Vec<Components> {
    places(board)
        .map(|at| script::add(board.widgets[at], ["gridPos", "y"], 1))
        .collect()
}

/// Moves, and then the same back in reverse.
fn relocate(board: &Board) -> Vec<Components> {
    let mut document = board.document.clone();
    let keys: Vec<OrderKey> = document
        .list(board.panels)
        .map(|(key, _)| key.clone())
        .collect();
    let mut ops = Vec::new();
    for (n, at) in places(board).enumerate() {
        let target = (at * 7 + n * 31) % keys.len();
        let key = OrderKey::between(keys.get(target), keys.get(target + 1), (1, n as u32 + 1));
        let op = script::relocate(&document, board.widgets[at], board.panels, key);
        document.apply(&op);
        ops.push(op);
    }
    let back: Vec<Components> = ops.iter().rev().map(invert).collect();
    ops.extend(back);
    ops
}

/// A letter typed, and later taken back.
fn text(board: &Board) -> Vec<Components> {
    let mut ops: Vec<Components> = places(board)
        .map(|at| script::splice(board.queries[at], "expr", 40, "x", ""))
        .collect();
    let back: Vec<Components> = ops.iter().rev().map(invert).collect();
    ops.extend(back);
    ops
}
