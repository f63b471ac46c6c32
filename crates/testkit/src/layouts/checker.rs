//! Looks at grids without asking the code under test.

use std::collections::BTreeMap;

use coboard_ot::{Document, ItemId, Location, Value};

const COLUMNS: i64 = 24;
const HEIGHT_MAX: i64 = 500;
/// Lowest row of a widget that somebody put there.
const TOP_MAX: i64 = 1_000_000;

/// What must never happen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// Pairs of widgets on each other.
    pub overlaps: u64,
    /// Widgets outside of their grid, or whose place is no four integers.
    pub outside: u64,
    /// Widgets that were put on a good place alone, and were not left there.
    pub taken: u64,
    /// Corrections of what was sound.
    pub needless: u64,
    /// Corrections that need corrections.
    pub restless: u64,
}

impl Faults {
    pub(super) fn join(&mut self, other: &Self) {
        self.overlaps += other.overlaps;
        self.outside += other.outside;
        self.taken += other.taken;
        self.needless += other.needless;
        self.restless += other.restless;
    }

    pub(super) fn count(&mut self, places: &Places, document: &Document) {
        let (overlaps, outside) = places.faults(document);
        self.overlaps += overlaps;
        self.outside += outside;
    }
}

/// Where one widget stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    list: u64,
    item: ItemId,
    is_row: bool,
    /// Column, row, width, height. `None` if one of them is no integer.
    cells: Option<[i64; 4]>,
}

impl Place {
    /// Whether the numbers are those of a place that somebody may give a widget.
    pub(super) fn is_inside(&self) -> bool {
        self.cells.is_some_and(|[_, y, ..]| y <= TOP_MAX) && self.is_in_grid(1)
    }

    fn is_in_grid(&self, items: usize) -> bool {
        let Some([x, y, w, h]) = self.cells else {
            return false;
        };
        let lowest = TOP_MAX + HEIGHT_MAX * items as i64;
        let row = !self.is_row || [x, w, h] == [0, COLUMNS, 1];
        let across = x >= 0 && (1..=COLUMNS - x).contains(&w);
        row && across && (0..=lowest).contains(&y) && (1..=HEIGHT_MAX).contains(&h)
    }

    fn meets(&self, other: &Self) -> bool {
        let (Some([ax, ay, aw, ah]), Some([bx, by, bw, bh])) = (self.cells, other.cells) else {
            return false;
        };
        ax.max(bx) < (ax + aw).min(bx + bw) && ay.max(by) < (ay + ah).min(by + bh)
    }
}

/// All widgets of a document that stand in a list, by item.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(BTreeMap<ItemId, Place>);

impl Places {
    pub(super) fn of(document: &Document) -> Self {
        let places = document.items().filter_map(|(id, item)| {
            let Location::At(list, _) = &item.location else {
                return None;
            };
            Some((id, place(id, list.as_u64(), &item.value)?))
        });
        Self(places.collect())
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &Place> {
        self.0.values()
    }

    /// Whether the widget stands there.
    pub(super) fn has(&self, place: &Place) -> bool {
        self.0.get(&place.item) == Some(place)
    }

    pub(super) fn are_sound(&self, document: &Document) -> bool {
        self.faults(document) == (0, 0)
    }

    /// Overlaps, and widgets outside.
    fn faults(&self, document: &Document) -> (u64, u64) {
        let items = document.item_count();
        let mut faults = (0, 0);
        for (index, a) in self.iter().enumerate() {
            faults.1 += u64::from(!a.is_in_grid(items));
            let later = self.iter().skip(index + 1);
            faults.0 += later.filter(|b| a.list == b.list && a.meets(b)).count() as u64;
        }
        faults
    }

    /// FNV-1a over all of it.
    pub(super) fn hash(&self) -> u64 {
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let mut add = |number: u64| {
            for byte in number.to_le_bytes() {
                hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        };
        for place in self.iter() {
            add(place.item.as_u64());
            add(place.list);
            for cell in place.cells.unwrap_or([-1; 4]) {
                add(cell as u64);
            }
        }
        hash
    }
}

/// The place of a value, if it is a widget's.
fn place(item: ItemId, list: u64, value: &Value) -> Option<Place> {
    let is = |pointer: &str, word: &str| value.at(pointer) == Some(&Value::Str(word.into()));
    let (keys, is_row) = if let Some(Value::Map(_)) = value.at("/gridPos") {
        let keys = ["/gridPos/x", "/gridPos/y", "/gridPos/w", "/gridPos/h"];
        (keys, is("/type", "row"))
    } else if is("/kind", "GridLayoutItem") && matches!(value.at("/spec"), Some(Value::Map(_))) {
        (["/spec/x", "/spec/y", "/spec/width", "/spec/height"], false)
    } else {
        return None;
    };
    let numbers: Vec<i64> = keys
        .iter()
        .filter_map(|key| integer(value.at(key)?))
        .collect();
    Some(Place {
        list,
        item,
        is_row,
        cells: numbers.try_into().ok(),
    })
}

pub(super) fn integer(value: &Value) -> Option<i64> {
    if let Value::Int(number) = value {
        return Some(*number);
    }
    None
}
