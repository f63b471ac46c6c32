//! The items of a document: `{"items": {"17": [value, location]}}`. Usable as a serde `with` module.

use coboard_ot::{Document, Item, ItemId};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value as Json, json};

use super::components::{location_from_json, location_to_json};
use super::value::{self, value_to_json, value_within};
use super::{Bounds, DecodeError};

/// Writes a document.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(document: &Document, serializer: S) -> Result<S::Ok, S::Error> {
    to_json(document).serialize(serializer)
}

/// Reads a document.
///
/// # Errors
/// Those of the deserializer; a [`DecodeError`] in its words.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Document, D::Error> {
    from_json(&Json::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

/// All items of a document as JSON.
pub fn to_json(document: &Document) -> Json {
    let items: Map<String, Json> = document
        .items()
        .map(|(id, item)| {
            let pair = json!([value_to_json(&item.value), location_to_json(&item.location)]);
            (id.to_string(), pair)
        })
        .collect();
    json!({ "items": items })
}

/// Reads a document.
///
/// # Errors
/// [`DecodeError`] if the JSON has another shape.
pub fn from_json(json: &Json) -> Result<Document, DecodeError> {
    let items = json
        .get("items")
        .and_then(Json::as_object)
        .ok_or(DecodeError::Schema("content"))?;
    let items: Vec<(ItemId, Item)> = items
        .iter()
        .map(|(id, pair)| {
            let id = value::id(id)?;
            let Some([value, location]) = pair.as_array().map(Vec::as_slice) else {
                return Err(DecodeError::Schema("content"));
            };
            let item = Item {
                value: value_within(value, Bounds::COMMITTED)?,
                location: location_from_json(location)?,
            };
            Ok((id, item))
        })
        .collect::<Result<_, _>>()?;
    Ok(Document::from_items(items))
}
