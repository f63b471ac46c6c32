//! Conflict records.

use coboard_ot::{ConflictKind, Intent, Winner};
use serde::Serializer;
use serde_json::{Map, Value as Json, json};

use super::components::{
    address, delta_from_json, delta_to_json, location_from_json, location_to_json,
};
use super::value::{id, value_to_json, value_within};
use super::{Bounds, DecodeError};
use crate::{Conflict, OperationId, PolicyWord};

const KINDS: [(ConflictKind, &str); 11] = [
    (ConflictKind::LostWrite, "lost_write"),
    (ConflictKind::EditInReplaced, "edit_in_replaced"),
    (ConflictKind::TextVsSet, "text_vs_set"),
    (ConflictKind::AddLost, "add_lost"),
    (ConflictKind::ConcurrentMove, "concurrent_move"),
    (ConflictKind::MoveVsDelete, "move_vs_delete"),
    (ConflictKind::EditInDeleted, "edit_in_deleted"),
    (ConflictKind::MoveIntoDeleted, "move_into_deleted"),
    (ConflictKind::Cycle, "cycle"),
    (ConflictKind::Schema, "schema"),
    (ConflictKind::TextOverlap, "text_overlap"),
];

/// Writes conflicts.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(conflicts: &[Conflict], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(conflicts.iter().map(to_json))
}

/// Reads conflicts; `null` is none.
///
/// # Errors
/// [`DecodeError`] if the JSON has another shape.
pub fn from_json(json: &Json) -> Result<Vec<Conflict>, DecodeError> {
    match json {
        Json::Null => Ok(Vec::new()),
        Json::Array(list) => list.iter().map(conflict_from_json).collect(),
        Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
            Err(DecodeError::Schema("conflicts"))
        }
    }
}

/// Writes one conflict.
pub fn to_json(conflict: &Conflict) -> Json {
    let mut out = record_fields(&conflict.record);
    if let Some(policy) = conflict.policy {
        out.insert("policy".to_owned(), json!(PolicyWord(policy).as_str()));
    }
    if let Some(operations) = &conflict.operations {
        out.insert("operations".to_owned(), json!(operations));
    }
    Json::Object(out)
}

/// Writes what met, without who did it and what decided.
pub fn record_to_json(conflict: &coboard_ot::Conflict) -> Json {
    Json::Object(record_fields(conflict))
}

fn record_fields(conflict: &coboard_ot::Conflict) -> Map<String, Json> {
    let kind = KINDS
        .iter()
        .find(|(kind, _)| *kind == conflict.kind)
        .map(|(_, word)| *word);
    let place = match &conflict.path {
        Some(path) => ("cell", format!("@{}{path}", conflict.item)),
        None => ("item", conflict.item.to_string()),
    };
    let mut out = Map::new();
    out.insert("kind".to_owned(), json!(kind));
    out.insert(place.0.to_owned(), json!(place.1));
    out.insert("before".to_owned(), intent_to_json(&conflict.before));
    out.insert("mine".to_owned(), intent_to_json(&conflict.mine));
    out.insert("theirs".to_owned(), intent_to_json(&conflict.theirs));
    out.insert(
        "winner".to_owned(),
        json!(match conflict.winner {
            Winner::Mine => "mine",
            Winner::Theirs => "theirs",
        }),
    );
    out
}

fn conflict_from_json(json: &Json) -> Result<Conflict, DecodeError> {
    let text = |name: &str| json.get(name).and_then(Json::as_str);
    let kind = KINDS
        .iter()
        .find(|(_, word)| text("kind") == Some(word))
        .ok_or(DecodeError::Schema("conflict"))?
        .0;
    let (item, path) = match (text("cell"), text("item")) {
        (Some(cell), None) => {
            address(cell, Bounds::COMMITTED).map(|(item, path)| (item, Some(path)))?
        }
        (None, Some(item)) => (id(item)?, None),
        (Some(_), Some(_)) | (None, None) => return Err(DecodeError::Schema("conflict")),
    };
    let intent =
        |name: &str| intent_from_json(json.get(name).ok_or(DecodeError::Schema("conflict"))?);
    let winner = match text("winner") {
        Some("mine") => Winner::Mine,
        Some("theirs") => Winner::Theirs,
        _ => return Err(DecodeError::Schema("conflict")),
    };
    let record = coboard_ot::Conflict {
        kind,
        item,
        path,
        before: intent("before")?,
        mine: intent("mine")?,
        theirs: intent("theirs")?,
        winner,
    };
    let policy = text("policy").map(|word| {
        let word = PolicyWord::parse(word).ok_or(DecodeError::Schema("conflict"));
        word.map(|PolicyWord(policy)| policy)
    });
    Ok(Conflict {
        record,
        policy: policy.transpose()?,
        operations: json.get("operations").map(operations).transpose()?,
    })
}

fn operations(json: &Json) -> Result<[OperationId; 2], DecodeError> {
    let operation = |place: usize| {
        let id = json.get(place).cloned().unwrap_or_default();
        serde_json::from_value(id).map_err(|_| DecodeError::Schema("conflict"))
    };
    Ok([operation(0)?, operation(1)?])
}

fn intent_to_json(intent: &Intent) -> Json {
    match intent {
        Intent::Absent => json!({}),
        Intent::Value(value) => json!({ "value": value_to_json(value) }),
        Intent::Add(by) => json!({ "add": by }),
        Intent::Text(delta) => json!({ "text": delta_to_json(delta) }),
        Intent::Location(location) => json!({ "location": location_to_json(location) }),
    }
}

fn intent_from_json(json: &Json) -> Result<Intent, DecodeError> {
    let object = json.as_object().ok_or(DecodeError::Schema("conflict"))?;
    let Some((kind, body)) = object.iter().next() else {
        return Ok(Intent::Absent);
    };
    match (kind.as_str(), body) {
        ("value", value) => value_within(value, Bounds::COMMITTED).map(Intent::Value),
        ("add", by) => by.as_i64().map(Intent::Add).ok_or(DecodeError::BadNumber),
        ("text", steps) => delta_from_json(steps, Bounds::COMMITTED).map(Intent::Text),
        ("location", location) => location_from_json(location).map(Intent::Location),
        _ => Err(DecodeError::Schema("conflict")),
    }
}
