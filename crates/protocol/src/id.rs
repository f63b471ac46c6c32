//! Identifiers that people and machines are known by.

use std::fmt;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;

use crate::limits::ID_BYTES_MAX;
use crate::object;

/// Number of committed operations; 0 is the empty document.
pub type Revision = u64;

/// The client in whose name the server itself makes operations.
pub const SERVER_CLIENT: &str = "server";
/// The client that the entries name which a room writes by itself.
pub const ROOM_CLIENT: &str = "room-upkeep";

/// A text that is no identifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("an identifier has 1 to {ID_BYTES_MAX} letters, digits, hyphens or underscores")]
pub struct IdError;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
        #[serde(into = "String")]
        pub struct $name(String);

        impl $name {
            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;

            fn try_from(text: String) -> Result<Self, IdError> {
                let fits = (1..=ID_BYTES_MAX).contains(&text.len());
                let legal = text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
                if fits && legal { Ok(Self(text)) } else { Err(IdError) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match Json::deserialize(deserializer)? {
                    Json::String(text) => Self::try_from(text).map_err(D::Error::custom),
                    Json::Null | Json::Bool(_) | Json::Number(_) | Json::Array(_) | Json::Object(_) => {
                        Err(D::Error::custom(IdError))
                    }
                }
            }
        }

        impl TryFrom<&str> for $name {
            type Error = IdError;

            fn try_from(text: &str) -> Result<Self, IdError> {
                Self::try_from(text.to_owned())
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

id!(
    /// The shared thing.
    DocumentId
);
id!(
    /// One SDK instance, one per tab; it survives reconnects.
    ClientId
);
impl ClientId {
    /// Whether the server or a room writes under this name: then nobody else may have it.
    pub fn is_reserved(&self) -> bool {
        [SERVER_CLIENT, ROOM_CLIENT].contains(&self.as_str())
    }
}

id!(
    /// A person.
    UserId
);
id!(
    /// One authenticated link of a client to one room.
    SessionId
);

/// Identity of an operation: makes a resend harmless.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
pub struct OperationId {
    /// The client that made it.
    pub client: ClientId,
    /// Its place among the operations of that client, from 1 on.
    pub sequence: u64,
}

object!(OperationId {
    client: required,
    sequence: required
});

impl fmt::Display for OperationId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.client, self.sequence)
    }
}

/// A person with the name to show.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct User {
    /// Who it is.
    pub id: UserId,
    /// How they are called.
    pub name: String,
}

object!(User {
    id: required,
    name: required
});
