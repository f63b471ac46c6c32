//! Plain JSON, arrays included: what people import and export.

use coboard_ot::{Json as Plain, Key, Value};
use serde_json::Value as Json;

use super::value::{check_key, float_to_json, map_size, number_from_json, object};
use super::{Bounds, DecodeError};
use crate::limits::{DEPTH_MAX, DOCUMENT_ITEMS_MAX, LIST_ITEMS_MAX};

/// Plain JSON as `serde_json` has it.
pub fn plain_to_json(plain: &Plain) -> Json {
    match plain {
        Plain::Null => Json::Null,
        Plain::Bool(b) => Json::Bool(*b),
        Plain::Int(i) => Json::from(*i),
        Plain::Float(f) => float_to_json(*f),
        Plain::Str(s) => Json::from(&**s),
        Plain::List(list) => Json::Array(list.iter().map(plain_to_json).collect()),
        Plain::Map(map) => object(
            map.iter()
                .map(|(key, plain)| (key.to_string(), plain_to_json(plain))),
        ),
    }
}

/// Reads plain JSON.
///
/// # Errors
/// [`DecodeError`] if a limit is broken. Strings may be as long as the document.
pub fn plain_from_json(json: &Json) -> Result<Plain, DecodeError> {
    let mut items_left = DOCUMENT_ITEMS_MAX;
    decode(json, 0, &mut items_left)
}

fn decode(json: &Json, depth: usize, items_left: &mut usize) -> Result<Plain, DecodeError> {
    if depth > DEPTH_MAX {
        return Err(DecodeError::TooDeep { max: DEPTH_MAX });
    }
    match json {
        Json::Null => Ok(Plain::Null),
        Json::Bool(b) => Ok(Plain::Bool(*b)),
        Json::Number(number) => match number_from_json(number)? {
            Value::Int(i) => Ok(Plain::Int(i)),
            Value::Float(f) => Ok(Plain::Float(f)),
            Value::Null | Value::Bool(_) | Value::Str(_) | Value::Map(_) | Value::List(_) => {
                Err(DecodeError::BadNumber)
            }
        },
        Json::String(text) => Ok(Plain::Str(text.as_str().into())),
        Json::Array(list) => {
            let too_many = |max| DecodeError::TooLarge {
                what: "a list",
                max,
            };
            if list.len() > LIST_ITEMS_MAX {
                return Err(too_many(LIST_ITEMS_MAX));
            }
            *items_left = items_left
                .checked_sub(list.len())
                .ok_or_else(|| too_many(DOCUMENT_ITEMS_MAX))?;
            list.iter()
                .map(|json| decode(json, depth + 1, items_left))
                .collect::<Result<_, _>>()
                .map(Plain::List)
        }
        Json::Object(map) => {
            map_size(map.len(), Bounds::SUBMITTED)?;
            let mut out: Vec<(Key, Plain)> = Vec::with_capacity(map.len());
            for (key, json) in map {
                check_key(key)?;
                // Sorted already, unless a feature of serde_json keeps the order of the text.
                let at = out.partition_point(|(other, _)| **other < **key);
                out.insert(
                    at,
                    (key.as_str().into(), decode(json, depth + 1, items_left)?),
                );
            }
            Ok(Plain::Map(out))
        }
    }
}
