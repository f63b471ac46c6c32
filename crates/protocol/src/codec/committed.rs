//! Components as committed: the form of [`components`](super::components), held to no limit of size.
//!
//! Usable as a serde `with` module.

use coboard_ot::Components;
use serde::{Deserialize, Deserializer, Serializer};
use serde_json::Value as Json;

use super::Bounds;
use super::components::components_within;

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
/// Those of the deserializer; a [`DecodeError`](super::DecodeError) in its words.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Components, D::Error> {
    let json = Json::deserialize(deserializer)?;
    components_within(&json, Bounds::COMMITTED).map_err(serde::de::Error::custom)
}
