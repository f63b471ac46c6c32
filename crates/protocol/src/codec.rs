//! Between the values of the algebra and JSON. Every decoder checks every limit.

use coboard_ot::{INTEGER_MAX, NormalFormError};

use crate::error::{ErrorBody, ErrorCode};
use crate::limits;

pub mod committed;
pub mod components;
pub mod conflicts;
pub mod content;
mod plain;
mod value;

/// How much a decoder lets pass.
///
/// What clients submit is held to the limits. What the server committed is taken as it is:
/// edits within the limits may have grown a string beyond them, and then everybody must still read it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Bounds {
    /// Longest string in bytes.
    pub(crate) string_bytes_max: usize,
    /// Deepest nesting of one value, and most keys in a path.
    pub(crate) depth_max: usize,
    /// Longest path in bytes.
    pub(crate) path_bytes_max: usize,
    /// Most steps in one text edit.
    pub(crate) text_parts_max: usize,
    /// Largest magnitude of what is added to a number.
    pub(crate) add_max: u64,
    /// Most keys in one map.
    pub(crate) map_keys_max: usize,
    /// Most components in one operation.
    pub(crate) components_max: usize,
    /// Whether items may be purged.
    pub(crate) purge: bool,
}

impl Bounds {
    /// For what clients submit.
    pub(crate) const SUBMITTED: Self = Self {
        string_bytes_max: limits::STRING_BYTES_MAX,
        depth_max: limits::DEPTH_MAX,
        path_bytes_max: limits::PATH_BYTES_MAX,
        text_parts_max: limits::TEXT_PARTS_MAX,
        add_max: INTEGER_MAX.unsigned_abs(),
        map_keys_max: limits::MAP_KEYS_MAX,
        components_max: limits::COMPONENTS_PER_OPERATION_MAX,
        purge: false,
    };

    /// For what the server committed. The depth keeps the decoder's stack bounded; two nested
    /// values within the limits stay below it.
    pub(crate) const COMMITTED: Self = Self {
        string_bytes_max: usize::MAX,
        depth_max: 4 * limits::DEPTH_MAX,
        path_bytes_max: usize::MAX,
        text_parts_max: usize::MAX,
        add_max: u64::MAX,
        map_keys_max: usize::MAX,
        components_max: usize::MAX,
        purge: true,
    };
}

pub use plain::{plain_from_json, plain_to_json};
pub use value::{value_from_json, value_to_json};

/// JSON that says nothing in our language.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DecodeError {
    /// A message or a part of one has the wrong shape.
    #[error("a field is missing or has the wrong type: {0}")]
    Schema(&'static str),
    /// The operation is not in normal form.
    #[error("the operation is not in normal form: {0}")]
    NormalForm(NormalFormError),
    /// A component is of an unknown kind.
    #[error("a component is of an unknown kind")]
    UnknownComponent,
    /// A component that only the server makes.
    #[error("only the server purges items")]
    ServerOnly,
    /// A text edit is malformed.
    #[error("a text edit is malformed")]
    BadDelta,
    /// A cell address or an id cannot be read.
    #[error("a cell address or an id cannot be read")]
    BadPath,
    /// An order key cannot be read.
    #[error("an order key cannot be read")]
    BadOrderKey,
    /// A value or a path is nested too deeply.
    #[error("nesting is deeper than {max}")]
    TooDeep {
        /// The limit.
        max: usize,
    },
    /// Something is larger than its limit.
    #[error("{what} is larger than {max}")]
    TooLarge {
        /// What.
        what: &'static str,
        /// The limit.
        max: usize,
    },
    /// A number is not finite or beyond the exact integers.
    #[error("a number is not finite or beyond the exact integers")]
    BadNumber,
    /// A key that would be dangerous in JavaScript.
    #[error("a key is not allowed")]
    BadKey,
}

impl DecodeError {
    /// The code on the wire.
    pub fn code(&self) -> ErrorCode {
        match self {
            Self::Schema(_) => ErrorCode::Schema,
            Self::NormalForm(_) | Self::UnknownComponent | Self::ServerOnly | Self::BadDelta => {
                ErrorCode::Op
            }
            Self::BadPath => ErrorCode::Path,
            Self::BadOrderKey => ErrorCode::Index,
            Self::TooDeep { .. } => ErrorCode::Depth,
            Self::TooLarge { .. } => ErrorCode::TooLarge,
            Self::BadNumber => ErrorCode::Num,
            Self::BadKey => ErrorCode::Key,
        }
    }

    /// The body on the wire, with the limit that was broken.
    pub fn body(&self) -> ErrorBody {
        let body = ErrorBody::new(self.code(), self.to_string());
        match self {
            Self::TooDeep { max } | Self::TooLarge { max, .. } => body.with("limit", *max),
            Self::BadNumber => body.with("limit", INTEGER_MAX),
            Self::Schema(_)
            | Self::NormalForm(_)
            | Self::UnknownComponent
            | Self::BadDelta
            | Self::ServerOnly
            | Self::BadPath
            | Self::BadOrderKey
            | Self::BadKey => body,
        }
    }
}

impl From<NormalFormError> for DecodeError {
    fn from(error: NormalFormError) -> Self {
        Self::NormalForm(error)
    }
}

#[cfg(test)]
mod tests;
