//! Random small documents and random edits that fit them.
//!
//! Documents are small and keys few, so that two people often meet at one place.

use std::sync::Arc;

use coboard_ot::{Container, ItemId, Key, ListId, Location, Map, OrderKey, Path, Value};

use crate::edit::{Cell, Edit};
use crate::model::Model;
use crate::random::Random;

/// Keys of maps. The last one has to be escaped in a path.
const KEYS: [&str; 4] = ["a", "b", "c", "~/"];
/// Keys that no document starts with: what is ensured goes there.
const ABSENT_KEYS: [&str; 2] = ["e", "f"];
const LETTERS: [&str; 7] = ["a", "b", "c", " ", "é", "漢", "🙂"];
const ORDER_KEYS: [&str; 6] = ["Zz", "a0", "a0V", "a1", "a1G", "a2"];
/// Maps and lists within one value.
const DEPTH_MAX: usize = 2;
/// Edits of one operation.
const EDITS_MAX: usize = 4;

/// What kind of edits are wanted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Taste {
    /// Sets, adds, items and lists. Strings are only replaced.
    Structure,
    /// Edits inside of strings as well.
    Text,
}

/// Makes documents and edits. All ids it gives out are new.
#[derive(Clone, Debug)]
pub struct Generator {
    random: Random,
    taste: Taste,
    counter: u32,
    /// Items that most edits go to.
    hot: Vec<ItemId>,
    /// Whether deleted items are purged, which only the server may do.
    purges: bool,
}

impl Generator {
    /// A generator that draws from `random`.
    pub fn new(random: Random, taste: Taste) -> Self {
        Self {
            random,
            taste,
            counter: 0,
            hot: vec![ItemId::ROOT],
            purges: false,
        }
    }

    /// Lets it purge deleted items as well, which only the server may do.
    pub fn with_purges(self) -> Self {
        Self {
            purges: true,
            ..self
        }
    }

    /// A document of ten to thirty items: nested lists, some of its items in trash.
    pub fn document(&mut self) -> Model {
        let mut model = Model::default();
        let mut map = Map::new();
        let mut items = Vec::new();
        for key in KEYS {
            map.insert(Key::from(key), self.value(0, 0, &mut items));
        }
        for (key, count) in [("l", 3), ("m", 2)] {
            let list = self.list(0, count, 0, &mut items);
            map.insert(key.into(), list);
        }
        model.set(ItemId::ROOT, &[], Some(Value::Map(Arc::new(map))));
        for edit in items {
            edit.apply(&mut model);
        }
        for _ in 0..self.random.below(3) {
            if let Some(id) = self.any_item(&model) {
                model.relocate(id, Location::Trash);
            }
        }
        for _ in 0..2 {
            let item = self.any_item(&model);
            self.hot.extend(item);
        }
        model
    }

    /// One to four edits of the person with this client number, each fitting the state after the one before.
    pub fn edits(&mut self, model: &Model, client: u32) -> Vec<Edit> {
        let mut state = model.clone();
        let mut edits = Vec::new();
        let count = 1 + self.random.below(EDITS_MAX);
        while edits.len() < count {
            for edit in self.edit(&state, client) {
                if edit.apply(&mut state) {
                    edits.push(edit);
                }
            }
        }
        edits
    }

    /// One gesture: usually one edit, more if it brings a list along.
    fn edit(&mut self, model: &Model, client: u32) -> Vec<Edit> {
        match self.random.below(100) {
            0..20 => self.set(model, client),
            20..26 => self.ensure(model, client),
            26..34 => self.remove(model),
            34..46 => self.add(model),
            46..60 if self.taste == Taste::Text => self.splice(model),
            46..52 => self.touch(model),
            52..56 => self.replace_list(model, client),
            56..60 => self.carry(model),
            60..72 => self.make(model, client),
            72..88 => self.relocate(model),
            88..94 => self.trash(model),
            94..96 if self.purges => self.purge(model),
            _ => self.restore(model),
        }
    }

    fn set(&mut self, model: &Model, client: u32) -> Vec<Edit> {
        let Some(mut cell) = self.cell(model, |value| matches!(value, Value::Map(_))) else {
            return Vec::new();
        };
        let whole = self.random.chance(6);
        let mut edits = Vec::new();
        let new = if whole {
            self.map(0, client, &mut edits)
        } else {
            cell.keys.push(self.key());
            self.value(cell.keys.len(), client, &mut edits)
        };
        edits.insert(0, Edit::Set(cell, Some(new)));
        edits
    }

    /// Writes what stands there already.
    fn touch(&mut self, model: &Model) -> Vec<Edit> {
        let cell = self.cell(model, |_| true);
        let set = cell.and_then(|cell| {
            let value = model.value(cell.item, &cell.keys)?.clone();
            Some(Edit::Set(cell, Some(value)))
        });
        Vec::from_iter(set)
    }

    fn remove(&mut self, model: &Model) -> Vec<Edit> {
        let cell = self.cell(model, |_| true);
        let cell = cell.filter(|cell| !cell.keys.is_empty());
        Vec::from_iter(cell.map(|cell| Edit::Set(cell, None)))
    }

    fn add(&mut self, model: &Model) -> Vec<Edit> {
        let by = self.random.below(7) as i64 - 3;
        let cell = self.cell(model, |value| matches!(value, Value::Int(_)));
        Vec::from_iter(cell.map(|cell| Edit::Add(cell, by)))
    }

    fn splice(&mut self, model: &Model) -> Vec<Edit> {
        let Some(cell) = self.cell(model, |value| matches!(value, Value::Str(_))) else {
            return Vec::new();
        };
        let length = match model.value(cell.item, &cell.keys) {
            Some(Value::Str(text)) => text.chars().count(),
            _ => 0,
        };
        let at = self.random.below(length + 1);
        let delete = self.random.below((length - at).min(3) + 1);
        let insert = self.text(3);
        vec![Edit::Splice {
            cell,
            at,
            delete,
            insert,
        }]
    }

    /// Puts a fresh array in the place of another.
    fn replace_list(&mut self, model: &Model, client: u32) -> Vec<Edit> {
        let Some(cell) = self.cell(model, |value| matches!(value, Value::List(_))) else {
            return Vec::new();
        };
        let mut edits = Vec::new();
        let count = self.random.below(3);
        let list = self.list(DEPTH_MAX, count, client, &mut edits);
        edits.insert(0, Edit::Set(cell, Some(list)));
        edits
    }

    /// Takes a value, with the lists in it, from one cell to another of the same item.
    fn carry(&mut self, model: &Model) -> Vec<Edit> {
        let Some(from) = self.cell(model, |value| !matches!(value, Value::Null)) else {
            return Vec::new();
        };
        let Some(value) = model.value(from.item, &from.keys).cloned() else {
            return Vec::new();
        };
        if from.keys.is_empty() {
            return Vec::new();
        }
        let mut to = from.clone();
        to.keys.pop();
        to.keys.push(self.key());
        vec![Edit::Set(from, None), Edit::Set(to, Some(value))]
    }

    /// Makes a container where there is none, and usually puts something in.
    fn ensure(&mut self, model: &Model, client: u32) -> Vec<Edit> {
        let Some(mut cell) = self.cell(model, |value| matches!(value, Value::Map(_))) else {
            return Vec::new();
        };
        cell.keys.push(self.key());
        if self.random.chance(75) {
            cell.keys.pop();
            let key = self.random.pick(&ABSENT_KEYS).copied().unwrap_or("e");
            cell.keys.push(key.into());
        }
        let mut edits = Vec::new();
        let container = if self.random.chance(50) {
            Container::Map
        } else {
            let path = Path::of(cell.keys.iter().map(|key| &**key));
            Container::list(cell.item, &path)
        };
        edits.push(Edit::Ensure(cell.clone(), container));
        match (self.random.below(100), container) {
            (0..15, _) => {}
            // Taken away again, so that a removal meets what others ensured.
            (15..23, _) => edits.push(Edit::Set(cell, None)),
            (23..31, Container::Map) => {
                cell.keys.push(self.key());
                edits.push(Edit::Ensure(cell, Container::Map));
            }
            (31..39, Container::Map) => {
                cell.keys.push(self.key());
                edits.push(Edit::Set(cell.clone(), Some(Value::Null)));
                edits.push(Edit::Set(cell, None));
            }
            (_, container) => self.put_in(cell, container, client, &mut edits),
        }
        let mut after = model.clone();
        let fits = edits.iter().all(|edit| edit.apply(&mut after));
        if fits && after.is_tree() {
            edits
        } else {
            Vec::new()
        }
    }

    /// Puts something into a container that was just ensured.
    fn put_in(&mut self, mut cell: Cell, container: Container, client: u32, edits: &mut Vec<Edit>) {
        let value = self.value(cell.keys.len(), client, edits);
        match container {
            Container::Map | Container::MapOver(_) => {
                cell.keys.push(self.key());
                edits.insert(1, Edit::Set(cell, Some(value)));
            }
            Container::List(list) => {
                let id = ItemId::from(self.next_id(client));
                let location = Location::At(list, self.order_key());
                edits.insert(1, Edit::New(id, value, location));
            }
        }
    }

    /// Forgets an item that is deleted.
    fn purge(&mut self, model: &Model) -> Vec<Edit> {
        let deleted: Vec<ItemId> = model
            .items
            .keys()
            .filter(|id| !model.is_reachable(**id))
            .copied()
            .collect();
        Vec::from_iter(self.random.pick(&deleted).copied().map(Edit::Purge))
    }

    fn make(&mut self, model: &Model, client: u32) -> Vec<Edit> {
        let Some(list) = self.any_list(model) else {
            return Vec::new();
        };
        let mut edits = Vec::new();
        let id = ItemId::from(self.next_id(client));
        let value = self.value(1, client, &mut edits);
        let location = Location::At(list, self.order_key());
        edits.insert(0, Edit::New(id, value, location));
        edits
    }

    fn relocate(&mut self, model: &Model) -> Vec<Edit> {
        let (Some(id), Some(list)) = (self.any_item(model), self.any_list(model)) else {
            return Vec::new();
        };
        let edit = Edit::Move(id, Location::At(list, self.order_key()));
        let mut after = model.clone();
        edit.apply(&mut after);
        if after.is_tree() {
            vec![edit]
        } else {
            Vec::new()
        }
    }

    fn trash(&mut self, model: &Model) -> Vec<Edit> {
        let id = self.any_item(model);
        Vec::from_iter(id.map(|id| Edit::Move(id, Location::Trash)))
    }

    fn restore(&mut self, model: &Model) -> Vec<Edit> {
        let trashed: Vec<ItemId> = model
            .items
            .iter()
            .filter(|(id, item)| **id != ItemId::ROOT && item.location == Location::Trash)
            .map(|(id, _)| *id)
            .collect();
        let (Some(id), Some(list)) = (self.random.pick(&trashed).copied(), self.any_list(model))
        else {
            return Vec::new();
        };
        let edit = Edit::Move(id, Location::At(list, self.order_key()));
        let mut after = model.clone();
        edit.apply(&mut after);
        if after.is_tree() {
            vec![edit]
        } else {
            Vec::new()
        }
    }

    /// A cell of a value that is `wanted`, usually in one of the hot items.
    fn cell(&mut self, model: &Model, wanted: impl Fn(&Value) -> bool) -> Option<Cell> {
        let hot = self.random.chance(70);
        let mut cells = Vec::new();
        for (id, item) in &model.items {
            if !hot || self.hot.contains(id) {
                let mut keys = Vec::new();
                gather_cells(&item.value, &mut keys, &mut |keys, value| {
                    if wanted(value) {
                        cells.push(Cell {
                            item: *id,
                            keys: keys.to_vec(),
                        });
                    }
                });
            }
        }
        self.random.pick(&cells).cloned()
    }

    fn any_item(&mut self, model: &Model) -> Option<ItemId> {
        let hot = self.random.chance(40);
        let items: Vec<ItemId> = model
            .items
            .keys()
            .filter(|id| **id != ItemId::ROOT && (!hot || self.hot.contains(id)))
            .copied()
            .collect();
        self.random.pick(&items).copied()
    }

    fn any_list(&mut self, model: &Model) -> Option<ListId> {
        let lists: Vec<ListId> = model.held_lists().iter().map(|(list, _)| *list).collect();
        self.random.pick(&lists).copied()
    }

    /// A value; the items of lists in it are added to `items`.
    fn value(&mut self, depth: usize, client: u32, items: &mut Vec<Edit>) -> Value {
        match self.random.below(100) {
            0..32 => Value::Int(self.random.below(4) as i64),
            32..54 => Value::Str(self.text(5).into()),
            54..58 => Value::Bool(self.random.chance(50)),
            58..61 => Value::Null,
            61..64 => Value::Float(self.random.below(3) as f64 + 0.5),
            64..86 if depth <= DEPTH_MAX => self.map(depth + 1, client, items),
            86..100 if depth < DEPTH_MAX => {
                let count = self.random.below(4);
                self.list(depth + 1, count, client, items)
            }
            _ => Value::Int(0),
        }
    }

    fn map(&mut self, depth: usize, client: u32, items: &mut Vec<Edit>) -> Value {
        let mut map = Map::new();
        for _ in 0..1 + self.random.below(3) {
            let key = self.key();
            if map.get(&key).is_none() {
                map.insert(key, self.value(depth, client, items));
            }
        }
        Value::Map(Arc::new(map))
    }

    fn list(&mut self, depth: usize, count: usize, client: u32, items: &mut Vec<Edit>) -> Value {
        let list = ListId::from(self.next_id(client));
        for _ in 0..count {
            let id = ItemId::from(self.next_id(client));
            let value = self.value(depth, client, items);
            items.push(Edit::New(id, value, Location::At(list, self.order_key())));
        }
        Value::List(list)
    }

    fn text(&mut self, length_max: usize) -> String {
        (0..self.random.below(length_max + 1))
            .filter_map(|_| self.random.pick(&LETTERS).copied())
            .collect()
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

/// Calls `found` with every cell of `value`, the whole value first.
fn gather_cells(value: &Value, keys: &mut Vec<Key>, found: &mut impl FnMut(&[Key], &Value)) {
    found(keys, value);
    if let Value::Map(map) = value {
        for (key, value) in &**map {
            keys.push(key.clone());
            gather_cells(value, keys, found);
            keys.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edits_fit_and_keep_a_tree() {
        for case in 0..500 {
            let mut generator = Generator::new(Random::new(7, case), Taste::Text);
            let mut model = generator.document();
            assert!(model.is_tree());
            for client in 1..4 {
                for edit in generator.edits(&model.clone(), client) {
                    assert!(edit.apply(&mut model), "{edit:?}");
                    assert!(model.is_tree(), "{edit:?}");
                }
            }
        }
    }
}
