//! What a mirror of the view outside of the engine must know after a change: not the document,
//! only the items and lists that may differ.

use coboard_ot::{Components, Document, ItemId, ListId, Location};
use coboard_protocol::codec::value_to_json;

use super::io::Touched;
use super::{Changed, Client, Output};

impl Touched {
    /// Adds what `components` touch.
    pub(super) fn add(&mut self, components: &Components) {
        self.items.extend(components.touched());
    }

    /// Adds the lists that the touched items stand in. To be called before and after a change.
    pub(super) fn note_lists(&mut self, document: &Document) {
        for item in &self.items {
            if let Some(Location::At(list, _)) = document.item(*item).map(|item| &item.location)
                && let Err(at) = self.lists.binary_search(list)
            {
                self.lists.insert(at, *list);
            }
        }
    }
}

impl Client {
    /// The touched items and lists as the view has them. An item that is not there any more is `null`.
    ///
    /// Cost: the size of the touched items, and of the lists whose order may have changed.
    pub(super) fn mirror(&self, touched: &Touched) -> Changed {
        let mut changed = Changed::default();
        for item in &touched.items {
            let (id, value) = self.mirror_item(*item);
            changed.items.insert(id, value);
        }
        for list in &touched.lists {
            changed.lists.push(self.mirror_list(*list));
        }
        changed
    }

    /// Tells the whole view, the deleted items too: they may come back.
    pub(super) fn tell_everything(&mut self) {
        let mut touched = Touched::default();
        touched.items.extend(self.view.items().map(|(id, _)| id));
        touched.note_lists(&self.view);
        let changed = Changed {
            reset: true,
            ..self.mirror(&touched)
        };
        self.outputs.push_back(Output::Changed(changed));
    }

    fn mirror_item(&self, id: ItemId) -> (String, serde_json::Value) {
        let value = self.view.item(id).map(|item| value_to_json(&item.value));
        (id.to_string(), value.unwrap_or_default())
    }

    fn mirror_list(&self, list: ListId) -> (String, Vec<String>) {
        let items = self
            .view
            .list(list)
            .map(|(_, item)| item.to_string())
            .collect();
        (list.to_string(), items)
    }
}

/// The cells that `components` touch, as addresses.
pub(super) fn paths(components: &Components) -> Vec<String> {
    components
        .cells()
        .map(|(item, path, _)| format!("@{item}{path}"))
        .collect()
}

/// The items that `components` touch.
pub(super) fn items(components: &Components) -> Vec<String> {
    components.touched().map(|item| item.to_string()).collect()
}
