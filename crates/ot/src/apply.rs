//! Applies an operation to a document.

use crate::change::{Change, Components, ItemChange};
use crate::document::Document;
use crate::id::{ItemId, ListId};
use crate::path::Path;
use crate::value::Value;

impl Document {
    /// Applies an operation in place.
    ///
    /// Total and tolerant: a component is skipped if its item is unknown, its parent map is
    /// missing or its type does not fit. [`commit`](crate::commit()) drops exactly those.
    /// Cost: O(depth · log items) a component, independent of the size of the document.
    pub fn apply(&mut self, op: &Components) {
        let mut lists = Lists::default();
        for (item, change) in op.items() {
            self.apply_item(item, change, &mut lists);
        }
        for (item, path, change) in op.cells() {
            self.apply_cell(item, path, change, &mut lists);
        }
        lists.record(self);
    }

    fn apply_item(&mut self, id: ItemId, change: &ItemChange, lists: &mut Lists) {
        match change {
            ItemChange::New { value, location } => {
                if self.item(id).is_none() {
                    self.insert(id, value.clone(), location.clone());
                    lists.placed_by(id, value);
                }
            }
            ItemChange::Move { new, .. } => {
                if id != ItemId::ROOT {
                    self.relocate(id, new.clone());
                }
            }
            ItemChange::Purge => {
                if id != ItemId::ROOT {
                    self.purge(id);
                }
            }
        }
    }

    fn apply_cell(&mut self, id: ItemId, path: &Path, change: &Change, lists: &mut Lists) {
        let Some(value) = self.value_mut(id) else {
            return;
        };
        let before = match change {
            Change::Set { new, .. } => value.put(path.as_str(), new.clone()),
            Change::Ensure(container) => value.ensure(path.as_str(), *container),
            // They hold no lists.
            Change::Add(_) | Change::Text(_) => value.change(path.as_str(), change).map(|()| None),
        };
        // A misfit is skipped: see above.
        if let Ok(before) = before {
            lists.released_by(id, before.as_ref());
            change.for_each_list(&mut |list| lists.placed.push((list, id)));
        }
    }
}

/// Lists that lose or gain their holder. All releases come first, for one operation may carry a
/// list from one cell to another.
#[derive(Default)]
struct Lists {
    released: Vec<(ListId, ItemId)>,
    placed: Vec<(ListId, ItemId)>,
}

impl Lists {
    fn released_by(&mut self, id: ItemId, value: Option<&Value>) {
        if let Some(value) = value {
            value.for_each_list(&mut |list| self.released.push((list, id)));
        }
    }

    fn placed_by(&mut self, id: ItemId, value: &Value) {
        value.for_each_list(&mut |list| self.placed.push((list, id)));
    }

    fn record(self, document: &mut Document) {
        for (list, id) in self.released {
            document.release(list, id);
        }
        for (list, id) in self.placed {
            document.hold(list, id);
        }
    }
}
