//! The answer to any request.

use serde::de::DeserializeOwned;
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::decode::Fields;
use crate::error::ErrorBody;

/// The answer to any request: `{"ok": true, "value": …}` or `{"ok": false, "error": …}`.
#[derive(Clone, PartialEq, Debug)]
pub enum Answer<T> {
    /// It worked; this is what was asked for.
    Value(T),
    /// It did not, and why.
    Error(ErrorBody),
}

impl<T> Answer<T> {
    /// The answer as a result.
    ///
    /// # Errors
    /// The error of the answer, if it is one.
    pub fn into_result(self) -> Result<T, ErrorBody> {
        match self {
            Self::Value(value) => Ok(value),
            Self::Error(error) => Err(error),
        }
    }
}

impl<T> From<Result<T, ErrorBody>> for Answer<T> {
    fn from(result: Result<T, ErrorBody>) -> Self {
        match result {
            Ok(value) => Self::Value(value),
            Err(error) => Self::Error(error),
        }
    }
}

impl<T: Serialize> Serialize for Answer<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        match self {
            Self::Value(value) => {
                map.serialize_entry("ok", &true)?;
                map.serialize_entry("value", value)?;
            }
            Self::Error(error) => {
                map.serialize_entry("ok", &false)?;
                map.serialize_entry("error", error)?;
            }
        }
        map.end()
    }
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Answer<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut fields = Fields::read(deserializer)?;
        if fields.required("ok")? {
            fields.required("value").map(Self::Value)
        } else {
            fields.required("error").map(Self::Error)
        }
    }
}
