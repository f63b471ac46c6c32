//! Two people apart from each other for a long time: their operations merged.

use coboard_protocol::ot::{Components, compose, rebase, transform_pair};

use crate::board::{Board, WIDGETS_100_KB};
use crate::case::{Case, Entry, batch};
use crate::script;

/// The cases of this file.
pub fn cases() -> Vec<Entry> {
    vec![
        Entry::core("merge 1,000 x 1,000 mixed, composed", || composed(1_000)),
        Entry::long("merge 10,000 x 10,000 mixed, composed", || composed(10_000)),
        Entry::core("merge 1,000 x 1,000 mixed, kept apart", || apart(1_000)),
        Entry::long("merge 10,000 x 10,000 mixed, kept apart", || apart(10_000)),
    ]
}

fn sessions(count: usize) -> (Vec<Components>, Vec<Components>) {
    let board = Board::new(WIDGETS_100_KB);
    (
        script::session(&board, 1, count),
        script::session(&board, 2, count),
    )
}

fn compose_all(ops: &[Components]) -> Components {
    ops.iter().fold(Components::new(), compose)
}

/// Both sides are composed, then each is transformed over the other.
fn composed(count: usize) -> Box<dyn Case> {
    let (theirs, mine) = sessions(count);
    batch(
        1,
        || (),
        move |()| {
            let (theirs, mine) = (compose_all(&theirs), compose_all(&mine));
            transform_pair(&theirs, &mine)
        },
    )
}

/// The history is composed; the operations of the other side stay apart, each brought over it.
fn apart(count: usize) -> Box<dyn Case> {
    let (theirs, mine) = sessions(count);
    batch(
        1,
        move || mine.clone(),
        move |mut mine| {
            let over = compose_all(&theirs);
            let over = rebase(mine.iter_mut(), over);
            (mine, over)
        },
    )
}
