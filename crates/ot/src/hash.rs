//! A number that two replicas of a document have in common exactly if they are equal.

use std::fmt::{self, Write};
use std::hash::Hasher;

use siphasher::sip128::{Hasher128, SipHasher13};

use crate::document::{Document, Item, Location};
use crate::id::ItemId;
use crate::value::Value;

/// 128 bits over all items of a document: id, value with sorted keys, location.
///
/// It depends on the content alone: not on the order in which items came, on the history, or on
/// the platform. It is the sum of the hashes of the items, so that it follows a change at the
/// cost of the items the change touches: see [`after`](Self::after).
///
/// It finds divergence, not malice. The key is public and sums of hashes can be forged; two
/// documents that differ by accident have the same hash once in 2¹²⁸.
///
/// ```
/// use coboard_ot::{Components, Change, Document, DocumentHash, ItemId, Path, Value};
///
/// let before = Document::new();
/// let new = Some(Value::Int(1));
/// let op = Components::of_cell(ItemId::ROOT, Path::of(["x"]), Change::Set { old: None, new });
/// let mut after = before.clone();
/// after.apply(&op);
/// let hash = DocumentHash::of(&before).after(&before, &after, op.touched());
/// assert_eq!(hash, DocumentHash::of(&after));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DocumentHash(u128);

impl DocumentHash {
    /// The hash of a document. Cost: linear in its size.
    pub fn of(document: &Document) -> Self {
        let mut bytes = Vec::new();
        let sum = document.items().fold(0, |sum: u128, (id, item)| {
            sum.wrapping_add(of_item(id, item, &mut bytes))
        });
        Self(sum)
    }

    /// The hash of `after`, if this is the one of `before` and only `touched` may differ, none
    /// twice. Cost: linear in the size of those items.
    #[must_use]
    pub fn after(
        self,
        before: &Document,
        after: &Document,
        touched: impl IntoIterator<Item = ItemId>,
    ) -> Self {
        let mut bytes = Vec::new();
        let mut of = |document: &Document, id| {
            let item = document.item(id);
            item.map_or(0, |item| of_item(id, item, &mut bytes))
        };
        Self(touched.into_iter().fold(self.0, |sum, id| {
            sum.wrapping_sub(of(before, id)).wrapping_add(of(after, id))
        }))
    }
}

impl fmt::Display for DocumentHash {
    /// 32 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (0..32).rev().try_for_each(|nibble| {
            let digit = (self.0 >> (nibble * 4)) as usize & 15;
            f.write_char(char::from(b"0123456789abcdef"[digit]))
        })
    }
}

/// The hash of one item. `bytes` is room to work in.
fn of_item(id: ItemId, item: &Item, bytes: &mut Vec<u8>) -> u128 {
    bytes.clear();
    push_number(bytes, id.as_u64());
    match &item.location {
        Location::Trash => bytes.push(0),
        Location::At(list, key) => {
            bytes.push(1);
            push_number(bytes, list.as_u64());
            push_text(bytes, key.as_str());
        }
    }
    push_value(bytes, &item.value);
    let mut hasher = SipHasher13::new_with_keys(0, 0);
    hasher.write(bytes);
    hasher.finish128().as_u128()
}

/// Every value begins with its kind, and everything of variable length with its length, so that
/// different values never give the same bytes.
fn push_value(bytes: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Null => bytes.push(0),
        Value::Bool(false) => bytes.push(1),
        Value::Bool(true) => bytes.push(2),
        Value::Int(int) => {
            bytes.push(3);
            push_number(bytes, int.cast_unsigned());
        }
        Value::Float(float) => {
            bytes.push(4);
            push_number(bytes, float.to_bits());
        }
        Value::Str(text) => {
            bytes.push(5);
            push_text(bytes, text);
        }
        Value::List(list) => {
            bytes.push(6);
            push_number(bytes, list.as_u64());
        }
        Value::Map(map) => {
            bytes.push(7);
            push_number(bytes, map.len() as u64);
            for (key, value) in map.iter() {
                push_text(bytes, key);
                push_value(bytes, value);
            }
        }
    }
}

fn push_number(bytes: &mut Vec<u8>, number: u64) {
    bytes.extend_from_slice(&number.to_le_bytes());
}

fn push_text(bytes: &mut Vec<u8>, text: &str) {
    push_number(bytes, text.len() as u64);
    bytes.extend_from_slice(text.as_bytes());
}
