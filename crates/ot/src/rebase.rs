//! Two sides brought past each other in place: many operations kept apart over a composed history.

use crate::change::Components;
use crate::conflict::Conflict;
use crate::transform::{Side, met, transform_at};

/// Brings `pending`, each made on the one before, past `over`, which was committed meanwhile.
///
/// Gives `over` as it applies after all of them. The history is never copied: a step costs what
/// the one operation and the history share, and the whole O(N + M) but for logarithms and texts.
///
/// # Laws
/// Equals [`transform`](crate::transform()) of one operation after the other, over `over`, and of `over` over it.
pub fn rebase<'a>(
    pending: impl IntoIterator<Item = &'a mut Components>,
    over: Components,
) -> Components {
    let mut over = over;
    for op in pending {
        both(op, &mut over, Side::Later, None);
    }
    over
}

/// Brings two operations made on one document past each other, and gives what `op` met.
///
/// `side` is the place of `op` in server order. Cost: O(items of the smaller one · log + their
/// components); only what both touch is copied.
///
/// # Laws
/// Equals two calls of [`transform`](crate::transform()), each with the other one as it was.
pub fn pass(op: &mut Components, over: &mut Components, side: Side) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    both(op, over, side, Some(&mut conflicts));
    conflicts
}

fn both(
    op: &mut Components,
    over: &mut Components,
    side: Side,
    mut conflicts: Option<&mut Vec<Conflict>>,
) {
    for item in met(op, over) {
        let mine = (op.cells.get(&item).cloned(), op.items.get(&item).cloned());
        let theirs = (over.cells.get(&item), over.items.get(&item));
        transform_at(op, item, theirs, side, conflicts.as_deref_mut());
        let mine = (mine.0.as_ref(), mine.1.as_ref());
        transform_at(over, item, mine, side.opposite(), None);
    }
}
