//! Components: `{"cells": {"@17/x": change}, "items": {"901": change}}`. Usable as a serde `with` module.

use coboard_ot::{
    Change, Components, Container, Delta, ItemChange, ItemId, Location, OrderKey, Part, Path, Value,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::value::{check_key, id, list_id, object, string, value_to_json, value_within};
use super::{Bounds, DecodeError};

/// Writes components.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(components: &Components, serializer: S) -> Result<S::Ok, S::Error> {
    to_json(components).serialize(serializer)
}

/// Reads components.
///
/// # Errors
/// Those of the deserializer; a [`DecodeError`] in its words. Use [`from_json`] to have it typed.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Components, D::Error> {
    from_json(&Json::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

/// Components as JSON.
pub fn to_json(components: &Components) -> Json {
    let cells = object(
        components
            .cells()
            .map(|(item, path, change)| (format!("@{item}{path}"), change_to_json(change))),
    );
    let items = object(
        components
            .items()
            .map(|(item, change)| (item.to_string(), item_change_to_json(change))),
    );
    let parts = [("cells", cells), ("items", items)];
    object(
        parts
            .into_iter()
            .filter(|(_, part)| part.as_object().is_some_and(|part| !part.is_empty()))
            .map(|(name, part)| (name.to_owned(), part)),
    )
}

/// Reads components that a client submits.
///
/// # Errors
/// [`DecodeError`] if the JSON has another shape, breaks a limit, or the components are not in normal form.
pub fn from_json(json: &Json) -> Result<Components, DecodeError> {
    components_within(json, Bounds::SUBMITTED)
}

/// Reads components within `bounds`.
pub(super) fn components_within(json: &Json, bounds: Bounds) -> Result<Components, DecodeError> {
    let object = json.as_object().ok_or(DecodeError::Schema("components"))?;
    if object.keys().any(|key| key != "cells" && key != "items") {
        return Err(DecodeError::UnknownComponent);
    }
    let member = |name| match object.get(name) {
        None => Ok(None),
        Some(Json::Object(map)) => Ok(Some(map)),
        Some(_) => Err(DecodeError::Schema("components")),
    };
    let (cells, items) = (member("cells")?, member("items")?);
    let count = cells.map_or(0, Map::len) + items.map_or(0, Map::len);
    if count > bounds.components_max {
        return Err(DecodeError::TooLarge {
            what: "an operation",
            max: bounds.components_max,
        });
    }
    let cells: Vec<_> = cells
        .into_iter()
        .flatten()
        .map(|cell| cell_from_json(cell, bounds))
        .collect::<Result<_, _>>()?;
    let items: Vec<_> = items
        .into_iter()
        .flatten()
        .map(|item| item_from_json(item, bounds))
        .collect::<Result<_, _>>()?;
    Ok(Components::from_parts(cells, items)?)
}

/// Reads a cell address such as `@17/gridPos/x`, as a client writes it.
///
/// # Errors
/// [`DecodeError`] if it cannot be read or breaks a limit.
pub fn cell_address(text: &str) -> Result<(ItemId, Path), DecodeError> {
    address(text, Bounds::SUBMITTED)
}

/// Reads a cell address within `bounds`.
pub(super) fn address(text: &str, bounds: Bounds) -> Result<(ItemId, Path), DecodeError> {
    let rest = text.strip_prefix('@').ok_or(DecodeError::BadPath)?;
    let (item, pointer) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let item = id(item)?;
    if pointer.len() > bounds.path_bytes_max {
        return Err(DecodeError::TooLarge {
            what: "a path",
            max: bounds.path_bytes_max,
        });
    }
    let path = Path::parse(pointer).ok_or(DecodeError::BadPath)?;
    let mut depth = 0;
    for key in path.keys() {
        check_key(&key)?;
        depth += 1;
    }
    if depth > bounds.depth_max {
        return Err(DecodeError::TooDeep {
            max: bounds.depth_max,
        });
    }
    Ok((item, path))
}

/// Reads a location: `["list", "key"]`, or `null` for trash.
pub(super) fn location_from_json(json: &Json) -> Result<Location, DecodeError> {
    match json {
        Json::Null => Ok(Location::Trash),
        Json::Array(parts) => match parts.as_slice() {
            [list, Json::String(key)] => {
                let key = OrderKey::parse(key).ok_or(DecodeError::BadOrderKey)?;
                Ok(Location::At(list_id(list)?, key))
            }
            _ => Err(DecodeError::Schema("location")),
        },
        Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Object(_) => {
            Err(DecodeError::Schema("location"))
        }
    }
}

/// A location as JSON.
pub(super) fn location_to_json(location: &Location) -> Json {
    match location {
        Location::Trash => Json::Null,
        Location::At(list, key) => json!([list.to_string(), key.as_str()]),
    }
}

/// Reads the steps of a text edit that an application makes.
///
/// # Errors
/// [`DecodeError`] if it is malformed or breaks a limit.
pub fn delta(json: &Json) -> Result<Delta, DecodeError> {
    delta_from_json(json, Bounds::SUBMITTED)
}

/// The steps of a text edit as JSON.
pub(super) fn delta_to_json(delta: &Delta) -> Json {
    delta
        .parts()
        .iter()
        .map(|part| match part {
            Part::Skip(count) => json!(count),
            Part::Insert(text) => json!(text),
            Part::Delete {
                text: Some(text), ..
            } => json!({ "d": text }),
            Part::Delete { count, text: None } => json!({ "d": count }),
        })
        .collect()
}

/// Reads the steps of a text edit.
pub(super) fn delta_from_json(json: &Json, bounds: Bounds) -> Result<Delta, DecodeError> {
    let parts = json.as_array().ok_or(DecodeError::BadDelta)?;
    if parts.len() > bounds.text_parts_max {
        return Err(DecodeError::TooLarge {
            what: "the number of steps of a text edit",
            max: bounds.text_parts_max,
        });
    }
    let parts: Vec<Part> = parts
        .iter()
        .map(|part| part_from_json(part, bounds))
        .collect::<Result<_, _>>()?;
    let inserted = parts.iter().map(|part| match part {
        Part::Insert(text) => text.len(),
        Part::Skip(_) | Part::Delete { .. } => 0,
    });
    if inserted.sum::<usize>() > bounds.string_bytes_max {
        return Err(DecodeError::TooLarge {
            what: "what a text edit inserts",
            max: bounds.string_bytes_max,
        });
    }
    Ok(Delta::from_parts(parts))
}

fn part_from_json(json: &Json, bounds: Bounds) -> Result<Part, DecodeError> {
    match json {
        Json::Number(_) => count(json).map(Part::Skip),
        Json::String(text) => Ok(Part::Insert(string(text, bounds)?.to_owned())),
        Json::Object(map) if map.len() == 1 => match map.get("d") {
            Some(Json::String(text)) => Ok(Part::Delete {
                count: text.chars().count(),
                text: Some(string(text, bounds)?.to_owned()),
            }),
            Some(number) => Ok(Part::Delete {
                count: count(number)?,
                text: None,
            }),
            None => Err(DecodeError::BadDelta),
        },
        Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => Err(DecodeError::BadDelta),
    }
}

/// A count of scalar values: beyond 32 bits no string reaches, and sums of counts stay in range.
fn count(json: &Json) -> Result<usize, DecodeError> {
    json.as_u64()
        .and_then(|count| u32::try_from(count).ok())
        .map(|count| count as usize)
        .ok_or(DecodeError::BadDelta)
}

fn change_to_json(change: &Change) -> Json {
    match change {
        Change::Set { old, new } => {
            json!({ "s": [cell_to_json(old.as_ref()), cell_to_json(new.as_ref())] })
        }
        Change::Add(by) => json!({ "a": by }),
        Change::Text(delta) => json!({ "t": delta_to_json(delta) }),
        Change::Ensure(container) => json!({ "e": container_word(*container) }),
    }
}

/// A list's id is not written: it follows from the cell. That a map is to replace a list is not
/// written either: whoever commits drops it.
fn container_word(container: Container) -> &'static str {
    match container {
        Container::Map | Container::MapOver(_) => "map",
        Container::List(_) => "list",
    }
}

/// A cell's content: an empty array where the key is absent, for no value is an array.
fn cell_to_json(value: Option<&Value>) -> Json {
    value.map_or_else(|| json!([]), value_to_json)
}

fn cell_content(json: &Json, bounds: Bounds) -> Result<Option<Value>, DecodeError> {
    if json.as_array().is_some_and(Vec::is_empty) {
        return Ok(None);
    }
    value_within(json, bounds).map(Some)
}

fn cell_from_json(
    (key, json): (&String, &Json),
    bounds: Bounds,
) -> Result<(ItemId, Path, Change), DecodeError> {
    let (item, path) = address(key, bounds)?;
    let (kind, body) = single(json)?;
    let change = match (kind, body) {
        ("s", Json::Array(parts)) => match parts.as_slice() {
            [new] => Change::Set {
                old: None,
                new: cell_content(new, bounds)?,
            },
            [old, new] => Change::Set {
                old: cell_content(old, bounds)?,
                new: cell_content(new, bounds)?,
            },
            _ => return Err(DecodeError::Schema("set")),
        },
        ("a", Json::Number(by)) => Change::Add(
            by.as_i64()
                .filter(|by| by.unsigned_abs() <= bounds.add_max)
                .ok_or(DecodeError::BadNumber)?,
        ),
        ("t", steps) => Change::Text(delta_from_json(steps, bounds)?),
        ("e", Json::String(word)) => Change::Ensure(match word.as_str() {
            "map" => Container::Map,
            "list" => Container::list(item, &path),
            _ => return Err(DecodeError::UnknownComponent),
        }),
        _ => return Err(DecodeError::UnknownComponent),
    };
    Ok((item, path, change))
}

fn item_change_to_json(change: &ItemChange) -> Json {
    match change {
        ItemChange::New { value, location } => {
            json!({ "n": [value_to_json(value), location_to_json(location)] })
        }
        ItemChange::Move { old, new } => {
            json!({ "m": [location_to_json(old), location_to_json(new)] })
        }
        ItemChange::Purge => json!({ "p": true }),
    }
}

fn item_from_json(
    (key, json): (&String, &Json),
    bounds: Bounds,
) -> Result<(ItemId, ItemChange), DecodeError> {
    let item = id(key)?;
    let (kind, body) = single(json)?;
    if (kind, body) == ("p", &Json::Bool(true)) {
        return match bounds.purge {
            true => Ok((item, ItemChange::Purge)),
            false => Err(DecodeError::ServerOnly),
        };
    }
    let parts = body.as_array().map(Vec::as_slice);
    let change = match (kind, parts) {
        ("n", Some([value, location])) => ItemChange::New {
            value: value_within(value, bounds)?,
            location: location_from_json(location)?,
        },
        ("m", Some([new])) => ItemChange::Move {
            old: Location::Trash,
            new: location_from_json(new)?,
        },
        ("m", Some([old, new])) => ItemChange::Move {
            old: location_from_json(old)?,
            new: location_from_json(new)?,
        },
        _ => return Err(DecodeError::UnknownComponent),
    };
    Ok((item, change))
}

/// The only member of an object.
fn single(json: &Json) -> Result<(&str, &Json), DecodeError> {
    let object = json.as_object().ok_or(DecodeError::Schema("component"))?;
    match (object.iter().next(), object.len()) {
        (Some((kind, body)), 1) => Ok((kind.as_str(), body)),
        _ => Err(DecodeError::UnknownComponent),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_come_back_equal() {
        let json = json!({
            "cells": {
                "@17/gridPos/x": {"s": [0, 12]},
                "@17/new": {"s": [[], null]},
                "@17/gone": {"s": ["x", []]},
                "@5": {"s": [1, 2]},
                "@6/count": {"a": -3},
                "@41/rawSql": {"t": [20, "x", {"d": "old"}, 1, {"d": 3}]},
                "@41/options": {"e": "map"},
                "@41/links": {"e": "list"},
            },
            "items": {
                "901": {"n": [{"title": "CPU", "targets": {"$l": "902"}}, ["3", "a1"]]},
                "18": {"m": [["3", "a0V"], null]},
            },
        });
        let components = from_json(&json).expect("it is legal");
        assert_eq!(to_json(&components), json);
    }

    #[test]
    fn bad_components_get_their_code() {
        for (json, code) in [
            (json!([]), "E_SCHEMA"),
            (json!({"other": {}}), "E_OP"),
            (json!({"cells": {"17/x": {"s": [1]}}}), "E_PATH"),
            (json!({"cells": {"@17/x": {"z": [1]}}}), "E_OP"),
            (json!({"cells": {"@17/x": {"t": [-1]}}}), "E_OP"),
            (json!({"cells": {"@17/x": {"a": 1.5}}}), "E_NUM"),
            (json!({"cells": {"@17/__proto__/x": {"s": [1]}}}), "E_KEY"),
            (
                json!({"cells": {"@1/a": {"s": [1]}, "@1/a/b": {"s": [1]}}}),
                "E_OP",
            ),
            (json!({"items": {"0": {"m": [null]}}}), "E_OP"),
            (json!({"items": {"7": {"p": true}}}), "E_OP"),
            (json!({"items": {"7": {"p": 1}}}), "E_OP"),
            (json!({"cells": {"@17/x": {"e": "set"}}}), "E_OP"),
            (json!({"items": {"1": {"m": [["3", "é"]]}}}), "E_INDEX"),
        ] {
            let error = from_json(&json).expect_err("it is illegal");
            assert_eq!(error.code().as_str(), code, "{json}");
        }
    }
}
