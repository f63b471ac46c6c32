//! Who makes way when an operation puts a widget where another one stands.

use std::collections::{BTreeMap, BTreeSet};

use coboard_ot::{Change, Components, Document, ItemChange, ItemId, ListId, Location, Path, Value};

use crate::occupied::Occupied;
use crate::rect::{Rect, TOP_MAX};
use crate::widget::{CLASSIC, Form, V2, Widget, form_of, widgets};

/// The corrections that `op` needs: composed onto it, they leave no widget on another that it
/// touched, and none that it touched outside of the grid.
///
/// `document` is the one before `op`; `op` is in committed form and applies as a whole. Widgets
/// whose place, list or kind `op` changes are *touched*. They keep the place that they were given,
/// brought inside the grid; of two touched ones on each other the first in reading order keeps it.
/// What they lie on goes straight down to the first free place, and what is there makes way in turn.
///
/// The corrections are sets of single cells, only of cells that must change. Grids without a
/// touched widget get none, and widgets that lay on each other before and that nothing touches
/// stay: nobody asked for them.
/// Cost: O(components) if no place changes, whatever the size of the document; otherwise
/// O(n log n) in the widgets of the touched grids.
///
/// # Laws
/// A grid in which all widgets were inside and apart is so again after `op` and its corrections.
/// Settling what is settled corrects nothing.
pub fn settle(document: &Document, op: &Components) -> Components {
    let candidates = candidates(document, op);
    if candidates.is_empty() {
        return Components::new();
    }
    let mut after = document.clone();
    after.apply(op);
    let mut grids: BTreeMap<ListId, BTreeSet<ItemId>> = BTreeMap::new();
    for item in candidates {
        if let Some(list) = touched_in(document, &after, item) {
            grids.entry(list).or_default().insert(item);
        }
    }
    let mut corrections = Vec::new();
    for (list, touched) in grids {
        settle_grid(&after, list, &touched, &mut corrections);
    }
    Components::from_parts(corrections, [])
        .expect("each cell is corrected once, and none of them is above another")
}

/// Items of which `op` may change the place, list or kind. Reads nothing but those.
fn candidates(document: &Document, op: &Components) -> BTreeSet<ItemId> {
    let mut found = BTreeSet::new();
    for (item, path, _) in op.cells() {
        if is_about_place(path.as_str()) {
            found.insert(item);
        }
    }
    for (item, change) in op.items() {
        let is_widget = match change {
            ItemChange::New { value, .. } => form_of(value).is_some(),
            ItemChange::Move {
                new: Location::Trash,
                ..
            }
            | ItemChange::Purge => false,
            ItemChange::Move { .. } => document
                .item(item)
                .is_some_and(|item| form_of(&item.value).is_some()),
        };
        if is_widget {
            found.insert(item);
        }
    }
    found
}

/// Whether a change of the cell may change a place: the whole item, what says of which kind it
/// is, the map of the place or a number in it.
fn is_about_place(pointer: &str) -> bool {
    let Some(rest) = pointer.strip_prefix('/') else {
        return true;
    };
    let is_of = |form: Form| match rest.strip_prefix(form.map) {
        Some("") => true,
        Some(below) => form
            .keys
            .iter()
            .any(|key| below.strip_prefix('/') == Some(key)),
        None => false,
    };
    rest == "type" || rest == "kind" || is_of(CLASSIC) || is_of(V2)
}

/// The list in which the item has another place than before, or in which it is new.
fn touched_in(before: &Document, after: &Document, id: ItemId) -> Option<ListId> {
    let list = after.list_of(id)?;
    let now = Widget::of(id, &after.item(id)?.value)?;
    let unchanged = before.list_of(id) == Some(list)
        && before
            .item(id)
            .and_then(|item| Widget::of(id, &item.value))
            .is_some_and(|then| then == now);
    (!unchanged).then_some(list)
}

fn settle_grid(
    after: &Document,
    list: ListId,
    touched: &BTreeSet<ItemId>,
    corrections: &mut Vec<(ItemId, Path, Change)>,
) {
    let (mut first, mut others): (Vec<Widget<'_>>, Vec<Widget<'_>>) =
        widgets(after, list).partition(|widget| touched.contains(&widget.item));
    first.sort_unstable_by_key(Widget::reading_order);
    others.sort_unstable_by_key(Widget::reading_order);
    let mut occupied = Occupied::new();
    for widget in &first {
        let wanted = Rect {
            y: widget.rect.y.min(TOP_MAX),
            ..widget.rect
        };
        let rect = occupied.lower(wanted);
        occupied.take(&rect);
        correct(widget, rect, corrections);
    }
    // In reading order: what stands below a widget in its columns comes after it, so nothing that
    // made way can land on one that was passed already, if they were apart before.
    for widget in &others {
        let rect = occupied.lower(widget.rect);
        if rect != widget.rect {
            occupied.take(&rect);
            correct(widget, rect, corrections);
        }
    }
}

/// Sets the cells that differ from `rect`.
fn correct(widget: &Widget<'_>, rect: Rect, corrections: &mut Vec<(ItemId, Path, Change)>) {
    let Form { map, keys } = widget.form;
    let numbers = [rect.x, rect.y, rect.w, rect.h];
    for ((key, written), number) in keys.into_iter().zip(widget.written).zip(numbers) {
        let new = Value::Int(number);
        if written != Some(&new) {
            let change = Change::Set {
                old: written.cloned(),
                new: Some(new),
            };
            corrections.push((widget.item, Path::of([map, key]), change));
        }
    }
}
