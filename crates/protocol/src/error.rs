//! Error codes of the wire, and the body that carries one.

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value as Json;

use crate::decode::words;
use crate::object;

/// Whether and how a request may be repeated.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Retry {
    /// Not at all: the same request gets the same answer.
    Never,
    /// Later, the same request.
    AfterBackoff,
    /// After taking a snapshot.
    AfterReset,
}

words!(Retry {
    Never,
    AfterBackoff,
    AfterReset
});

impl Retry {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::AfterBackoff => "after_backoff",
            Self::AfterReset => "after_reset",
        }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal, $retry:ident;)*) => {
        /// What went wrong, as a word that never changes its meaning.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* #[serde(rename = $text)] $name,)*
        }

        impl ErrorCode {
            /// Every code, in the order of the declaration.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Whether the request may be repeated.
            pub fn retry(self) -> Retry {
                match self { $(Self::$name => Retry::$retry,)* }
            }
        }
    };
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = Json::deserialize(deserializer)?;
        Self::ALL
            .iter()
            .copied()
            .find(|code| word == code.as_str())
            .ok_or_else(|| D::Error::custom("unknown error code"))
    }
}

codes! {
    /// The token is missing, wrong or expired. Sign in again.
    Auth = "E_AUTH", Never;
    /// The role does not allow this.
    Forbidden = "E_FORBIDDEN", Never;
    /// There is no such dashboard, or it may not be read.
    NotFound = "E_NOT_FOUND", Never;
    /// Client and server speak no common protocol version. Update the older one.
    Version = "E_VERSION", Never;
    /// A message, operation, string or key is larger than its limit.
    TooLarge = "E_TOO_LARGE", Never;
    /// A value or a path is nested too deeply.
    Depth = "E_DEPTH", Never;
    /// The document would exceed its size.
    DocLimit = "E_DOC_LIMIT", Never;
    /// A message lacks a field or has one of the wrong type.
    Schema = "E_SCHEMA", Never;
    /// An operation is not in normal form or has an unknown component.
    Op = "E_OP", Never;
    /// A path cannot be read.
    Path = "E_PATH", Never;
    /// An order key or position is out of range.
    Index = "E_INDEX", Never;
    /// A value has another type than the change needs.
    Type = "E_TYPE", Never;
    /// A number is not finite or beyond the exact integers.
    Num = "E_NUM", Never;
    /// A string is not valid Unicode.
    Str = "E_STR", Never;
    /// A key is not allowed.
    Key = "E_KEY", Never;
    /// The text is not JSON.
    BadJson = "E_BAD_JSON", Never;
    /// An operation builds on one that was refused.
    Depends = "E_DEPENDS", Never;
    /// An operation of the same client is missing before this one.
    SeqGap = "E_SEQ_GAP", AfterReset;
    /// The id of the operation was used for another one.
    OpIdConflict = "E_OPID_CONFLICT", Never;
    /// The base is older than the log reaches.
    RevOld = "E_REV_OLD", AfterReset;
    /// The base is newer than the head.
    RevFuture = "E_REV_FUTURE", AfterReset;
    /// Too many requests.
    Rate = "E_RATE", AfterBackoff;
    /// The server has too much to do.
    Overloaded = "E_OVERLOADED", AfterBackoff;
    /// Storage does not answer.
    Unavailable = "E_UNAVAILABLE", AfterBackoff;
    /// The disk of the server is full.
    StorageFull = "E_STORAGE_FULL", AfterBackoff;
    /// The engine could not be loaded in the browser. Made by the SDK only.
    CoreLoad = "E_CORE_LOAD", AfterBackoff;
    /// The device could not store the change. Made by the SDK only.
    DeviceStorage = "E_DEVICE_STORAGE", Never;
    /// The person gave the change up before it was sent. Made by the SDK only.
    Discarded = "E_DISCARDED", Never;
}

/// An error as it crosses the wire.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct ErrorBody {
    /// What went wrong.
    pub code: ErrorCode,
    /// Whether the request may be repeated.
    pub retry: Retry,
    /// One line for people, at most 200 characters, without any of the input.
    pub message: String,
    /// Fields that belong to the code, for example `retry_after_ms`.
    #[serde(skip_serializing_if = "serde_json::Map::is_empty")]
    pub details: serde_json::Map<String, serde_json::Value>,
}

object!(ErrorBody {
    code: required,
    retry: required,
    message: required,
    details: optional
});

impl ErrorBody {
    /// The body of `code` with a message for people.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self {
            code,
            retry: code.retry(),
            message: message.into(),
            details: serde_json::Map::new(),
        }
    }

    /// The same with one field of details.
    #[must_use]
    pub fn with(mut self, field: &str, value: impl Into<serde_json::Value>) -> Self {
        self.details.insert(field.to_owned(), value.into());
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_is_the_same_everywhere() {
        for code in ErrorCode::ALL {
            let json = serde_json::to_string(code).expect("a code is a string");
            assert_eq!(json, format!("\"{}\"", code.as_str()));
        }
    }
}
