//! Components as committed: the form of [`components`](super::components), held to no limit of size.
//!
//! Usable as a serde `with` module.

use coboard_ot::Components;
use serde::{Deserialize, Deserializer, Serializer};
use serde_json::Value as Json;

use super::components::components_within;
use super::{Bounds, DecodeError};

/// Writes components.
///
/// # Errors
/// Those of the serializer.
pub fn serialize<S: Serializer>(components: &Components, serializer: S) -> Result<S::Ok, S::Error> {
    super::components::serialize(components, serializer)
}

/// Reads components.
///
/// # Errors
/// [`DecodeError`] if the JSON has another shape or is not in normal form.
pub fn from_json(json: &Json) -> Result<Components, DecodeError> {
    components_within(json, Bounds::COMMITTED)
}

/// Reads components.
///
/// # Errors
/// Those of the deserializer; a [`DecodeError`] in its words.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Components, D::Error> {
    from_json(&Json::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}
