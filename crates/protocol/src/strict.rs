//! JSON text from outside, read without forgiving anything.
//!
//! Two things `serde_json` lets pass and this does not: a key that stands twice in one object
//! (readers differ in which one they keep), and an integer that a double cannot hold, which would
//! silently become another number. Each fault has a type of its own.
//!
//! Only servers call this; the linker leaves it out of the browser's core.

use std::cell::Cell;
use std::fmt;

use coboard_ot::INTEGER_MAX;
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Map, Value as Json};

use crate::error::{ErrorBody, ErrorCode};
use crate::limits::OBJECT_KEYS_MAX;

/// Deepest nesting of any text: the parser's own limit, which keeps its stack bounded.
pub const TEXT_DEPTH_MAX: usize = 127;
/// Most digits that JavaScript writes of a whole number; from 1e21 on it writes an exponent.
const WHOLE_DIGITS_MAX: usize = 21;

/// Text that is no JSON, or JSON that two readers would read differently.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TextError {
    /// It is not JSON.
    #[error("the text is not JSON")]
    Syntax,
    /// It is nested too deeply for any reader.
    #[error("the text is nested deeper than {TEXT_DEPTH_MAX}")]
    TooDeep,
    /// A number is not finite, or an integer beyond ±(2⁵³−1) is written that no double holds so.
    #[error("a number is not finite or beyond the exact integers")]
    BadNumber,
    /// A string is not valid Unicode.
    #[error("a string is not valid Unicode")]
    BadString,
    /// A key stands twice in one object.
    #[error("a key stands twice in one object")]
    DuplicateKey,
    /// An object has too many keys.
    #[error("an object has more than {OBJECT_KEYS_MAX} keys")]
    TooManyKeys,
}

impl TextError {
    /// What is wrong with the text; `None` if it is JSON and only has another shape than was asked for.
    ///
    /// The parser names its faults only in words. A test holds them fast.
    pub fn of(error: &serde_json::Error) -> Option<Self> {
        let text = error.to_string();
        let starts = |words: &[&str]| words.iter().any(|word| text.starts_with(word));
        match error.classify() {
            Category::Data if starts(&["duplicate field"]) => Some(Self::DuplicateKey),
            Category::Data => None,
            Category::Eof | Category::Io => Some(Self::Syntax),
            Category::Syntax if starts(&["recursion limit exceeded"]) => Some(Self::TooDeep),
            Category::Syntax if starts(&["number out of range"]) => Some(Self::BadNumber),
            Category::Syntax
                if starts(&[
                    "lone leading surrogate",
                    "unexpected end of hex escape",
                    "invalid unicode code point",
                ]) =>
            {
                Some(Self::BadString)
            }
            Category::Syntax => Some(Self::Syntax),
        }
    }

    /// The code on the wire.
    pub fn code(self) -> ErrorCode {
        match self {
            Self::Syntax => ErrorCode::BadJson,
            Self::TooDeep => ErrorCode::Depth,
            Self::BadNumber => ErrorCode::Num,
            Self::BadString => ErrorCode::Str,
            Self::DuplicateKey => ErrorCode::Key,
            Self::TooManyKeys => ErrorCode::TooLarge,
        }
    }

    /// The body on the wire, with the limit that was broken.
    pub fn body(self) -> ErrorBody {
        let body = ErrorBody::new(self.code(), self.to_string());
        match self {
            Self::TooDeep => body.with("limit", TEXT_DEPTH_MAX),
            Self::TooManyKeys => body.with("limit", OBJECT_KEYS_MAX),
            Self::BadNumber => body.with("limit", INTEGER_MAX),
            Self::Syntax | Self::BadString | Self::DuplicateKey => body,
        }
    }
}

/// Reads one JSON text.
///
/// # Errors
/// [`TextError`] if it is not JSON or not the same for every reader.
pub fn from_text(text: &str) -> Result<Json, TextError> {
    let fault = Cell::new(None);
    let mut source = serde_json::Deserializer::from_str(text);
    let read = Strict(&fault)
        .deserialize(&mut source)
        .and_then(|json| source.end().map(|()| json));
    match read {
        // Only now is it known where strings begin and end.
        Ok(_) if has_inexact_integer(text.as_bytes()) => Err(TextError::BadNumber),
        Ok(json) => Ok(json),
        Err(error) => Err(fault
            .take()
            .or_else(|| TextError::of(&error))
            .unwrap_or(TextError::Syntax)),
    }
}

/// Reads one JSON text from bytes that may not even be text.
///
/// # Errors
/// Those of [`from_text`]; [`TextError::BadString`] if the bytes are not UTF-8.
pub fn from_bytes(bytes: &[u8]) -> Result<Json, TextError> {
    from_text(std::str::from_utf8(bytes).map_err(|_| TextError::BadString)?)
}

/// Whether there is a number without fraction and exponent that a double does not hold as it is
/// written. The parser gives such a one as the nearest double and does not tell.
fn has_inexact_integer(json: &[u8]) -> bool {
    let mut rest = json;
    while let [first, after @ ..] = rest {
        rest = match first {
            b'"' => after_string(after),
            b'-' | b'0'..=b'9' => {
                let of_number = |b: &u8| b.is_ascii_digit() || b".eE+-".contains(b);
                let end = rest.iter().position(|b| !of_number(b));
                let (number, after) = rest.split_at(end.unwrap_or(rest.len()));
                if is_inexact(number) {
                    return true;
                }
                after
            }
            _ => after,
        };
    }
    false
}

fn after_string(mut rest: &[u8]) -> &[u8] {
    loop {
        match rest {
            [b'\\', _, after @ ..] => rest = after,
            [b'"', after @ ..] => return after,
            [_, after @ ..] => rest = after,
            [] => return rest,
        }
    }
}

/// Beyond the exact integers, whole numbers of 64 bits are taken for ids that would lose digits.
/// Larger ones are doubles if their digits are those that JavaScript writes: it writes 1e20 as
/// `100000000000000000000`, and the browser's core, which reads that, accepts it.
fn is_inexact(number: &[u8]) -> bool {
    let digits = number.strip_prefix(b"-").unwrap_or(number);
    if !digits.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let text = std::str::from_utf8(number).unwrap_or_default();
    match (text.parse::<i64>(), text.parse::<u64>()) {
        (Ok(integer), _) => !(-INTEGER_MAX..=INTEGER_MAX).contains(&integer),
        (Err(_), Ok(_)) => true,
        (Err(_), Err(_)) => {
            let double = text.parse::<f64>().ok();
            let written = double.filter(|_| digits.len() <= WHOLE_DIGITS_MAX);
            written.is_none_or(|double| double.to_string() != text)
        }
    }
}

/// Reads a value into `serde_json`'s, and leaves its fault in the cell.
#[derive(Clone, Copy)]
struct Strict<'a>(&'a Cell<Option<TextError>>);

impl Strict<'_> {
    fn fail<E: Error>(self, fault: TextError) -> E {
        self.0.set(Some(fault));
        E::custom(fault)
    }
}

impl<'de> DeserializeSeed<'de> for Strict<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_unit<E: Error>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E: Error>(self, bool: bool) -> Result<Json, E> {
        Ok(Json::Bool(bool))
    }

    fn visit_i64<E: Error>(self, integer: i64) -> Result<Json, E> {
        Ok(Json::from(integer))
    }

    fn visit_u64<E: Error>(self, integer: u64) -> Result<Json, E> {
        Ok(Json::from(integer))
    }

    fn visit_f64<E: Error>(self, float: f64) -> Result<Json, E> {
        Ok(Json::from(float))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Json, E> {
        Ok(Json::from(text))
    }

    fn visit_string<E: Error>(self, text: String) -> Result<Json, E> {
        Ok(Json::String(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(self)? {
            list.push(item);
        }
        Ok(Json::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Json, A::Error> {
        let mut object = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if object.len() == OBJECT_KEYS_MAX {
                return Err(self.fail(TextError::TooManyKeys));
            }
            let value = entries.next_value_seed(self)?;
            if object.insert(key, value).is_some() {
                return Err(self.fail(TextError::DuplicateKey));
            }
        }
        Ok(Json::Object(object))
    }
}

#[cfg(test)]
mod tests;
