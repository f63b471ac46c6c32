//! A rule of the engine that a test switches off, to see that the simulation notices.
//!
//! Compiled with the feature `sabotage` only, which nothing but the tests of `sim` asks for.

use std::cell::Cell;

thread_local! {
    static PRUNES: Cell<bool> = const { Cell::new(true) };
}

/// Whether rooms of this thread leave out what does not apply when they commit; they do at first.
pub fn set_pruning(prunes: bool) {
    PRUNES.set(prunes);
}

pub(crate) fn prunes() -> bool {
    PRUNES.get()
}
