//! An edit in the making: what there is to change, and the changes so far.

use coboard_ot::{
    Change, Document, Item, ItemChange, ItemId, ListId, Location, OrderKey, Path, Value,
};

use super::checker::integer;
use crate::random::Random;

/// Rows in which edits meet.
pub(super) const ROWS: usize = 40;

pub(super) struct Draft<'a> {
    pub(super) random: &'a mut Random,
    pub(super) document: &'a Document,
    pub(super) client: u32,
    counter: &'a mut u32,
    pub(super) cells: Vec<(ItemId, Path, Change)>,
    pub(super) items: Vec<(ItemId, ItemChange)>,
}

impl<'a> Draft<'a> {
    pub(super) fn new(
        random: &'a mut Random,
        document: &'a Document,
        client: u32,
        counter: &'a mut u32,
    ) -> Self {
        Self {
            random,
            document,
            client,
            counter,
            cells: Vec::new(),
            items: Vec::new(),
        }
    }

    /// A number, often none of a grid.
    pub(super) fn number(&mut self) -> Value {
        const ODD: [i64; 6] = [-1, 0, 24, 25, 1_000_001, 9_007_199_254_740_991];
        match self.random.below(10) {
            0..6 => Value::Int(self.random.below(ROWS) as i64),
            6..9 => Value::Int(self.random.pick(&ODD).copied().unwrap_or(0)),
            _ => Value::Float(self.random.below(400) as f64 / 7.0 - 9.25),
        }
    }

    /// A widget, with the paths of its x, y, width and height.
    pub(super) fn widget(&mut self) -> Option<(ItemId, [Path; 4])> {
        let widgets = self.all(|item| {
            item.location != Location::Trash
                && (item.value.at("/gridPos").is_some() || item.value.at("/spec/x").is_some())
        });
        let id = *self.random.pick(&widgets)?;
        let paths = if self.document.value(id, "/gridPos").is_some() {
            ["x", "y", "w", "h"].map(|key| Path::of(["gridPos", key]))
        } else {
            ["x", "y", "width", "height"].map(|key| Path::of(["spec", key]))
        };
        Some((id, paths))
    }

    /// A list of widgets, and whether it is of schema v2.
    pub(super) fn grid(&mut self) -> Option<(ListId, bool)> {
        if let Some(Value::List(list)) =
            self.document.value(ItemId::ROOT, "/spec/layout/spec/items")
        {
            return Some((*list, true));
        }
        let mut lists = Vec::new();
        for (_, item) in self.document.items() {
            if let Some(Value::List(list)) = item.value.at("/panels") {
                lists.push(*list);
            }
        }
        Some((*self.random.pick(&lists)?, false))
    }

    pub(super) fn all(&self, wanted: impl Fn(&Item) -> bool) -> Vec<ItemId> {
        let items = self.document.items();
        items
            .filter(|(id, item)| *id != ItemId::ROOT && wanted(item))
            .map(|(id, _)| id)
            .collect()
    }

    pub(super) fn row_of(&self, id: ItemId) -> i64 {
        let y = self.document.value(id, "/gridPos/y");
        y.and_then(integer).unwrap_or(0)
    }

    pub(super) fn set(&mut self, id: ItemId, path: &Path, value: Value) {
        let new = Some(value);
        self.cells
            .push((id, path.clone(), Change::Set { old: None, new }));
    }

    pub(super) fn relocate(&mut self, id: ItemId, new: Location) {
        let old = Location::Trash;
        self.items.push((id, ItemChange::Move { old, new }));
    }

    pub(super) fn location(&mut self, list: ListId) -> Location {
        let unique = (self.client, self.count());
        Location::At(list, OrderKey::between(None, None, unique))
    }

    pub(super) fn count(&mut self) -> u32 {
        *self.counter += 1;
        *self.counter
    }
}
