//! Values: JSON, with arrays as `{"$l": "id"}`.

use std::sync::Arc;

use coboard_ot::{INTEGER_MAX, ListId, Value};
use serde_json::{Map, Number, Value as Json};

use super::{Bounds, DecodeError};
use crate::limits::KEY_BYTES_MAX;

/// The key that marks a list.
const LIST_KEY: &str = "$l";

/// A value as JSON.
pub fn value_to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Int(i) => Json::from(*i),
        Value::Float(f) => float_to_json(*f),
        Value::Str(s) => Json::from(&**s),
        Value::List(list) => {
            object([(LIST_KEY.to_owned(), Json::from(list.to_string()))].into_iter())
        }
        Value::Map(map) => object(
            map.iter()
                .map(|(key, value)| (escape(key), value_to_json(value))),
        ),
    }
}

/// Reads a value that a client submits.
///
/// # Errors
/// [`DecodeError`] if a limit is broken or an array stands where a list id must.
pub fn value_from_json(json: &Json) -> Result<Value, DecodeError> {
    value_within(json, Bounds::SUBMITTED)
}

/// Reads a value within `bounds`.
pub(super) fn value_within(json: &Json, bounds: Bounds) -> Result<Value, DecodeError> {
    decode(json, 0, bounds)
}

/// An object, one insert at a time: collecting would compile a sort for each kind of map.
pub(super) fn object(entries: impl Iterator<Item = (String, Json)>) -> Json {
    let mut object = Map::new();
    for (key, value) in entries {
        object.insert(key, value);
    }
    Json::Object(object)
}

pub(super) fn float_to_json(float: f64) -> Json {
    // Floats of the algebra are finite.
    Number::from_f64(float).map_or(Json::Null, Json::Number)
}

fn decode(json: &Json, depth: usize, bounds: Bounds) -> Result<Value, DecodeError> {
    if depth > bounds.depth_max {
        return Err(DecodeError::TooDeep {
            max: bounds.depth_max,
        });
    }
    match json {
        Json::Null => Ok(Value::Null),
        Json::Bool(b) => Ok(Value::Bool(*b)),
        Json::Number(number) => number_from_json(number),
        Json::String(text) => Ok(Value::Str(string(text, bounds)?.into())),
        Json::Array(_) => Err(DecodeError::Schema("an array stands where a list id must")),
        Json::Object(map) => match map.get(LIST_KEY) {
            Some(list) if map.len() == 1 => list_id(list).map(Value::List),
            Some(_) | None => decode_map(map, depth, bounds),
        },
    }
}

fn decode_map(map: &Map<String, Json>, depth: usize, bounds: Bounds) -> Result<Value, DecodeError> {
    map_size(map.len(), bounds)?;
    let mut out = coboard_ot::Map::new();
    for (key, json) in map {
        let key = match key.strip_prefix('$') {
            Some(rest) if rest.starts_with('$') => rest,
            Some(_) => return Err(DecodeError::BadKey),
            None => key,
        };
        check_key(key)?;
        out.insert(key.into(), decode(json, depth + 1, bounds)?);
    }
    Ok(Value::Map(Arc::new(out)))
}

pub(super) fn list_id(json: &Json) -> Result<ListId, DecodeError> {
    json.as_str().ok_or(DecodeError::BadPath).and_then(id)
}

/// Reads an id of an item or a list: decimal, in the one form that is written.
pub(super) fn id<T: From<u64>>(text: &str) -> Result<T, DecodeError> {
    let canonical = text == "0" || !text.starts_with(['0', '+']);
    text.parse()
        .ok()
        .filter(|_| canonical)
        .map(|number: u64| T::from(number))
        .ok_or(DecodeError::BadPath)
}

pub(super) fn number_from_json(number: &Number) -> Result<Value, DecodeError> {
    if let Some(integer) = number.as_i64() {
        return if (-INTEGER_MAX..=INTEGER_MAX).contains(&integer) {
            Ok(Value::Int(integer))
        } else {
            Err(DecodeError::BadNumber)
        };
    }
    if number.is_u64() {
        return Err(DecodeError::BadNumber);
    }
    number
        .as_f64()
        .and_then(Value::number)
        .ok_or(DecodeError::BadNumber)
}

pub(super) fn string(text: &str, bounds: Bounds) -> Result<&str, DecodeError> {
    if text.len() > bounds.string_bytes_max {
        return Err(DecodeError::TooLarge {
            what: "a string",
            max: bounds.string_bytes_max,
        });
    }
    Ok(text)
}

pub(super) fn check_key(key: &str) -> Result<(), DecodeError> {
    if key.len() > KEY_BYTES_MAX {
        return Err(DecodeError::TooLarge {
            what: "a key",
            max: KEY_BYTES_MAX,
        });
    }
    // These reach into the prototype when JavaScript code copies them carelessly.
    if matches!(key, "__proto__" | "constructor" | "prototype") {
        return Err(DecodeError::BadKey);
    }
    Ok(())
}

pub(super) fn map_size(len: usize, bounds: Bounds) -> Result<(), DecodeError> {
    if len > bounds.map_keys_max {
        return Err(DecodeError::TooLarge {
            what: "a map",
            max: bounds.map_keys_max,
        });
    }
    Ok(())
}

fn escape(key: &str) -> String {
    if key.starts_with('$') {
        format!("${key}")
    } else {
        key.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::limits::STRING_BYTES_MAX;

    #[test]
    fn values_come_back_equal() {
        for json in [
            json!(null),
            json!({"a": 1, "b": 1.5, "$$l": {"$l": "7"}, "": {}}),
            json!({"$$$__all": true}),
            json!(0.444_264_700_826_358_05),
        ] {
            let value = value_from_json(&json).expect("it is legal");
            assert_eq!(value_to_json(&value), json);
        }
    }

    #[test]
    fn bad_values_get_their_code() {
        let deep = (0..40).fold(json!(1), |inner, _| json!({ "a": inner }));
        for (json, code) in [
            (json!([1]), "E_SCHEMA"),
            (json!(9_007_199_254_740_992_i64), "E_NUM"),
            (json!(u64::MAX), "E_NUM"),
            (json!({"__proto__": 1}), "E_KEY"),
            (json!({"$l": 7}), "E_PATH"),
            (json!({"$x": 7}), "E_KEY"),
            (json!("x".repeat(STRING_BYTES_MAX + 1)), "E_TOO_LARGE"),
            (deep, "E_DEPTH"),
        ] {
            let error = value_from_json(&json).expect_err("it is illegal");
            assert_eq!(error.code().as_str(), code);
        }
    }
}
