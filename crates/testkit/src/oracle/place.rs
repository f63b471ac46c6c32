//! Where an item or a cell stands in the exported JSON, as keys and indices from the root.

use std::collections::BTreeMap;

use coboard_ot::{Item, ItemId, Key, ListId, Location, Value};
use serde_json::{Value as Json, json};

use crate::model::Model;

/// The lists of a model, each with its holder and the keys that lead to it there.
pub(super) struct Places<'a> {
    model: &'a Model,
    holders: BTreeMap<ListId, (ItemId, Vec<Key>)>,
}

impl<'a> Places<'a> {
    pub(super) fn new(model: &'a Model) -> Self {
        let mut holders = BTreeMap::new();
        for (id, item) in &model.items {
            gather(&item.value, &mut Vec::new(), &mut |list, keys| {
                holders.insert(list, (*id, keys.to_vec()));
            });
        }
        Self { model, holders }
    }

    /// The way to a cell; `None` if its item cannot be reached.
    pub(super) fn cell(&self, item: ItemId, keys: &[Key]) -> Option<Vec<Json>> {
        let mut way = self.item(item)?;
        way.extend(keys.iter().map(|key| json!(**key)));
        Some(way)
    }

    /// The way to an item; `None` if it cannot be reached.
    pub(super) fn item(&self, id: ItemId) -> Option<Vec<Json>> {
        if id == ItemId::ROOT {
            return Some(Vec::new());
        }
        let Location::At(list, _) = &self.model.items.get(&id)?.location else {
            return None;
        };
        let (holder, keys) = self.holders.get(list)?;
        let mut way = self.cell(*holder, keys)?;
        let index = self.items_of(*list).iter().position(|item| *item == id)?;
        way.push(json!(index));
        Some(way)
    }

    pub(super) fn items_of(&self, list: ListId) -> Vec<ItemId> {
        let stands = |item: &'a Item| match &item.location {
            Location::At(of, key) if *of == list => Some(key.as_str()),
            Location::At(..) | Location::Trash => None,
        };
        let mut items: Vec<(&str, ItemId)> = self
            .model
            .items
            .iter()
            .filter_map(|(id, item)| stands(item).map(|key| (key, *id)))
            .collect();
        items.sort_unstable();
        items.into_iter().map(|(_, id)| id).collect()
    }

    /// The item whose value holds the list.
    pub(super) fn holder(&self, list: ListId) -> Option<ItemId> {
        self.holders.get(&list).map(|(item, _)| *item)
    }

    /// The cell that holds the list.
    pub(super) fn held_at(&self, list: ListId) -> Option<(ItemId, &[Key])> {
        let (item, keys) = self.holders.get(&list)?;
        Some((*item, keys))
    }

    /// All lists that can be reached.
    pub(super) fn lists(&self) -> Vec<ListId> {
        let reached = self
            .holders
            .iter()
            .filter(|(_, (item, _))| self.item(*item).is_some());
        reached.map(|(list, _)| *list).collect()
    }

    /// All items that can be reached, without the root.
    pub(super) fn items(&self) -> Vec<ItemId> {
        let ids = self.model.items.keys().copied();
        ids.filter(|id| *id != ItemId::ROOT && self.item(*id).is_some())
            .collect()
    }

    /// Whether `above` is `item` or holds it, however deep.
    pub(super) fn is_within(&self, item: ItemId, above: ItemId) -> bool {
        let mut at = item;
        for _ in 0..=self.model.items.len() {
            if at == above {
                return true;
            }
            let parent = self
                .model
                .items
                .get(&at)
                .and_then(|item| match &item.location {
                    Location::At(list, _) => self.holder(*list),
                    Location::Trash => None,
                });
            match parent {
                Some(parent) if at != ItemId::ROOT => at = parent,
                Some(_) | None => return false,
            }
        }
        false
    }
}

fn gather(value: &Value, keys: &mut Vec<Key>, found: &mut impl FnMut(ListId, &[Key])) {
    match value {
        Value::List(list) => found(*list, keys),
        Value::Map(map) => {
            for (key, value) in &**map {
                keys.push(key.clone());
                gather(value, keys, found);
                keys.pop();
            }
        }
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::Str(_) => {}
    }
}
