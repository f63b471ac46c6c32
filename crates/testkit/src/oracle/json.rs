//! JSON cases: operations of two people with their steps in the terms of `ot-json1`, that is,
//! in positions of the exported JSON.
//!
//! Every item is an object whose `id` says who it is, so that the replay can tell items of equal
//! content apart. Nothing is edited that cannot be reached and nothing is restored: to json1 what
//! was deleted is gone.

use std::sync::Arc;

use coboard_ot::{
    Change, Components, ConflictKind, Document, ItemId, Key, ListId, Location, Map, OrderKey, Side,
    Value, commit, transform,
};
use coboard_protocol::codec::plain_to_json;
use serde_json::{Value as Json, json};

use super::facts::{contended, placed};
use super::place::Places;
use super::text::{letters, to_json};
use crate::edit::{Cell, Edit, build};
use crate::model::Model;
use crate::random::Random;

const KEYS: [&str; 3] = ["a", "b", "c"];
const ORDER_KEYS: [&str; 6] = ["Zz", "a0", "a0V", "a1", "a1G", "a2"];
const EDITS_MAX: usize = 3;
/// Maps and lists within one value.
const DEPTH_MAX: usize = 2;

/// Case `number` of `seed`: a document, an operation and the next of one person, one of another,
/// and the document that both come to in each order.
pub fn case(seed: u64, number: u64) -> Json {
    let mut maker = Maker {
        random: Random::new(seed, number),
        counter: 0,
    };
    let start = maker.document();
    let mine = maker.operation(&start, 1);
    let next = maker.operation(&mine.after, 1);
    let theirs = maker.operation(&start, 2);
    let (met, merged) = merge(&start, &mine.op, &theirs.op);
    let (_, other_way) = merge(&start, &theirs.op, &mine.op);
    json!({
        "n": number,
        "document": export(&start),
        "a": mine.to_json(),
        "next": next.to_json(),
        "b": theirs.to_json(),
        "merged": [merged, other_way],
        "conflict": met,
        "contended": contended(&start, &mine, &theirs),
        "placed": [placed(&mine.op), placed(&theirs.op)],
    })
}

/// What the server comes to when it gets `first` before `later`, and whether it notes a conflict.
fn merge(start: &Model, first: &Components, later: &Components) -> (bool, Json) {
    let mut document = start.to_document();
    document.apply(first);
    let met = transform(later.clone(), first, Side::Later);
    let committed = commit(&document, met.components);
    document.apply(&committed.components);
    // Both edits of a text stand where they overlap; json1 knows no conflict of texts.
    let soft = |conflict: &coboard_ot::Conflict| conflict.kind == ConflictKind::TextOverlap;
    let conflict = !met.conflicts.iter().all(soft) || !committed.conflicts.is_empty();
    (conflict, plain(&document))
}

fn export(model: &Model) -> Json {
    plain(&model.to_document())
}

fn plain(document: &Document) -> Json {
    plain_to_json(&document.export())
}

/// One operation with its steps.
pub(super) struct Made {
    pub(super) op: Components,
    pub(super) edits: Vec<Edit>,
    steps: Vec<Json>,
    after: Model,
}

impl Made {
    fn to_json(&self) -> Json {
        json!({"steps": self.steps, "after": export(&self.after)})
    }
}

struct Maker {
    random: Random,
    counter: u32,
}

impl Maker {
    fn document(&mut self) -> Model {
        let mut model = Model::default();
        let mut items = Vec::new();
        let mut map = Map::new();
        for key in KEYS {
            map.insert(key.into(), self.value(0, 0, &mut items));
        }
        map.insert("l".into(), self.list(3, 0, 0, &mut items));
        model.set(ItemId::ROOT, &[], Some(Value::Map(Arc::new(map))));
        for item in items {
            item.apply(&mut model);
        }
        model
    }

    fn operation(&mut self, start: &Model, client: u32) -> Made {
        let mut made = Made {
            op: Components::new(),
            edits: Vec::new(),
            steps: Vec::new(),
            after: start.clone(),
        };
        let count = 1 + self.random.below(EDITS_MAX);
        while made.edits.len() < count {
            let before = made.after.clone();
            let gesture = self.gesture(&before, client);
            if gesture.is_empty() || !gesture.iter().all(|edit| edit.apply(&mut made.after)) {
                made.after = before;
                continue;
            }
            made.steps.extend(step(&before, &made.after, &gesture[0]));
            made.edits.extend(gesture);
        }
        made.op = build(&mut start.clone(), &made.edits);
        made
    }

    /// One step of json1: the first edit; the others bring along the items of its lists.
    fn gesture(&mut self, model: &Model, client: u32) -> Vec<Edit> {
        let places = Places::new(model);
        let mut brought = Vec::new();
        let first = match self.random.below(100) {
            0..25 => self.set(model, &places, client, &mut brought),
            25..33 => self
                .cell(model, &places, |_| true)
                .map(|cell| Edit::Set(cell, None)),
            33..38 => self.touch(model, &places),
            38..46 => {
                let by = 1 + self.random.below(3) as i64;
                self.cell(model, &places, |value| matches!(value, Value::Int(_)))
                    .map(|cell| Edit::Add(cell, by))
            }
            46..58 => self.splice(model, &places),
            58..72 => self.make(&places, client, &mut brought),
            72..90 => self.relocate(model, &places),
            _ => {
                let item = self.random.pick(&places.items()).copied();
                item.map(|item| Edit::Move(item, Location::Trash))
            }
        };
        first.into_iter().chain(brought).collect()
    }

    fn set(
        &mut self,
        model: &Model,
        places: &Places<'_>,
        client: u32,
        brought: &mut Vec<Edit>,
    ) -> Option<Edit> {
        let mut cell = self.map_of(model, places)?;
        cell.keys.push(self.key());
        let value = self.value(cell.keys.len(), client, brought);
        Some(Edit::Set(cell, Some(value)))
    }

    /// Writes what stands there, if no list is in it: to json1 its items would be others.
    fn touch(&mut self, model: &Model, places: &Places<'_>) -> Option<Edit> {
        let cell = self.cell(model, places, |value| {
            let mut lists = 0;
            value.for_each_list(&mut |_| lists += 1);
            lists == 0
        })?;
        let value = model.value(cell.item, &cell.keys)?.clone();
        Some(Edit::Set(cell, Some(value)))
    }

    fn splice(&mut self, model: &Model, places: &Places<'_>) -> Option<Edit> {
        let cell = self.cell(model, places, |value| matches!(value, Value::Str(_)))?;
        let Some(Value::Str(text)) = model.value(cell.item, &cell.keys) else {
            return None;
        };
        let length = text.chars().count();
        let at = self.random.below(length + 1);
        let delete = self.random.below((length - at).min(3) + 1);
        let insert = letters(&mut self.random, 3);
        let edit = Edit::Splice {
            cell,
            at,
            delete,
            insert,
        };
        Some(edit)
    }

    fn make(&mut self, places: &Places<'_>, client: u32, brought: &mut Vec<Edit>) -> Option<Edit> {
        let list = *self.random.pick(&places.lists())?;
        Some(self.item(list, 1, client, brought))
    }

    fn relocate(&mut self, model: &Model, places: &Places<'_>) -> Option<Edit> {
        let item = *self.random.pick(&places.items())?;
        let list = *self.random.pick(&places.lists())?;
        let edit = Edit::Move(item, Location::At(list, self.order_key()));
        let mut after = model.clone();
        edit.apply(&mut after);
        after.is_tree().then_some(edit)
    }

    /// A cell below a map of an item that can be reached; never its `id`.
    fn cell(
        &mut self,
        model: &Model,
        places: &Places<'_>,
        wanted: impl Fn(&Value) -> bool,
    ) -> Option<Cell> {
        let mut cell = self.map_of(model, places)?;
        let value = model.value(cell.item, &cell.keys)?;
        let Value::Map(map) = value else { return None };
        let keys: Vec<Key> = map
            .iter()
            .filter(|(key, value)| &**key != "id" && wanted(value))
            .map(|(key, _)| key.clone())
            .collect();
        cell.keys.push(self.random.pick(&keys)?.clone());
        Some(cell)
    }

    /// A map: that of an item, or one within it.
    fn map_of(&mut self, model: &Model, places: &Places<'_>) -> Option<Cell> {
        let mut items = places.items();
        items.push(ItemId::ROOT);
        let item = *self.random.pick(&items)?;
        let mut cell = Cell {
            item,
            keys: Vec::new(),
        };
        while let Some(Value::Map(map)) = model.value(item, &cell.keys) {
            let inner: Vec<Key> = map
                .iter()
                .filter(|(_, value)| matches!(value, Value::Map(_)))
                .map(|(key, _)| key.clone())
                .collect();
            if inner.is_empty() || self.random.chance(40) {
                break;
            }
            cell.keys.extend(self.random.pick(&inner).cloned());
        }
        Some(cell)
    }

    fn value(&mut self, depth: usize, client: u32, brought: &mut Vec<Edit>) -> Value {
        match self.random.below(100) {
            0..35 => Value::Int(self.random.below(4) as i64),
            35..60 => Value::Str(letters(&mut self.random, 5).into()),
            60..64 => Value::Bool(true),
            64..67 => Value::Null,
            67..84 if depth <= DEPTH_MAX => {
                let mut map = Map::new();
                for _ in 0..self.random.below(3) {
                    map.insert(self.key(), Value::Int(self.random.below(3) as i64));
                }
                Value::Map(Arc::new(map))
            }
            84..100 if depth < DEPTH_MAX => {
                let count = self.random.below(3);
                self.list(count, depth + 1, client, brought)
            }
            _ => Value::Int(0),
        }
    }

    fn list(&mut self, count: usize, depth: usize, client: u32, brought: &mut Vec<Edit>) -> Value {
        let list = ListId::from(self.next_id(client));
        for _ in 0..count {
            let item = self.item(list, depth, client, brought);
            brought.push(item);
        }
        Value::List(list)
    }

    fn item(&mut self, list: ListId, depth: usize, client: u32, brought: &mut Vec<Edit>) -> Edit {
        let id = ItemId::from(self.next_id(client));
        let mut map = Map::new();
        map.insert("id".into(), Value::Int(id.as_u64() as i64));
        for _ in 0..self.random.below(3) {
            let value = self.value(depth + 1, client, brought);
            map.insert(self.key(), value);
        }
        if depth < DEPTH_MAX && self.random.chance(40) {
            map.insert("l".into(), self.list(2, depth + 1, client, brought));
        }
        let value = Value::Map(Arc::new(map));
        Edit::New(id, value, Location::At(list, self.order_key()))
    }

    fn key(&mut self) -> Key {
        self.random.pick(&KEYS).copied().unwrap_or("a").into()
    }

    fn order_key(&mut self) -> OrderKey {
        let text = self.random.pick(&ORDER_KEYS).copied().unwrap_or("a0");
        OrderKey::parse(text).expect("the keys of the generator are legal")
    }

    fn next_id(&mut self, client: u32) -> u64 {
        self.counter += 1;
        ItemId::new(client, self.counter).as_u64()
    }
}

/// An edit in the terms of json1: `[what, where, …]`. Nothing if nothing shows in the JSON.
fn step(before: &Model, after: &Model, edit: &Edit) -> Option<Json> {
    let (from, to) = (Places::new(before), Places::new(after));
    let shown = |item: ItemId, keys: &[Key]| {
        let document = after.to_document();
        Some(plain_to_json(&document.plain(after.value(item, keys)?)))
    };
    Some(match edit {
        Edit::Set(cell, new) => {
            let way = from.cell(cell.item, &cell.keys)?;
            let there = before.value(cell.item, &cell.keys).is_some();
            match (there, new) {
                (true, Some(_)) => json!(["replace", way, shown(cell.item, &cell.keys)?]),
                (false, Some(_)) => json!(["insert", way, shown(cell.item, &cell.keys)?]),
                (_, None) => json!(["remove", way]),
            }
        }
        Edit::Add(cell, by) => json!(["add", from.cell(cell.item, &cell.keys)?, by]),
        Edit::Splice { cell, .. } => {
            let op = edit.components(before);
            let change = op.cells().next().map(|(_, _, change)| change);
            let Some(Change::Text(delta)) = change else {
                return None;
            };
            json!(["text", from.cell(cell.item, &cell.keys)?, to_json(delta)])
        }
        Edit::New(id, ..) => json!(["insert", to.item(*id)?, shown(*id, &[])?]),
        Edit::Move(id, Location::Trash) => json!(["remove", from.item(*id)?]),
        Edit::Move(id, Location::At(..)) => json!(["move", from.item(*id)?, to.item(*id)?]),
        // json1 has nothing of the kind, so these cases have none.
        Edit::Ensure(..) | Edit::Purge(_) => return None,
    })
}
