//! Operations as people make them: single ones of a kind, and a mixed session of one person.

use std::sync::Arc;

use coboard_protocol::ot::{
    Change, Components, Delta, Document, ItemChange, ItemId, Key, ListId, Location, Map, OrderKey,
    Part, Path, Value, commit,
};
use coboard_testkit::Random;

use crate::board::Board;

/// A set of one cell.
pub fn set(item: ItemId, keys: [&str; 2], new: i64) -> Components {
    let change = Change::Set {
        old: Some(Value::Int(0)),
        new: Some(Value::Int(new)),
    };
    Components::of_cell(item, Path::of(keys), change)
}

/// A number added to one cell.
pub fn add(item: ItemId, keys: [&str; 2], by: i64) -> Components {
    Components::of_cell(item, Path::of(keys), Change::Add(by))
}

/// A move of an item behind another place.
pub fn relocate(document: &Document, item: ItemId, list: ListId, key: OrderKey) -> Components {
    let old = document
        .item(item)
        .map_or(Location::Trash, |item| item.location.clone());
    let new = Location::At(list, key);
    Components::of_item(item, ItemChange::Move { old, new })
}

/// An edit of one text.
pub fn splice(item: ItemId, key: &str, at: usize, insert: &str, delete: &str) -> Components {
    let delta = Delta::from_parts([
        Part::Skip(at),
        Part::Insert(insert.into()),
        Part::Delete {
            count: delete.chars().count(),
            text: Some(delete.into()),
        },
    ]);
    Components::of_cell(item, Path::of([key]), Change::Text(delta))
}

/// Somebody who edits a dashboard: 60 % sets, 25 % text, 8 % moves, 4 % new widgets, 3 % deletes.
pub struct Person<'a> {
    board: &'a Board,
    document: Document,
    random: Random,
    client: u32,
    counter: u32,
}

/// `count` operations of one person, each made on the one before and as the server commits it.
pub fn session(board: &Board, client: u32, count: usize) -> Vec<Components> {
    let mut person = Person {
        board,
        document: board.document.clone(),
        random: Random::new(14, u64::from(client)),
        client,
        counter: 0,
    };
    (0..count).map(|_| person.next()).collect()
}

impl Person<'_> {
    fn next(&mut self) -> Components {
        let made = match self.random.below(100) {
            0..60 => self.set(),
            60..85 => self.text(),
            85..93 => self.relocate(),
            93..97 => self.insert(),
            _ => self.delete(),
        };
        let committed = commit(&self.document, made).components;
        self.document.apply(&committed);
        committed
    }

    fn set(&mut self) -> Components {
        const CELLS: [[&str; 2]; 10] = [
            ["gridPos", "x"],
            ["gridPos", "y"],
            ["gridPos", "w"],
            ["gridPos", "h"],
            ["options", "legend"],
            ["options", "tooltip"],
            ["options", "sparkline"],
            ["fieldConfig", "overridden"],
            ["datasource", "uid"],
            ["datasource", "limit"],
        ];
        let widget = self.widget();
        let cell = CELLS[self.random.below(CELLS.len())];
        let new = self.random.below(24) as i64;
        set(widget, cell, new)
    }

    fn text(&mut self) -> Components {
        let queries = &self.board.queries;
        let item = queries[self.random.below(queries.len())];
        let Some(Value::Str(text)) = self.document.value(item, "/expr") else {
            return Components::new();
        };
        let at = self.random.below(text.len() + 1);
        let text = text.to_string();
        if at < text.len() && self.random.chance(30) {
            return splice(item, "expr", at, "", &text[at..=at]);
        }
        splice(item, "expr", at, "x", "")
    }

    fn relocate(&mut self) -> Components {
        let (widget, key) = (self.widget(), self.key());
        relocate(&self.document, widget, self.board.panels, key)
    }

    fn insert(&mut self) -> Components {
        let mut map = Map::new();
        map.insert(Key::from("title"), Value::Str("New widget".into()));
        map.insert(Key::from("type"), Value::Str("stat".into()));
        map.insert(Key::from("w"), Value::Int(12));
        self.counter += 1;
        let id = ItemId::new(self.client, self.counter);
        let location = Location::At(self.board.panels, self.key());
        let value = Value::Map(Arc::new(map));
        Components::of_item(id, ItemChange::New { value, location })
    }

    fn delete(&mut self) -> Components {
        let widget = self.widget();
        let old = Location::Trash;
        let new = Location::Trash;
        Components::of_item(widget, ItemChange::Move { old, new })
    }

    fn widget(&mut self) -> ItemId {
        self.board.widgets[self.random.below(self.board.widgets.len())]
    }

    /// A place right behind that of some widget.
    fn key(&mut self) -> OrderKey {
        self.counter += 1;
        let left = self.widget();
        let left = match self.document.item(left).map(|item| &item.location) {
            Some(Location::At(_, key)) => Some(key.clone()),
            Some(Location::Trash) | None => None,
        };
        // Between this one and the end: a session does not make long keys.
        OrderKey::between(left.as_ref(), None, (self.client, self.counter))
    }
}
