//! Items that have a place on a grid.

use coboard_ot::{Document, ItemId, ListId, Value};

use crate::rect::{COLUMNS, Rect};

/// What stands where a number is missing. Source: our application, which shows such widgets so.
const DEFAULT: [i64; 4] = [0, 0, 12, 8];

/// How a place is written: the map of it, and its keys for x, y, width and height.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Form {
    pub(crate) map: &'static str,
    pub(crate) keys: [&'static str; 4],
}

/// Grafana's classic schema, and ours.
pub(crate) const CLASSIC: Form = Form {
    map: "gridPos",
    keys: ["x", "y", "w", "h"],
};
/// The grid of Grafana's schema v2.
pub(crate) const V2: Form = Form {
    map: "spec",
    keys: ["x", "y", "width", "height"],
};
/// The `kind` of an item of that grid.
const V2_ITEM: &str = "GridLayoutItem";
/// The `type` of a row header in the classic schema.
const ROW: &str = "row";

/// An item with a place.
#[derive(Clone, PartialEq, Debug)]
pub struct Widget<'a> {
    /// Which one.
    pub item: ItemId,
    /// Where it is shown: what is written, brought inside the grid.
    pub rect: Rect,
    pub(crate) form: Form,
    /// What is written for x, y, width and height.
    pub(crate) written: [Option<&'a Value>; 4],
    pub(crate) is_row: bool,
}

impl<'a> Widget<'a> {
    /// The widget that the item is; `None` if it has no place.
    pub(crate) fn of(item: ItemId, value: &'a Value) -> Option<Self> {
        let form = form_of(value)?;
        let map = key(value, form.map)?;
        let written = form.keys.map(|name| key(map, name));
        let is_row = form == CLASSIC && text(value, "type") == Some(ROW);
        let mut numbers = DEFAULT;
        for (number, written) in numbers.iter_mut().zip(written) {
            *number = written.and_then(rounded).unwrap_or(*number);
        }
        let [x, y, w, h] = numbers;
        let rect = if is_row {
            Rect {
                x: 0,
                y,
                w: COLUMNS,
                h: 1,
            }
        } else {
            Rect { x, y, w, h }
        };
        Some(Self {
            item,
            rect: rect.clamped(COLUMNS),
            form,
            written,
            is_row,
        })
    }

    /// Whether what is written is where it is shown.
    pub fn is_sound(&self) -> bool {
        let Rect { x, y, w, h } = self.rect;
        let shown = [x, y, w, h];
        self.written
            .iter()
            .zip(shown)
            .all(|(written, shown)| *written == Some(&Value::Int(shown)))
    }

    /// Top to bottom, then left to right, then by identity.
    pub(crate) fn reading_order(&self) -> (i64, i64, ItemId) {
        (self.rect.y, self.rect.x, self.item)
    }
}

/// The widgets of a list, in the order of the list. Cost: O(items of the list).
pub fn widgets(document: &Document, list: ListId) -> impl Iterator<Item = Widget<'_>> {
    document
        .list(list)
        .filter_map(|(_, item)| Widget::of(item, &document.item(item)?.value))
}

/// How the place of a value is written, if it has one.
pub(crate) fn form_of(value: &Value) -> Option<Form> {
    if let Some(Value::Map(_)) = key(value, CLASSIC.map) {
        return Some(CLASSIC);
    }
    let is_v2 =
        text(value, "kind") == Some(V2_ITEM) && matches!(key(value, V2.map), Some(Value::Map(_)));
    is_v2.then_some(V2)
}

pub(crate) fn key<'a>(value: &'a Value, name: &str) -> Option<&'a Value> {
    match value {
        Value::Map(map) => map.get(name),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Str(_)
        | Value::List(_) => None,
    }
}

pub(crate) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    match key(value, name)? {
        Value::Str(text) => Some(text),
        Value::Null
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Map(_)
        | Value::List(_) => None,
    }
}

/// A number of cells. Halves go up, and the conversion saturates.
fn rounded(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        Value::Float(number) => Some((number + 0.5).floor() as i64),
        Value::Null | Value::Bool(_) | Value::Str(_) | Value::Map(_) | Value::List(_) => None,
    }
}
