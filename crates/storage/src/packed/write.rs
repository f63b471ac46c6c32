//! JSON to packed form.

use std::collections::HashMap;

use serde_json::{Map, Number, Value as Json};

use super::words::WORDS;
use super::{REMEMBERED_BYTES_MAX, VERSION, kind};

/// Packs JSON. The same JSON gives the same bytes.
pub fn write(json: &Json) -> Vec<u8> {
    let mut writer = Writer {
        bytes: vec![VERSION],
        known: WORDS.into_iter().zip(0..).collect(),
    };
    writer.value(json);
    writer.bytes
}

struct Writer<'a> {
    bytes: Vec<u8>,
    known: HashMap<&'a str, u64>,
}

impl<'a> Writer<'a> {
    fn value(&mut self, json: &'a Json) {
        match json {
            Json::Null => self.bytes.push(kind::NULL),
            Json::Bool(false) => self.bytes.push(kind::FALSE),
            Json::Bool(true) => self.bytes.push(kind::TRUE),
            Json::Number(number) => self.number(number),
            Json::String(text) => self.string(text),
            Json::Array(list) => {
                self.bytes.push(kind::LIST);
                self.varint(list.len() as u64);
                list.iter().for_each(|value| self.value(value));
            }
            Json::Object(object) => self.object(object),
        }
    }

    fn object(&mut self, object: &'a Map<String, Json>) {
        self.bytes.push(kind::OBJECT);
        self.varint(object.len() as u64);
        for (key, value) in object {
            self.string(key);
            self.value(value);
        }
    }

    fn number(&mut self, number: &Number) {
        if let Some(natural) = number.as_u64() {
            match u8::try_from(natural) {
                Ok(small) if small < kind::WORD - kind::SMALL => {
                    self.bytes.push(kind::SMALL + small)
                }
                Ok(_) | Err(_) => {
                    self.bytes.push(kind::NATURAL);
                    self.varint(natural);
                }
            }
        } else if let Some(negative) = number.as_i64() {
            self.bytes.push(kind::NEGATIVE);
            self.varint(!negative.cast_unsigned());
        } else {
            let double = number.as_f64().unwrap_or_default();
            self.bytes.push(kind::DOUBLE);
            self.bytes.extend_from_slice(&double.to_le_bytes());
        }
    }

    fn string(&mut self, text: &'a str) {
        if let Some(index) = self.known.get(text).copied() {
            self.known_string(index);
        } else if let Some(number) = decimal(text) {
            self.bytes.push(kind::DECIMAL);
            self.varint(number);
        } else if let Some((item, path)) = address(text) {
            self.bytes.push(kind::ADDRESS);
            self.varint(item);
            self.plain(path);
        } else {
            self.new_string(text);
        }
    }

    /// A string that is no number and no address, though it may look like one.
    fn plain(&mut self, text: &'a str) {
        match self.known.get(text).copied() {
            Some(index) => self.known_string(index),
            None => self.new_string(text),
        }
    }

    fn known_string(&mut self, index: u64) {
        match u8::try_from(index) {
            Ok(index) if index < kind::WORD => self.bytes.push(kind::WORD + index),
            Ok(_) | Err(_) => {
                self.bytes.push(kind::KNOWN);
                self.varint(index);
            }
        }
    }

    fn new_string(&mut self, text: &'a str) {
        self.bytes.push(kind::NEW);
        self.varint(text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
        if text.len() <= REMEMBERED_BYTES_MAX {
            let index = self.known.len() as u64;
            self.known.insert(text, index);
        }
    }

    /// Seven bits a byte, the lowest first; all but the last have the eighth.
    fn varint(&mut self, mut number: u64) {
        while number >= 0x80 {
            self.bytes.push(number as u8 | 0x80);
            number >>= 7;
        }
        self.bytes.push(number as u8);
    }
}

/// The number a text spells, if it spells it in the one way it is written.
fn decimal(text: &str) -> Option<u64> {
    let canonical = text == "0" || !text.starts_with(['0', '+']);
    text.parse().ok().filter(|_| canonical)
}

fn address(text: &str) -> Option<(u64, &str)> {
    let rest = text.strip_prefix('@')?;
    let (item, path) = rest.split_at(rest.find('/')?);
    Some((decimal(item)?, path))
}
