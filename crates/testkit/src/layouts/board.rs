//! A small dashboard whose grids are sound.

use std::sync::Arc;

use coboard_ot::{Document, Item, ItemId, Key, ListId, Location, Map, OrderKey, Value};

use crate::random::Random;

/// Most widgets of the top grid.
const WIDGETS_MAX: usize = 14;
/// Most widgets inside a collapsed row.
const INNER_MAX: usize = 4;

/// A dashboard in one of the two schemas, with up to two collapsed rows in the classic one.
pub(super) fn document(random: &mut Random) -> Document {
    let mut board = Board::default();
    let v2 = random.chance(25);
    let list = board.list();
    let mut skyline = [0; 24];
    for _ in 0..2 + random.below(WIDGETS_MAX) {
        let place = free_place(random, &mut skyline);
        board.item(list, widget(v2, place));
    }
    if !v2 {
        for _ in 0..random.below(3) {
            let y = skyline.iter().copied().max().unwrap_or(0);
            skyline = [y + 1; 24];
            board.row(random, list, y);
        }
    }
    let root = if v2 {
        let items = map([("items", Value::List(list))]);
        let grid = map([("kind", text("GridLayout")), ("spec", items)]);
        map([("spec", map([("layout", grid)]))])
    } else {
        map([("panels", Value::List(list))])
    };
    let root = Item {
        value: root,
        location: Location::Trash,
    };
    Document::from_items(board.items.into_iter().chain([(ItemId::ROOT, root)]))
}

/// A widget at x, y with a width and a height.
pub(super) fn widget(v2: bool, place: [Value; 4]) -> Value {
    let [x, y, w, h] = place;
    if v2 {
        let spec = map([("x", x), ("y", y), ("width", w), ("height", h)]);
        return map([("kind", text("GridLayoutItem")), ("spec", spec)]);
    }
    let grid = map([("x", x), ("y", y), ("w", w), ("h", h)]);
    map([("gridPos", grid), ("type", text("stat"))])
}

pub(super) fn map<const N: usize>(entries: [(&str, Value); N]) -> Value {
    let entries = entries
        .into_iter()
        .map(|(key, value)| (Key::from(key), value));
    Value::Map(Arc::new(entries.collect::<Map>()))
}

pub(super) fn text(text: &str) -> Value {
    Value::Str(text.into())
}

#[derive(Default)]
struct Board {
    items: Vec<(ItemId, Item)>,
    counter: u32,
}

impl Board {
    fn list(&mut self) -> ListId {
        self.counter += 1;
        ListId::new(0, self.counter)
    }

    fn item(&mut self, list: ListId, value: Value) {
        self.counter += 1;
        let key = OrderKey::between(None, None, (0, self.counter));
        let location = Location::At(list, key);
        let item = Item { value, location };
        self.items.push((ItemId::new(0, self.counter), item));
    }

    fn row(&mut self, random: &mut Random, list: ListId, y: i64) {
        let inner = self.list();
        let mut skyline = [0; 24];
        for _ in 0..random.below(INNER_MAX + 1) {
            let place = free_place(random, &mut skyline);
            self.item(inner, widget(false, place));
        }
        let place = map([
            ("x", Value::Int(0)),
            ("y", Value::Int(y)),
            ("w", Value::Int(24)),
            ("h", Value::Int(1)),
        ]);
        let row = map([
            ("collapsed", Value::Bool(true)),
            ("gridPos", place),
            ("panels", Value::List(inner)),
            ("type", text("row")),
        ]);
        self.item(list, row);
    }
}

/// A place below what is there, sometimes with a gap.
fn free_place(random: &mut Random, skyline: &mut [i64; 24]) -> [Value; 4] {
    let w = 1 + random.below(12);
    let x = random.below(25 - w);
    let h = 1 + random.below(6) as i64;
    let columns = &mut skyline[x..x + w];
    let top = columns.iter().copied().max().unwrap_or(0);
    let y = top + random.below(3) as i64;
    columns.fill(y + h);
    [x as i64, y, w as i64, h].map(Value::Int)
}
