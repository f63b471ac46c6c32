//! What people and programs do to a dashboard.

use coboard_ot::{Change, Components, Document, ItemChange, ItemId, Location, Path, Value};

use super::board::{map, text, widget};
use super::draft::{Draft, ROWS};
use crate::random::Random;

/// A random edit of the document. May be empty.
pub(super) fn random(
    random: &mut Random,
    document: &Document,
    client: u32,
    counter: &mut u32,
) -> Components {
    let mut edit = Draft::new(random, document, client, counter);
    match edit.random.below(100) {
        0..28 => edit.place(),
        28..42 => edit.resize(),
        42..48 => edit.add(),
        48..58 => (0..4).for_each(|_| edit.place()),
        58..66 => edit.insert(),
        66..74 => edit.delete(),
        74..79 => edit.restore(),
        79..87 => edit.fold(),
        87..91 => edit.carry(),
        91..95 => edit.replace(),
        95..98 => edit.odd(),
        _ => edit.change_type(),
    }
    Components::from_parts(edit.cells, edit.items).unwrap_or_default()
}

impl Draft<'_> {
    /// Drags a widget.
    fn place(&mut self) {
        let Some((id, [x, y, ..])) = self.widget() else {
            return;
        };
        let (column, row) = (self.random.below(24), self.random.below(ROWS));
        self.set(id, &x, Value::Int(column as i64));
        self.set(id, &y, Value::Int(row as i64));
    }

    fn resize(&mut self) {
        let Some((id, [.., w, h])) = self.widget() else {
            return;
        };
        let (width, height) = (1 + self.random.below(24), 1 + self.random.below(10));
        self.set(id, &w, Value::Int(width as i64));
        self.set(id, &h, Value::Int(height as i64));
    }

    /// Moves a widget by some cells.
    fn add(&mut self) {
        let Some((id, paths)) = self.widget() else {
            return;
        };
        let by = self.random.below(13) as i64 - 6;
        let path = paths[self.random.below(4)].clone();
        self.cells.push((id, path, Change::Add(by)));
    }

    fn insert(&mut self) {
        let Some((list, v2)) = self.grid() else {
            return;
        };
        let mut number =
            |from: usize, end: usize| Value::Int((from + self.random.below(end)) as i64);
        let place = [number(0, 24), number(0, ROWS), number(1, 12), number(1, 6)];
        let id = ItemId::new(self.client, self.count());
        let new = ItemChange::New {
            value: widget(v2, place),
            location: self.location(list),
        };
        self.items.push((id, new));
    }

    fn delete(&mut self) {
        if let Some((id, _)) = self.widget() {
            self.relocate(id, Location::Trash);
        }
    }

    fn restore(&mut self) {
        let deleted = self.all(|item| item.location == Location::Trash);
        let (Some(id), Some((list, _))) = (self.random.pick(&deleted).copied(), self.grid()) else {
            return;
        };
        let location = self.location(list);
        self.relocate(id, location);
    }

    /// Collapses a row: what stands below it goes into it. Or the other way round.
    fn fold(&mut self) {
        let rows = self.all(|item| matches!(item.value.at("/panels"), Some(Value::List(_))));
        let rows: Vec<ItemId> = rows.into_iter().filter(|id| *id != ItemId::ROOT).collect();
        let Some(row) = self.random.pick(&rows).copied() else {
            return;
        };
        let (Some(Value::List(inner)), Some(outer)) = (
            self.document.value(row, "/panels"),
            self.document.list_of(row),
        ) else {
            return;
        };
        let is_collapsed = self.document.value(row, "/collapsed") == Some(&Value::Bool(true));
        let (from, to) = if is_collapsed {
            (*inner, outer)
        } else {
            (outer, *inner)
        };
        let y = self.row_of(row);
        let path = Path::of(["collapsed"]);
        self.set(row, &path, Value::Bool(!is_collapsed));
        let carried: Vec<ItemId> = self.document.list(from).map(|(_, id)| id).collect();
        for id in carried {
            let is_row = self.document.value(id, "/type") == Some(&text("row"));
            if is_collapsed || (!is_row && self.row_of(id) > y) {
                let location = self.location(to);
                self.relocate(id, location);
            }
        }
    }

    /// Takes a widget to another grid and puts it somewhere there.
    fn carry(&mut self) {
        let (Some((id, [x, y, ..])), Some((list, _))) = (self.widget(), self.grid()) else {
            return;
        };
        let location = self.location(list);
        self.relocate(id, location);
        let (column, row) = (self.random.below(24), self.random.below(ROWS));
        self.set(id, &x, Value::Int(column as i64));
        self.set(id, &y, Value::Int(row as i64));
    }

    /// Writes the place, or the whole widget, anew.
    fn replace(&mut self) {
        let Some((id, [x, ..])) = self.widget() else {
            return;
        };
        let place = [self.number(), self.number(), self.number(), self.number()];
        let v2 = x.as_str().starts_with("/spec");
        let new = widget(v2, place);
        let (path, value) = if self.random.chance(50) {
            (Path::whole(), Some(&new))
        } else if v2 {
            (Path::of(["spec"]), new.at("/spec"))
        } else {
            (Path::of(["gridPos"]), new.at("/gridPos"))
        };
        if let Some(value) = value.cloned() {
            self.set(id, &path, value);
        }
    }

    /// Writes into a place what is no number of a grid, or takes it away.
    fn odd(&mut self) {
        let Some((id, paths)) = self.widget() else {
            return;
        };
        let path = paths[self.random.below(4)].clone();
        let value = match self.random.below(6) {
            0 => text("3"),
            1 => Value::Null,
            2 => map([]),
            3 => {
                let change = Change::Set {
                    old: None,
                    new: None,
                };
                self.cells.push((id, path, change));
                return;
            }
            _ => self.number(),
        };
        self.set(id, &path, value);
    }

    /// A row becomes a panel, a panel a row.
    fn change_type(&mut self) {
        if let Some((id, _)) = self.widget() {
            let kind = if self.random.chance(50) {
                "row"
            } else {
                "stat"
            };
            self.set(id, &Path::of(["type"]), text(kind));
        }
    }
}
