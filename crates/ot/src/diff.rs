//! From a document and another version of its plain JSON to the operation between the two.
//!
//! Plain JSON has no identity, so the items of the document are matched with the elements of the
//! arrays first, see `pairing`; then everything that differs is written down cell by cell. What
//! this does not do: find out who is right. The operation is an edit like any other, and merges
//! with what happened meanwhile.
//!
//! # Cost
//!
//! Linear in both versions times the depth of nested lists, and n log n in the length of a list,
//! except for three steps that are bounded by limits of their own: the longest common part of two
//! sequences ([`sequence`]), likeness among what is left of a list ([`pairing`]), and the parts of
//! a changed string ([`text`]).

mod fingerprint;
mod natural;
mod pairing;
mod place;
mod sequence;
mod text;

use std::sync::Arc;

use crate::change::{Change, Components, ItemChange};
use crate::document::{Document, Location};
use crate::id::{ItemId, ListId};
use crate::map::Map;
use crate::order_key::OrderKey;
use crate::path::Path;
use crate::value::{Json, Key, Value};
use pairing::Pairing;

/// The operation after which the cell at `path` of `item` exports as `new`.
///
/// Items keep their identity where they can be recognised: by the keys `id`, `uid`, `refId`,
/// `name`, `key` and `title` where one is unique, by being equal, by being alike. What moves is
/// moved, also from list to list. Nothing that is the same is written. Old values are filled in,
/// so the result can be inverted, and committing it on `document` changes nothing about it.
///
/// `next_id` gives ids that were never used, as for [`plant`](crate::plant); their number is also
/// what makes new order keys unique. If there is no such item, or no map to hold the cell, the
/// result is empty.
///
/// # Laws
/// After [`apply`](Document::apply) the cell exports as `new`. The result is empty if it did before.
pub fn diff(
    document: &Document,
    item: ItemId,
    path: &Path,
    new: &Json,
    next_id: &mut dyn FnMut() -> u64,
) -> Components {
    let Some(held) = document.item(item) else {
        return Components::new();
    };
    let keys: Vec<_> = path.keys().collect();
    let old = held.value.at(path.as_str());
    let parent_fits = path
        .ancestors()
        .next()
        .is_none_or(|parent| matches!(held.value.at(parent), Some(Value::Map(_))));
    if !parent_fits {
        return Components::new();
    }
    let mut writer = Writer {
        document,
        pairing: Pairing::of(document, old, new),
        next_id,
        out: Components::new(),
    };
    let mut at = At {
        item,
        keys: keys.iter().map(AsRef::as_ref).collect(),
    };
    match old {
        Some(old) => writer.cell(&mut at, old, new),
        None => writer.set(&at, None, Some(new)),
    }
    writer.out
}

/// A cell, as the keys that lead to it.
struct At<'a> {
    item: ItemId,
    keys: Vec<&'a str>,
}

/// Writes the differences down, once it is known which item becomes which element.
struct Writer<'a, 'n> {
    document: &'a Document,
    pairing: Pairing<'a>,
    next_id: &'n mut dyn FnMut() -> u64,
    out: Components,
}

impl<'a> Writer<'a, '_> {
    fn cell(&mut self, at: &mut At<'a>, old: &'a Value, new: &'a Json) {
        match (old, new) {
            (Value::Null, Json::Null) => {}
            (Value::Bool(old), Json::Bool(new)) if old == new => {}
            (Value::Int(old), Json::Int(new)) if old == new => {}
            (Value::Float(old), Json::Float(new)) if old == new => {}
            (Value::Str(old), Json::Str(new)) if **old == **new => {}
            (Value::Str(before), Json::Str(after)) => match text::edit(before, after) {
                Some(delta) => self.change(at, Change::Text(delta)),
                None => self.set(at, Some(old), Some(new)),
            },
            (Value::Map(old), Json::Map(new)) => self.map(at, old, new),
            (Value::List(list), Json::List(new)) => self.list(*list, new),
            (
                Value::Null
                | Value::Bool(_)
                | Value::Int(_)
                | Value::Float(_)
                | Value::Str(_)
                | Value::Map(_)
                | Value::List(_),
                new,
            ) => self.set(at, Some(old), Some(new)),
        }
    }

    /// Both sides are sorted by key.
    fn map(&mut self, at: &mut At<'a>, old: &'a Map, new: &'a [(Key, Json)]) {
        for (key, old, new) in both(old, new) {
            at.keys.push(key);
            match (old, new) {
                (Some(old), Some(new)) => self.cell(at, old, new),
                (old, new) => self.set(at, old, new),
            }
            at.keys.pop();
        }
    }

    fn list(&mut self, list: ListId, new: &'a [Json]) {
        let document = self.document;
        let old: Vec<(&OrderKey, ItemId)> = document.list(list).collect();
        for (key, item) in &old {
            if !self.pairing.is_taken(*item) {
                let old = Location::At(list, (*key).clone());
                let new = Location::Trash;
                self.out.items.insert(*item, ItemChange::Move { old, new });
            }
        }
        let items: Vec<Option<ItemId>> = new.iter().map(|new| self.pairing.item(new)).collect();
        let kept = place::kept(&old, &items);
        let unique = &mut || {
            let id = ItemId::from((self.next_id)());
            (id.client(), id.counter())
        };
        let places = place::places(&kept, unique);
        for ((new, item), place) in new.iter().zip(items).zip(places) {
            self.element(item, new, place.map(|key| Location::At(list, key)));
        }
    }

    /// Writes one element; `to` is where it goes, `None` if it stays where it is.
    fn element(&mut self, item: Option<ItemId>, new: &'a Json, to: Option<Location>) {
        let document = self.document;
        match (item, to) {
            (Some(id), to) => {
                let Some(item) = document.item(id) else {
                    return;
                };
                if let Some(new) = to {
                    let old = item.location.clone();
                    self.out.items.insert(id, ItemChange::Move { old, new });
                }
                let mut at = At {
                    item: id,
                    keys: Vec::new(),
                };
                self.cell(&mut at, &item.value, new);
            }
            (None, Some(location)) => {
                let id = ItemId::from((self.next_id)());
                let value = self.planted(new);
                let change = ItemChange::New { value, location };
                self.out.items.insert(id, change);
            }
            // What is not there yet has no place to stay in.
            (None, None) => {}
        }
    }

    /// The value of plain JSON. Items that are matched with an element within it move into its lists.
    fn planted(&mut self, json: &'a Json) -> Value {
        match json {
            Json::Null => Value::Null,
            Json::Bool(b) => Value::Bool(*b),
            Json::Int(i) => Value::Int(*i),
            Json::Float(f) => Value::Float(*f),
            Json::Str(s) => Value::Str(s.clone().into()),
            Json::Map(map) => {
                let planted = map
                    .iter()
                    .map(|(key, json)| (key.clone(), self.planted(json)));
                Value::Map(Arc::new(planted.collect()))
            }
            Json::List(elements) => {
                let list = ListId::from((self.next_id)());
                for (json, key) in elements.iter().zip(OrderKey::sequence()) {
                    let item = self.pairing.item(json);
                    self.element(item, json, Some(Location::At(list, key)));
                }
                Value::List(list)
            }
        }
    }

    fn set(&mut self, at: &At<'_>, old: Option<&Value>, new: Option<&'a Json>) {
        let new = new.map(|new| self.planted(new));
        let old = old.cloned();
        self.change(at, Change::Set { old, new });
    }

    fn change(&mut self, at: &At<'_>, change: Change) {
        let path = Path::of(at.keys.iter().copied());
        self.out.insert_cell(at.item, path, change);
    }
}

/// Walks two sorted maps as one.
fn both<'a>(
    old: &'a Map,
    new: &'a [(Key, Json)],
) -> impl Iterator<Item = (&'a str, Option<&'a Value>, Option<&'a Json>)> {
    let (mut old, mut new) = (old.iter().peekable(), new.iter().peekable());
    std::iter::from_fn(move || {
        let order = match (old.peek(), new.peek()) {
            (Some((old, _)), Some((new, _))) => old.cmp(new),
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (None, None) => return None,
        };
        let before = order.is_le().then(|| old.next()).flatten();
        let after = order.is_ge().then(|| new.next()).flatten();
        let key = before
            .map(|(key, _)| key)
            .or_else(|| after.map(|(key, _)| key))?;
        Some((
            &**key,
            before.map(|(_, value)| value),
            after.map(|(_, json)| json),
        ))
    })
}
