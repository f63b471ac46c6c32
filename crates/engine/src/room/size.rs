//! How large content is, roughly: bytes of its JSON text, so that limits can be kept without writing it.
//!
//! The sizes of a document and of what changes it agree: a document grows by exactly
//! [`growth`] when it applies components that are committed.

use coboard_ot::{Change, Components, Delta, Document, ItemChange, ItemId, Part, Value};

/// Bytes of a number, a boolean, `null` or the id of a list. A number keeps its size when it changes.
const SCALAR_BYTES: usize = 8;
/// Bytes of what surrounds an item or a component: ids, location, brackets.
pub(super) const FRAME_BYTES: usize = 32;
/// Bytes of the quotes of a string.
const QUOTES_BYTES: usize = 2;
/// Bytes of what surrounds a key: its quotes, colon, comma.
const KEY_BYTES: usize = 4;

/// The size of a document, deleted items included. Cost: O(document).
pub(super) fn of_document(document: &Document) -> usize {
    document
        .items()
        .map(|(_, item)| FRAME_BYTES + of_value(&item.value))
        .sum()
}

/// The size of components, with what they replace.
pub(super) fn of_components(components: &Components) -> usize {
    let cells = components
        .cells()
        .map(|(_, path, change)| FRAME_BYTES + path.as_str().len() + of_change(change));
    let items = components.items().map(|(_, change)| {
        FRAME_BYTES
            + match change {
                ItemChange::New { value, .. } => of_value(value),
                ItemChange::Move { .. } => FRAME_BYTES,
                ItemChange::Purge => 0,
            }
    });
    cells.chain(items).sum()
}

/// What `document` gains and loses by components in committed form, in bytes.
pub(super) fn growth(document: &Document, components: &Components) -> (usize, usize) {
    let (mut gained, mut lost) = (0, 0);
    for (_, path, change) in components.cells() {
        match change {
            Change::Set { old, new } => {
                gained += of_cell(path.as_str(), new.as_ref());
                lost += of_cell(path.as_str(), old.as_ref());
            }
            Change::Add(_) => {}
            Change::Ensure(container) => gained += of_cell(path.as_str(), Some(&container.value())),
            Change::Text(delta) => {
                gained += inserted(delta);
                lost += deleted(delta);
            }
        }
    }
    for (id, change) in components.items() {
        match change {
            ItemChange::New { value, .. } => gained += FRAME_BYTES + of_value(value),
            ItemChange::Move { .. } => {}
            ItemChange::Purge => lost += of_item(document, id),
        }
    }
    (gained, lost)
}

/// The size of one item; nothing if there is none.
pub(super) fn of_item(document: &Document, id: ItemId) -> usize {
    document
        .item(id)
        .map_or(0, |item| FRAME_BYTES + of_value(&item.value))
}

fn of_value(value: &Value) -> usize {
    match value {
        Value::Null | Value::Bool(_) | Value::Int(_) | Value::Float(_) | Value::List(_) => {
            SCALAR_BYTES
        }
        Value::Str(text) => text.len() + QUOTES_BYTES,
        Value::Map(map) => {
            let entries = map
                .iter()
                .map(|(key, value)| key.len() + KEY_BYTES + of_value(value));
            QUOTES_BYTES + entries.sum::<usize>()
        }
    }
}

/// A cell with its key; nothing if it is absent.
fn of_cell(pointer: &str, value: Option<&Value>) -> usize {
    let Some(value) = value else { return 0 };
    // An escaped `~` or `/` counts as one byte, as in the map.
    let key = match pointer.rsplit_once('/') {
        Some((_, key)) => key.len() - key.matches('~').count() + KEY_BYTES,
        None => 0,
    };
    key + of_value(value)
}

fn of_change(change: &Change) -> usize {
    match change {
        Change::Set { old, new } => [old, new]
            .into_iter()
            .flatten()
            .map(of_value)
            .sum::<usize>(),
        Change::Add(_) | Change::Ensure(_) => SCALAR_BYTES,
        Change::Text(delta) => {
            delta.parts().len() * SCALAR_BYTES + inserted(delta) + deleted(delta)
        }
    }
}

fn inserted(delta: &Delta) -> usize {
    let texts = delta.parts().iter().map(|part| match part {
        Part::Insert(text) => text.len(),
        Part::Skip(_) | Part::Delete { .. } => 0,
    });
    texts.sum()
}

fn deleted(delta: &Delta) -> usize {
    let texts = delta.parts().iter().map(|part| match part {
        Part::Delete { text, .. } => text.as_ref().map_or(0, String::len),
        Part::Skip(_) | Part::Insert(_) => 0,
    });
    texts.sum()
}

#[cfg(test)]
mod tests {
    use coboard_ot::commit;
    use coboard_protocol::codec::committed;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_document_grows_by_what_its_components_say() {
        let mut document = Document::new();
        let mut bytes = of_document(&document);
        for change in [
            json!({"cells": {"@0/text": {"s": ["häuser"]}, "@0/n": {"s": [9]}, "@0/a~1~0": {"s": [{"b": {}}]}}}),
            json!({"cells": {"@0/text": {"t": [2, "xyz", {"d": 3}]}, "@0/n": {"a": 1_000_000}}}),
            json!({"cells": {"@0/a~1~0/b/c": {"s": ["deep"]}, "@0/none/x": {"s": [1]}}}),
            json!({"items": {"7": {"n": [{"title": "new"}, null]}, "8": {"m": [["3", "a0"]]}}}),
            json!({"cells": {"@7": {"s": [{"title": "whole"}]}, "@0/a~1~0": {"s": [[]]}}}),
            json!({"items": {"7": {"m": [["3", "a0"]]}}, "cells": {"@0/n": {"s": [null]}}}),
            json!({"cells": {"@0/m~1": {"e": "map"}, "@0/m~1/l": {"e": "list"}, "@0/n": {"e": "map"}}}),
            json!({"items": {"7": {"p": true}, "8": {"p": true}}}),
        ] {
            let op = committed::from_json(&change).expect("components");
            let committed = commit(&document, op).components;
            let (gained, lost) = growth(&document, &committed);
            bytes = bytes + gained - lost;
            document.apply(&committed);
            assert_eq!(bytes, of_document(&document), "{change}");
        }
    }
}
