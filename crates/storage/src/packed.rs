//! The packed form: what stands in a database instead of JSON text, in less room.
//!
//! It packs JSON and knows nothing of what the JSON means, so it carries whatever the wire
//! carries; the decoders of `protocol` check it as they check the wire. Strings that come back
//! are written once: keys and paths above all. Words that every log has are known beforehand.
//!
//! A blob begins with its version, 1. JSON text begins with another byte, so a reader tells the
//! two apart, and what older versions wrote stays readable: [`read`] takes both.
//!
//! After the version comes one value. Its first byte is its kind:
//!
//! | byte | value |
//! |---|---|
//! | `80`–`ff` | the string with this index, less `80`, among words and strings so far |
//! | `40`–`7f` | the integer 0 to 63 |
//! | 0, 1, 2 | null, false, true |
//! | 3, 4 | an integer n ≥ 0, −1 − n: n as varint |
//! | 5 | a double, little-endian |
//! | 6 | a new string: its length as varint, its bytes |
//! | 7 | a string by index, as varint |
//! | 8 | a string that is a decimal number: the number as varint |
//! | 9 | a string that is a cell address, `@17/x`: the item as varint, the path as a string |
//! | 10, 11 | a list, an object: the count as varint, the values, each after its key as a string |
//!
//! Integers of JSON beyond 64 bits are doubles here, as they are behind the wire.

mod read;
mod words;
mod write;

pub use read::{UnpackError, read};
pub use write::write;

/// The first byte of a blob.
pub const VERSION: u8 = 1;

/// Longest string that is remembered, in bytes.
const REMEMBERED_BYTES_MAX: usize = 64;
/// Deepest nesting that is read: several times what a document may have.
const DEPTH_MAX: usize = 200;

/// Kinds of values.
mod kind {
    pub(super) const NULL: u8 = 0;
    pub(super) const FALSE: u8 = 1;
    pub(super) const TRUE: u8 = 2;
    pub(super) const NATURAL: u8 = 3;
    pub(super) const NEGATIVE: u8 = 4;
    pub(super) const DOUBLE: u8 = 5;
    pub(super) const NEW: u8 = 6;
    pub(super) const KNOWN: u8 = 7;
    pub(super) const DECIMAL: u8 = 8;
    pub(super) const ADDRESS: u8 = 9;
    pub(super) const LIST: u8 = 10;
    pub(super) const OBJECT: u8 = 11;
    /// From here on the integers 0 to 63.
    pub(super) const SMALL: u8 = 0x40;
    /// From here on the first strings.
    pub(super) const WORD: u8 = 0x80;
}

#[cfg(test)]
mod tests;
