//! Edits as the browser's core reads them.

use coboard_engine::client::{EditRequest, Place, Step};
use coboard_protocol::ot::{Document, Value};
use serde_json::{Value as Json, json};

/// An edit as JSON. Text is counted in UTF-16 units there, on the text that `view` has.
pub(crate) fn edit_to_json(request: &EditRequest, view: &Document) -> Json {
    let steps: Vec<Json> = request
        .steps
        .iter()
        .map(|step| step_to_json(step, view))
        .collect();
    json!({
        "label": request.label,
        "gesture": request.gesture,
        "atomic": request.atomic,
        "policy": request.policy,
        "steps": steps,
    })
}

fn step_to_json(step: &Step, view: &Document) -> Json {
    match step {
        Step::Set { path, value } => json!({"set": {"path": path, "value": value}}),
        Step::Remove { path } => json!({"remove": {"path": path}}),
        Step::Add { path, by } => json!({"add": {"path": path, "by": by}}),
        Step::Text { path, delta } => {
            json!({"text": {"path": path, "delta": in_utf16(delta, &text_at(path, view))}})
        }
        Step::Insert {
            list,
            value,
            at,
            item,
        } => json!({
            "insert": {"list": list, "value": value, "at": place_to_json(at), "item": item}
        }),
        Step::Move { item, list, at } => {
            json!({"move": {"item": item, "list": list, "at": place_to_json(at)}})
        }
        Step::Trash { item } => json!({"trash": {"item": item}}),
    }
}

fn place_to_json(place: &Place) -> Json {
    match place {
        Place::Start => json!("start"),
        Place::End => json!("end"),
        Place::Before(item) => json!({"before": item}),
        Place::After(item) => json!({"after": item}),
    }
}

fn text_at(path: &str, view: &Document) -> Vec<char> {
    let (item, pointer) = path[1..].split_at(path[1..].find('/').unwrap_or(path.len() - 1));
    let value = item.parse().ok().and_then(|item| view.value(item, pointer));
    match value {
        Some(Value::Str(text)) => text.chars().collect(),
        Some(
            Value::Null
            | Value::Bool(_)
            | Value::Int(_)
            | Value::Float(_)
            | Value::List(_)
            | Value::Map(_),
        )
        | None => Vec::new(),
    }
}

/// Skips and deletions counted anew.
fn in_utf16(delta: &Json, text: &[char]) -> Json {
    let mut at = 0;
    let mut units = |count: u64| {
        let end = text
            .len()
            .min(at + usize::try_from(count).unwrap_or(usize::MAX));
        let passed = &text[at.min(end)..end];
        at = end;
        passed.iter().map(|c| c.len_utf16()).sum::<usize>()
    };
    let parts = delta.as_array().into_iter().flatten();
    let parts = parts.map(|part| match (part.as_u64(), part["d"].as_u64()) {
        (Some(skip), _) => json!(units(skip)),
        (None, Some(deleted)) => json!({"d": units(deleted)}),
        (None, None) => part.clone(),
    });
    parts.collect()
}
