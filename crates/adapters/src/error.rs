//! Why an operation of another format is refused.

use coboard_protocol::codec::DecodeError;

/// The part of the operation that does not fit, and why. Nothing of the operation is done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("operation {operation}: {refusal}")]
pub struct AdapterError {
    /// Which part: the index in the array of operations, 0 where there is only one.
    pub operation: usize,
    /// Why.
    #[source]
    pub refusal: Refusal,
}

/// Why a part does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// The part is not written as its format wants it.
    #[error("it is malformed: {0}")]
    Malformed(&'static str),
    /// A value is beyond a limit.
    #[error(transparent)]
    Value(#[from] DecodeError),
    /// Nothing stands at the path.
    #[error("nothing stands at the path")]
    NoSuchPath,
    /// The list has no such place.
    #[error("the list has no such place")]
    NoSuchIndex,
    /// A value of another type is needed there.
    #[error("another type is needed: {0}")]
    WrongType(&'static str),
    /// A `test` found another value.
    #[error("the test found another value")]
    TestFailed,
    /// The edit does not fit the text.
    #[error("the edit does not fit the text")]
    TextMisfit,
    /// A value was to be moved into itself.
    #[error("a value cannot be moved into itself")]
    IntoItself,
    /// The root cannot be removed.
    #[error("the root cannot be removed")]
    Root,
    /// The operation has too many parts.
    #[error("there are more than {max} operations")]
    TooMany {
        /// The limit.
        max: usize,
    },
    /// The operation reads and writes too much.
    #[error("more than {max} values would be read and written")]
    TooMuch {
        /// The limit.
        max: usize,
    },
    /// A part of the format that has no counterpart here.
    #[error("{0} is not supported")]
    Unsupported(&'static str),
}

impl Refusal {
    /// As the error of one part.
    pub(crate) fn at(self, operation: usize) -> AdapterError {
        AdapterError {
            operation,
            refusal: self,
        }
    }
}
