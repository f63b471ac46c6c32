//! Plain JSON in, plain JSON out.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::document::{Document, Item, LIST_DEPTH_MAX, Location};
use crate::id::{ItemId, ListId};
use crate::map::Map;
use crate::order_key::OrderKey;
use crate::value::{Json, Value};

impl Document {
    /// Makes a document of plain JSON. `json` becomes the root's value.
    ///
    /// Lists and items are numbered in preorder as those of client 0, so every replica that
    /// imports the same JSON makes the same document. Cost: O(n log n).
    pub fn import(json: &Json) -> Self {
        let mut counter = 0_u64;
        let (value, items) = plant(json, &mut || {
            counter += 1;
            counter
        });
        let root = Item {
            value,
            location: Location::Trash,
        };
        Self::from_items(std::iter::once((ItemId::ROOT, root)).chain(items))
    }

    /// The document as plain JSON: what is reachable from the root.
    ///
    /// Cost: linear in the document.
    pub fn export(&self) -> Json {
        self.item(ItemId::ROOT)
            .map_or(Json::Null, |root| self.plain(&root.value))
    }

    /// `value` as plain JSON, its lists filled with their items.
    ///
    /// Commit keeps the items a tree. A view that is not committed yet may hold one list in several
    /// places, even within itself; it is filled in the first of them and empty in the others.
    pub fn plain(&self, value: &Value) -> Json {
        self.plain_at(value, 0, &mut BTreeSet::new())
    }

    fn plain_at(&self, value: &Value, depth: usize, filled: &mut BTreeSet<ListId>) -> Json {
        match value {
            Value::Null => Json::Null,
            Value::Bool(b) => Json::Bool(*b),
            Value::Int(i) => Json::Int(*i),
            Value::Float(f) => Json::Float(*f),
            Value::Str(s) => Json::Str(s.to_shared()),
            Value::Map(map) => Json::Map(
                map.iter()
                    .map(|(key, value)| (key.clone(), self.plain_at(value, depth, filled)))
                    .collect(),
            ),
            // Commit keeps the nesting within the limit too.
            Value::List(list) if depth >= LIST_DEPTH_MAX || !filled.insert(*list) => {
                Json::List(Vec::new())
            }
            Value::List(list) => Json::List(
                self.list(*list)
                    .filter_map(|(_, id)| self.item(id))
                    .map(|item| self.plain_at(&item.value, depth + 1, filled))
                    .collect(),
            ),
        }
    }
}

/// Splits plain JSON into a value and the items of its lists, outer lists before inner ones.
///
/// `next_id` gives ids that were never used; lists and items share them.
pub fn plant(json: &Json, next_id: &mut impl FnMut() -> u64) -> (Value, Vec<(ItemId, Item)>) {
    let mut items = Vec::new();
    let value = plant_into(json, next_id, &mut items);
    (value, items)
}

fn plant_into(
    json: &Json,
    next_id: &mut impl FnMut() -> u64,
    items: &mut Vec<(ItemId, Item)>,
) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(b) => Value::Bool(*b),
        Json::Int(i) => Value::Int(*i),
        Json::Float(f) => Value::Float(*f),
        Json::Str(s) => Value::Str(s.clone().into()),
        Json::Map(map) => {
            let mut planted = Map::new();
            for (key, json) in map {
                planted.insert(key.clone(), plant_into(json, next_id, items));
            }
            Value::Map(Arc::new(planted))
        }
        Json::List(elements) => {
            let list = ListId::from(next_id());
            for (json, key) in elements.iter().zip(OrderKey::sequence()) {
                let id = ItemId::from(next_id());
                // The slot comes first, so that an item stands before those inside it.
                let slot = items.len();
                items.push((
                    id,
                    Item {
                        value: Value::Null,
                        location: Location::At(list, key),
                    },
                ));
                items[slot].1.value = plant_into(json, next_id, items);
            }
            Value::List(list)
        }
    }
}
