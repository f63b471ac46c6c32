//! What others wrote below own edits that have not been committed: an undo of such an edit brings
//! it to light, not what was there when the edit was made.

use coboard_ot::{Change, Components, ItemChange, compose};

use crate::difference::effective;

/// Changes of others that own edits cover, as they would apply if those edits were not there.
#[derive(Debug, Default)]
pub(crate) struct Covered(Components);

impl Covered {
    /// An own edit was `before` and became `after` when it was brought past what others wrote.
    ///
    /// Of several own edits of a cell only the first can cover something: the others were made on it.
    pub(crate) fn note(&mut self, before: &Components, after: &Components) {
        for (item, path, change) in after.cells() {
            if let (Some(Change::Set { old, .. }), Change::Set { old: new, .. }) =
                (before.cell(item, path), change)
                && old != new
            {
                let (old, new) = (old.clone(), new.clone());
                self.add(Components::of_cell(
                    item,
                    path.clone(),
                    Change::Set { old, new },
                ));
            }
        }
        for (item, change) in after.items() {
            if let (Some(ItemChange::Move { old, .. }), ItemChange::Move { old: new, .. }) =
                (before.item(item), change)
                && old != new
            {
                let (old, new) = (old.clone(), new.clone());
                self.add(Components::of_item(item, ItemChange::Move { old, new }));
            }
        }
    }

    /// What comes to light when `undo` brings back what was there before the own edits.
    pub(crate) fn below(&self, undo: &Components) -> Components {
        let mut out = Components::new();
        for (item, path, change) in self.0.cells() {
            if let (Change::Set { old, .. }, Some(Change::Set { new, .. })) =
                (change, undo.cell(item, path))
                && old == new
            {
                let found = Components::of_cell(item, path.clone(), change.clone());
                out = compose(out, &found);
            }
        }
        for (item, change) in self.0.items() {
            if let (ItemChange::Move { old, .. }, Some(ItemChange::Move { new, .. })) =
                (change, undo.item(item))
                && old == new
            {
                out = compose(out, &Components::of_item(item, change.clone()));
            }
        }
        out
    }

    /// `undo` brings back what others wrote instead of what was there before the own edits. Gives
    /// the undo and the change that it now leaves behind, for what was made on it.
    pub(crate) fn uncover(&self, undo: Components) -> (Components, Components) {
        let below = self.below(&undo);
        if below.is_empty() {
            return (undo, below);
        }
        (effective(&compose(undo, &below)), below)
    }

    fn add(&mut self, change: Components) {
        self.0 = compose(std::mem::take(&mut self.0), &change);
    }
}
