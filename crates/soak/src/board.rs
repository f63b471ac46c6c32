//! What the dashboards of a run hold: places whose final content follows from the edits alone.

use coboard_protocol::ot::{Document, ItemId, Value};
use serde_json::{Value as Json, json};

/// How many counters a dashboard has.
pub(crate) const COUNTERS: usize = 4;
/// The cell of the text.
pub(crate) const TEXT: &str = "@0/text";
/// The cell of the list.
pub(crate) const PANELS: &str = "@0/panels";
/// The cell that everybody sets.
pub(crate) const LAST: &str = "@0/last";

/// A dashboard before the first edit.
pub(crate) fn empty(number: usize) -> Json {
    let counters: serde_json::Map<String, Json> = (0..COUNTERS)
        .map(|index| (counter_name(index), Json::from(0)))
        .collect();
    json!({
        "title": format!("Soak {number}"),
        "counters": counters,
        "text": "",
        "last": null,
        "panels": [],
    })
}

/// The key of a counter.
pub(crate) fn counter_name(index: usize) -> String {
    format!("c{index}")
}

/// The cell of a counter.
pub(crate) fn counter_path(index: usize) -> String {
    format!("@0/counters/{}", counter_name(index))
}

/// The text, as a view has it.
pub(crate) fn text(view: &Document) -> &str {
    match view.value(ItemId::ROOT, "/text") {
        Some(Value::Str(text)) => text,
        Some(_) | None => "",
    }
}

/// The ids of the panels in order, as a view has them.
pub(crate) fn panels(view: &Document) -> Vec<String> {
    match view.value(ItemId::ROOT, "/panels") {
        Some(Value::List(list)) => view.list(*list).map(|(_, item)| item.to_string()).collect(),
        Some(_) | None => Vec::new(),
    }
}
