//! What two concurrent operations come to, said one component at a time.

use coboard_ot::{Change, Components, Container, Delta, ItemId, Key, Part, Value};

use crate::model::{Model, keys_of};

/// The document after `first` and the concurrent `later`, both made on `model`.
///
/// The later writer of a register wins; what was changed inside of something that `first`
/// replaced is lost; texts merge, the first insert first. A container that is ensured gives way to
/// whatever is set, a list that is ensured to a map.
pub fn merge(model: &Model, first: &Components, later: &Components) -> Model {
    let mut merged = model.clone();
    merged.apply(first);
    for (id, change) in later.items() {
        merged.item_change(id, change);
    }
    for (item, path, change) in later.cells() {
        let keys = keys_of(path.as_str());
        if !is_inside_replaced(first, item, &keys) {
            merge_cell(model, &mut merged, first, (item, keys), change);
        }
    }
    merged
}

fn merge_cell(
    before: &Model,
    merged: &mut Model,
    first: &Components,
    (item, keys): (ItemId, Vec<Key>),
    change: &Change,
) {
    let met = first
        .cells()
        .find(|(i, path, _)| *i == item && keys_of(path.as_str()) == keys)
        .map(|(_, _, change)| change);
    match (met, change) {
        (Some(Change::Set { .. }), Change::Text(_) | Change::Ensure(_)) => {}
        (Some(Change::Ensure(Container::List(list))), Change::Ensure(Container::Map)) => {
            merged.ensure(item, &keys, Container::MapOver(*list));
        }
        (Some(Change::Text(first)), Change::Text(later)) => {
            if let Some(Value::Str(text)) = before.value(item, &keys) {
                let text = merge_text(text, first, later);
                merged.set(item, &keys, Some(Value::Str(text.into())));
            }
        }
        (
            Some(Change::Set { .. } | Change::Add(_) | Change::Text(_) | Change::Ensure(_)) | None,
            Change::Set { .. } | Change::Add(_) | Change::Text(_) | Change::Ensure(_),
        ) => {
            merged.change(item, &keys, change);
        }
    }
}

/// Whether `first` sets a cell that stands above `keys`.
fn is_inside_replaced(first: &Components, item: ItemId, keys: &[Key]) -> bool {
    first.cells().any(|(i, path, change)| {
        let above = keys_of(path.as_str());
        i == item
            && above.len() < keys.len()
            && keys.starts_with(&above)
            && matches!(change, Change::Set { .. })
    })
}

/// Marks on every character and every gap of the text what each of the two does there.
fn merge_text(text: &str, first: &Delta, later: &Delta) -> String {
    let characters: Vec<char> = text.chars().collect();
    let mut inserted = vec![String::new(); characters.len() + 1];
    let mut deleted = vec![false; characters.len()];
    for delta in [first, later] {
        let mut at = 0;
        for part in delta.parts() {
            match part {
                Part::Skip(count) => at += count,
                Part::Insert(text) => inserted[at].push_str(text),
                Part::Delete { count, .. } => {
                    deleted[at..at + count].fill(true);
                    at += count;
                }
            }
        }
    }
    let mut out = String::new();
    for (index, inserted) in inserted.iter().enumerate() {
        out.push_str(inserted);
        if deleted.get(index) == Some(&false) {
            out.push(characters[index]);
        }
    }
    out
}
