//! How messages are read from JSON: fields by name from one kind of value.
//!
//! Derived decoders are instantiated for every source of data and for two shapes of each struct;
//! in the browser's core they were the largest part by far. These read a JSON value and nothing
//! else, and take an object and nothing else.

use serde::de::{DeserializeOwned, Deserializer, Error};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

/// The fields of an object that are not read yet. Unknown ones are ignored: newer peers may send more.
pub struct Fields(Map<String, Json>);

impl Fields {
    /// Reads an object.
    ///
    /// # Errors
    /// Those of the deserializer, and if the value is no object.
    pub fn read<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Json::deserialize(deserializer)? {
            Json::Object(fields) => Ok(Self(fields)),
            Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_) | Json::Array(_) => {
                Err(D::Error::custom("expected an object"))
            }
        }
    }

    /// The only field; `None` if there is another number of them.
    pub fn single(self) -> Option<(String, Json)> {
        let mut fields = self.0.into_iter();
        match (fields.next(), fields.next()) {
            (field, None) => field,
            (_, Some(_)) => None,
        }
    }

    /// Takes one field out as JSON; `null` if it is absent.
    pub fn json(&mut self, name: &'static str) -> Json {
        self.0.get_mut(name).map(Json::take).unwrap_or_default()
    }

    /// Takes one field out.
    ///
    /// # Errors
    /// If it is absent or has the wrong type.
    pub fn required<T: DeserializeOwned, E: Error>(&mut self, name: &'static str) -> Result<T, E> {
        let json = self.0.get_mut(name).map(Json::take);
        let json = json.ok_or_else(|| E::missing_field(name))?;
        serde_json::from_value(json).map_err(|error| wrong(name, &error))
    }

    /// Takes one field out; the default if it is absent or `null`.
    ///
    /// # Errors
    /// If it has the wrong type.
    pub fn optional<T: DeserializeOwned + Default, E: Error>(
        &mut self,
        name: &'static str,
    ) -> Result<T, E> {
        match self.json(name) {
            Json::Null => Ok(T::default()),
            json @ (Json::Bool(_)
            | Json::Number(_)
            | Json::String(_)
            | Json::Array(_)
            | Json::Object(_)) => serde_json::from_value(json).map_err(|error| wrong(name, &error)),
        }
    }
}

/// Kept apart from the generic code so that it is compiled once an error type.
fn wrong<E: Error>(name: &'static str, error: &serde_json::Error) -> E {
    E::custom(format_args!("field {name}: {error}"))
}

/// A word on the wire that stands for a variant without fields.
pub(crate) fn word<'de, D: Deserializer<'de>, T: Serialize + Copy>(
    deserializer: D,
    all: &[T],
) -> Result<T, D::Error> {
    let json = Json::deserialize(deserializer)?;
    all.iter()
        .copied()
        .find(|word| serde_json::to_value(word).is_ok_and(|name| name == json))
        .ok_or_else(|| D::Error::custom("unknown word"))
}

/// Implements `Deserialize` for a struct by the methods of [`Fields`](crate::decode::Fields):
/// `object!(Known { id: required, revision: required })`.
#[macro_export]
macro_rules! object {
    ($name:ident { $($field:ident: $how:ident),* $(,)? }) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let mut fields = $crate::decode::Fields::read(deserializer)?;
                Ok(Self { $($field: fields.$how(stringify!($field))?),* })
            }
        }
    };
}

/// Implements `Deserialize` for an enum of words: `words!(Role { Viewer, Editor })`.
macro_rules! words {
    ($name:ident { $($variant:ident),* $(,)? }) => {
        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::decode::word(deserializer, &[$(Self::$variant),*])
            }
        }
    };
}
pub(crate) use words;
