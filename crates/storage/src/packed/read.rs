//! Packed form to JSON. Whatever the bytes, it ends as JSON or as an error.

use serde_json::{Map, Number, Value as Json};

use super::words::WORDS;
use super::{DEPTH_MAX, REMEMBERED_BYTES_MAX, VERSION, kind};

/// Bytes that were not written by us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnpackError {
    /// The blob begins with a version that is not known, and is no JSON text either.
    #[error("the form is unknown")]
    Version,
    /// The blob ends too early.
    #[error("the bytes end too early")]
    End,
    /// Something stands after the value.
    #[error("bytes are left over")]
    LeftOver,
    /// A kind of value, a number or an index that is never written.
    #[error("a byte that is never written")]
    Kind,
    /// A string is not valid Unicode.
    #[error("a string is not valid Unicode")]
    Unicode,
    /// A key stands twice in one object.
    #[error("a key stands twice in one object")]
    DuplicateKey,
    /// The nesting is deeper than anything that is written.
    #[error("nesting is deeper than {DEPTH_MAX}")]
    TooDeep,
}

/// Reads packed JSON, or JSON text as it was stored before.
///
/// # Errors
/// [`UnpackError`] if it is neither.
pub fn read(bytes: &[u8]) -> Result<Json, UnpackError> {
    match bytes {
        [VERSION, packed @ ..] => {
            let mut reader = Reader {
                rest: packed,
                known: WORDS.into_iter().map(str::to_owned).collect(),
            };
            let json = reader.value(0)?;
            match reader.rest {
                [] => Ok(json),
                [_, ..] => Err(UnpackError::LeftOver),
            }
        }
        text => serde_json::from_slice(text).map_err(|_| UnpackError::Version),
    }
}

struct Reader<'a> {
    rest: &'a [u8],
    known: Vec<String>,
}

impl<'a> Reader<'a> {
    fn value(&mut self, depth: usize) -> Result<Json, UnpackError> {
        if depth > DEPTH_MAX {
            return Err(UnpackError::TooDeep);
        }
        match self.byte()? {
            kind::NULL => Ok(Json::Null),
            kind::FALSE => Ok(Json::Bool(false)),
            kind::TRUE => Ok(Json::Bool(true)),
            kind::NATURAL => self.varint().map(Json::from),
            kind::NEGATIVE => {
                let number = i64::try_from(self.varint()?).map_err(|_| UnpackError::Kind)?;
                Ok(Json::from(!number))
            }
            kind::DOUBLE => {
                let bytes = self.take(8)?.try_into().map_err(|_| UnpackError::End)?;
                let number = Number::from_f64(f64::from_le_bytes(bytes));
                number.map(Json::Number).ok_or(UnpackError::Kind)
            }
            kind::LIST => {
                let count = self.count()?;
                let values = (0..count).map(|_| self.value(depth + 1));
                values.collect::<Result<_, _>>().map(Json::Array)
            }
            kind::OBJECT => self.object(depth).map(Json::Object),
            small @ kind::SMALL..kind::WORD => Ok(Json::from(small - kind::SMALL)),
            other => self.string_of(other).map(Json::String),
        }
    }

    fn object(&mut self, depth: usize) -> Result<Map<String, Json>, UnpackError> {
        let mut object = Map::new();
        for _ in 0..self.count()? {
            let kind = self.byte()?;
            let key = self.string_of(kind)?;
            if object.insert(key, self.value(depth + 1)?).is_some() {
                return Err(UnpackError::DuplicateKey);
            }
        }
        Ok(object)
    }

    fn string_of(&mut self, of_kind: u8) -> Result<String, UnpackError> {
        match of_kind {
            kind::DECIMAL => Ok(self.varint()?.to_string()),
            kind::ADDRESS => {
                let item = self.varint()?;
                let kind = self.byte()?;
                Ok(format!("@{item}{}", self.plain(kind)?))
            }
            other => self.plain(other),
        }
    }

    fn plain(&mut self, of_kind: u8) -> Result<String, UnpackError> {
        let index = match of_kind {
            kind::NEW => return self.new_string(),
            kind::KNOWN => self.varint()?,
            kind::WORD.. => u64::from(of_kind - kind::WORD),
            _ => return Err(UnpackError::Kind),
        };
        let index = usize::try_from(index).map_err(|_| UnpackError::Kind)?;
        self.known.get(index).cloned().ok_or(UnpackError::Kind)
    }

    fn new_string(&mut self) -> Result<String, UnpackError> {
        let len = self.count()?;
        let text = std::str::from_utf8(self.take(len)?).map_err(|_| UnpackError::Unicode)?;
        if len <= REMEMBERED_BYTES_MAX {
            self.known.push(text.to_owned());
        }
        Ok(text.to_owned())
    }

    /// A count of things of at least one byte each: what is announced must be there, so nothing is
    /// set aside for what is not.
    fn count(&mut self) -> Result<usize, UnpackError> {
        let count = usize::try_from(self.varint()?).map_err(|_| UnpackError::End)?;
        if count > self.rest.len() {
            return Err(UnpackError::End);
        }
        Ok(count)
    }

    fn varint(&mut self) -> Result<u64, UnpackError> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            // The tenth byte has room for one bit.
            if shift == 63 && byte > 1 {
                return Err(UnpackError::Kind);
            }
            number |= bits << shift;
            if byte < 0x80 {
                return Ok(number);
            }
        }
        Err(UnpackError::Kind)
    }

    fn byte(&mut self) -> Result<u8, UnpackError> {
        let (first, rest) = self.rest.split_first().ok_or(UnpackError::End)?;
        self.rest = rest;
        Ok(*first)
    }

    fn take(&mut self, len: usize) -> Result<&'a [u8], UnpackError> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(UnpackError::End)?;
        self.rest = rest;
        Ok(taken)
    }
}
